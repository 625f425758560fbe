// The failures that the cache itself answers with, and what a failure answers all the same.
import type { Failed, Found, Want } from '../domain/read-many.js';
import { CrawlgateError } from '../errors.js';

/** An outcome without an answer. */
export interface FailedOutcome {
  readonly kind: 'failed';
  readonly error: CrawlgateError;
}

/** For keys whose request ran out of time, or whose client has gone. */
export function deadlineExceeded(): FailedOutcome {
  const message = 'The store did not answer before the request ended.';
  return { kind: 'failed', error: new CrawlgateError('DEADLINE_EXCEEDED', message, {}) };
}

/** For keys of an `onlyIfCached` question that memory does not answer. */
export function notInMemory(): FailedOutcome {
  const message = 'Memory does not hold an acceptable answer, and the store was not to be asked.';
  return { kind: 'failed', error: new CrawlgateError('NOT_IN_MEMORY', message, {}) };
}

/** For whatever would ask a store that is known to be down. */
export function storeDown(): FailedOutcome {
  const cause = new Error('The circuit is open: calls of DynamoDB stayed unanswered. It is probed in the background.');
  return {
    kind: 'failed',
    error: new CrawlgateError('STORE_UNAVAILABLE', 'DynamoDB is not answering.', {}, { cause }),
  };
}

/** What was read although the outcome is failed, where that answers the want; it never tells whether there is a success. */
export function knownAnswer<Value>(
  { known }: Failed<Value>,
  rules: {
    covers(value: Value, want: Want): boolean;
    isAcceptable(value: Value, want: Want, nowMs: number): boolean;
  },
  want: Want,
  nowMs: number,
): Found<Value> | undefined {
  if (known === undefined || want.outcome !== 'ANY') return undefined;
  return rules.covers(known.value, want) && rules.isAcceptable(known.value, want, nowMs) ? known : undefined;
}
