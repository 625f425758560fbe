// Whether the gateway can answer, and whether the store is there: one lookup of the reserved key, as every lookup goes.
import type { StoredResult } from '../domain/crawl-result.js';
import { groups } from '../domain/fields.js';
import type { MemoryState } from '../domain/gateway-state.js';
import { plainWantFor, type ReadMany } from '../domain/read-many.js';
import { healthKey, type ResultKey } from '../domain/result-key.js';
import type { CrawlgateError } from '../errors.js';

/** A check that takes longer than this has failed, whatever requests are allowed. */
const readyMs = 5_000;

/**
 * Null where the gateway can answer, or why not: the store was read, or memory holds something to stand in for it.
 * Without a place to go to, a client would have no answer where it could have had a stale one. Ends by itself.
 */
export async function checkReady(
  readResults: ReadMany<ResultKey, StoredResult>,
  deadlineMs: number,
  memoryState: () => MemoryState,
  /** Whether anybody may hear more than the code: messages name tables and endpoints. */
  isOpen: boolean,
): Promise<string | null> {
  const error = await probe(readResults, Math.min(deadlineMs, readyMs));
  if (error === null || memoryState().entries > 0) return null;
  return isOpen ? `${error.code}: ${error.message}` : error.code;
}

/** Whether the store answers, were it that it is over its capacity or refuses the gateway. Ends by itself. */
export async function isStoreThere(
  readResults: ReadMany<ResultKey, StoredResult>,
  timeoutMs: number,
): Promise<boolean> {
  const error = await probe(readResults, timeoutMs);
  return error?.code !== 'STORE_UNAVAILABLE' && error?.code !== 'DEADLINE_EXCEEDED';
}

async function probe(
  readResults: ReadMany<ResultKey, StoredResult>,
  timeoutMs: number,
): Promise<CrawlgateError | null> {
  const want = plainWantFor(groups.none, 'STRONG');
  const signal = AbortSignal.timeout(timeoutMs);
  const outcome = (await readResults({ keys: [healthKey], want, signal })).get(healthKey);
  return outcome?.kind === 'failed' ? outcome.error : null;
}
