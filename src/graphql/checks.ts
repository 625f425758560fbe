// Rules for arguments that the schema's types cannot say.
import { CrawlgateError } from '../errors.js';

/** Entries of the largest page, and of one whose size is not said. */
export const maxPage = 100;
export const usualPage = 20;
const maxTtlDays = 36_500;

/** The error of an argument that breaks a rule. */
export function badInput(argument: string, message: string): CrawlgateError<'BAD_USER_INPUT'> {
  return new CrawlgateError('BAD_USER_INPUT', message, { argument });
}

/** How long a list may be is judged before anything runs (limits/operation-check). @throws CrawlgateError BAD_USER_INPUT */
export function checkNotEmpty(argument: string, list: readonly unknown[]): void {
  if (list.length === 0) throw badInput(argument, `${argument} is empty; at least one is needed.`);
}

/** A number of seconds; null where none was given. */
export function checkSeconds(argument: string, seconds: number | null | undefined): number | null {
  if (seconds == null) return null;
  if (seconds < 0) throw badInput(argument, `${argument} is ${seconds}; a number of seconds is at least 0.`);
  return seconds;
}

/** How many entries a page has at most. */
export function checkFirst(first: number | null | undefined): number {
  const wanted = first ?? usualPage;
  if (wanted < 1 || wanted > maxPage)
    throw badInput('first', `first is ${wanted}; a page has 1 to ${maxPage} entries.`);
  return wanted;
}

/** Days until a result expires; `fallback` where none were given. */
export function checkTtlDays(ttlDays: number | null | undefined, fallback: number): number {
  if (ttlDays == null) return fallback;
  if (ttlDays < 0 || ttlDays > maxTtlDays) {
    throw badInput('ttlDays', `ttlDays is ${ttlDays}; it is 0 (never) to ${maxTtlDays}.`);
  }
  return ttlDays;
}
