// Whether the gateway can answer: one lookup of the reserved key, the way every lookup goes.
import type { StoredResult } from '../domain/crawl-result.js';
import { groups } from '../domain/fields.js';
import { plainWant, type ReadMany } from '../domain/read-many.js';
import { healthKey, type ResultKey } from '../domain/result-key.js';

/** A check that takes longer than this has failed, whatever requests are allowed. */
const readyMs = 5_000;

/** Null where the store was read, or why it was not. Ends by itself. */
export async function checkReady(
  readResults: ReadMany<ResultKey, StoredResult>,
  deadlineMs: number,
): Promise<string | null> {
  const want = { ...plainWant, groups: groups.none, consistency: 'STRONG' } as const;
  const signal = AbortSignal.timeout(Math.min(deadlineMs, readyMs));
  const outcome = (await readResults({ keys: [healthKey], want, signal })).get(healthKey);
  return outcome?.kind === 'failed' ? `${outcome.error.code}: ${outcome.error.message}` : null;
}
