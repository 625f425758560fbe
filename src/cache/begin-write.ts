// How a memory is told of a write: before the store is asked, and after it answered.
import type { WriteOutcome } from '../domain/write-many.js';

/**
 * To be called before the store is asked to write `keys`. What it resolves to is to be called once after the store has
 * answered, with those of the keys whose entries are outdated for sure; both never reject.
 */
export type BeginWrite<Key> = (keys: ReadonlySet<Key>) => Promise<EndWrite<Key>>;

/** Resolves once the write may be acknowledged. */
export type EndWrite<Key> = (outdated: ReadonlySet<Key>) => Promise<void>;

/** Whether what memory holds of a key is surely not what the store holds after this. */
export function isOutdated(outcome: WriteOutcome<unknown> | undefined): boolean {
  if (outcome?.kind !== 'failed') return true;
  return outcome.error.code === 'SUPERSEDED' || outcome.error.code === 'NOT_STORED';
}
