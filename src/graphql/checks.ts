// Rules for arguments that the schema's types cannot say.
import { CrawlgateError } from '../errors.js';

const maxPage = 100;
const maxTtlDays = 36_500;

/** The error of an argument that breaks a rule. */
export function badInput(argument: string, message: string): CrawlgateError<'BAD_USER_INPUT'> {
  return new CrawlgateError('BAD_USER_INPUT', message, { argument });
}

/** @throws CrawlgateError BAD_USER_INPUT for an empty list, TOO_MANY_URLS for one of more than `limit`. */
export function checkList(argument: string, list: readonly unknown[], limit: number): void {
  const given = list.length;
  if (given === 0) throw badInput(argument, `${argument} is empty; 1 to ${limit} are needed.`);
  if (given > limit) {
    throw new CrawlgateError('TOO_MANY_URLS', `${argument} names ${given}; at most ${limit} fit one call.`, {
      limit,
      given,
    });
  }
}

/** A number of seconds; null where none was given. */
export function checkSeconds(argument: string, seconds: number | null | undefined): number | null {
  if (seconds == null) return null;
  if (seconds < 0) throw badInput(argument, `${argument} is ${seconds}; a number of seconds is at least 0.`);
  return seconds;
}

/** How many entries a page has at most. */
export function checkFirst(first: number | null | undefined): number {
  const wanted = first ?? 20;
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
