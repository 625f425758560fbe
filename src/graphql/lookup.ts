// One lookup: arguments to a want, a URL to a key, an outcome to an answer.
import { isWithinAge, type Outcome, type StoredResult, selectRecord } from '../domain/crawl-result.js';
import type { FieldGroups } from '../domain/fields.js';
import type { Consistency, ReadOutcome, Want } from '../domain/read-many.js';
import { latestKey, type ResultKey } from '../domain/result-key.js';
import { toUrlKey } from '../domain/url-key.js';
import { CrawlgateError } from '../errors.js';
import { badInput, checkSeconds } from './checks.js';
import type { GatewayContext } from './context.js';
import type { ResultView } from './result-view.js';
import type { GatewayServices } from './services.js';

/** The arguments that crawlResult and crawlResults share. */
export interface LookupArguments {
  readonly maxAge?: number | null | undefined;
  readonly maxStale?: number | null | undefined;
  readonly onlyIfCached?: boolean | null | undefined;
  readonly outcome?: Outcome | null | undefined;
  readonly consistency?: Consistency | null | undefined;
}

/** What the arguments want of each URL. @throws CrawlgateError BAD_USER_INPUT */
export function wantOfLookup(args: LookupArguments, groups: FieldGroups, services: GatewayServices): Want {
  const onlyIfCached = args.onlyIfCached ?? false;
  const isStrong = args.consistency === 'STRONG';
  if (isStrong && onlyIfCached) {
    throw badInput(
      'onlyIfCached',
      'onlyIfCached never asks the store and STRONG always does; they exclude each other.',
    );
  }
  return {
    groups,
    // The setting stands where the store may be asked at all; onlyIfCached is the caller's own word.
    consistency: isStrong || (services.consistentReads && !onlyIfCached) ? 'STRONG' : 'EVENTUAL',
    outcome: args.outcome ?? 'ANY',
    maxAge: checkSeconds('maxAge', args.maxAge),
    maxStale: checkSeconds('maxStale', args.maxStale),
    onlyIfCached,
  };
}

/** Looks one URL up; a promise only where memory does not know. */
export type LookUp = (url: string) => ResultView | null | Promise<ResultView | null>;

/**
 * Looks URLs up that are wanted alike. Never throws: a URL that is none, or of which the store did not say, is a promise
 * that rejects with a CrawlgateError, so that it spoils its own place in a list and no other.
 */
export function lookupsWith(want: Want, context: GatewayContext): LookUp {
  const { services } = context;
  const { recallResults, limits } = services;
  let counted: Set<ResultKey> | undefined;

  async function read(url: string, key: ResultKey): Promise<ResultView | null> {
    // Nothing is awaited before this: an await would split the tick's keys into two batches.
    const outcome = await context.loaders.results.load({ key, want });
    return viewOfOutcome(outcome, want, url, services.now());
  }

  return (url) => {
    try {
      const key = latestKey(toUrlKey(url, limits.maxUrlBytes));
      const nowMs = services.now();
      const outcome = recallResults.answer(key, want, nowMs);
      if (outcome === undefined) return read(url, key);
      counted ??= context.loaders.recalled(want);
      if (!counted.has(key)) {
        counted.add(key);
        recallResults.used(outcome.kind === 'found' ? 1 : 0, outcome.kind === 'found' ? 0 : 1);
        recallResults.seen?.(key, outcome);
        context.cost?.follow.lookups(outcome.kind === 'found' ? 'fresh' : 'absent', true, 1);
      }
      return viewOfOutcome(outcome, want, url, nowMs);
    } catch (error) {
      return Promise.reject(error);
    }
  };
}

/** The answer in an outcome: null where nothing is stored, or nothing that is wanted. @throws CrawlgateError where it failed. */
export function viewOfOutcome(
  outcome: ReadOutcome<StoredResult>,
  want: Want,
  url: string,
  nowMs: number,
): ResultView | null {
  if (outcome.kind === 'failed') throw aboutUrl(outcome.error, url);
  if (outcome.kind === 'absent') return null;
  const { value: stored, provenance } = outcome;
  const record = selectRecord(stored, want.outcome, nowMs);
  if (record === null) return null;
  if (want.maxAge !== null && !isWithinAge(record, want.maxAge, nowMs)) return null;
  return { record, stored, provenance };
}

/** The error with the URL as it was asked: one error may have failed a whole batch of keys. */
function aboutUrl(error: CrawlgateError, url: string): CrawlgateError {
  switch (error.code) {
    case 'STORE_UNAVAILABLE':
    case 'STORE_THROTTLED':
    case 'DEADLINE_EXCEEDED':
    case 'NOT_IN_MEMORY':
    case 'NOT_STORED':
      return new CrawlgateError(error.code, error.message, { ...error.facts, url }, { cause: error });
    default:
      return error;
  }
}
