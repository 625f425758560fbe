// Sends one write under the one retry policy, and tells a refused condition and an unknown ending from each other.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { CrawlgateError } from '../errors.js';
import type { Events } from '../observability/events.js';
import type { RetryPolicy } from './retry.js';
import { deadlineError, judgeFailure } from './store-error.js';

/** What every writer needs. */
export interface WriteDeps {
  readonly client: DynamoDBClient;
  readonly retry: RetryPolicy;
  readonly events: Events;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * `refused`: the condition did not hold, nothing was written (unless an earlier try of the same call was:
 * `mayBeWritten`). `failed`: not written as far as is known; `mayBeWritten` where the answer never came.
 */
export type WriteAnswer<Output> =
  | { readonly kind: 'written'; readonly output: Output }
  | { readonly kind: 'refused'; readonly mayBeWritten: boolean }
  | { readonly kind: 'failed'; readonly error: CrawlgateError; readonly mayBeWritten: boolean };

interface Consumed {
  readonly ConsumedCapacity?:
    | { readonly CapacityUnits?: number | undefined }
    | readonly { CapacityUnits?: number | undefined }[]
    | undefined;
}

/** Sends until it is answered for good, the policy gives up or the signal aborts. Never rejects. */
export async function sendWrite<Output extends Consumed>(
  deps: WriteDeps,
  operation: string,
  keys: number,
  signal: AbortSignal,
  send: (options: { abortSignal: AbortSignal }) => Promise<Output>,
): Promise<WriteAnswer<Output>> {
  let mayBeWritten = false;
  for (let attempt = 0; ; attempt += 1) {
    const started = deps.now();
    const report = (units: number, error: CrawlgateError | null): void => {
      const [readUnits, writeUnits] = operation === 'Query' ? [units, 0] : [0, units];
      deps.events.storeCall({ operation, keys, durationMs: deps.now() - started, readUnits, writeUnits, error });
    };
    if (signal.aborted) return { kind: 'failed', error: deadlineError(null), mayBeWritten };
    try {
      const output = await send({ abortSignal: signal });
      deps.retry.succeeded();
      report(unitsOf(output), null);
      return { kind: 'written', output };
    } catch (thrown) {
      if (thrown instanceof Error && thrown.name === 'ConditionalCheckFailedException') {
        deps.retry.succeeded();
        report(0, null);
        return { kind: 'refused', mayBeWritten };
      }
      const failure = judgeFailure(thrown, operation);
      const error = signal.aborted ? deadlineError(null) : failure.error;
      report(0, error);
      if (failure.isOutage || signal.aborted) mayBeWritten = true;
      if (failure.retry !== 'yes' || signal.aborted) return { kind: 'failed', error, mayBeWritten };
      deps.events.retried({ operation, keys, reason: failure.reason });
      if (!(await deps.retry.again(attempt, signal))) return { kind: 'failed', error, mayBeWritten };
    }
  }
}

function unitsOf({ ConsumedCapacity: consumed }: Consumed): number {
  if (consumed === undefined) return 0;
  const entries = Array.isArray(consumed) ? consumed : [consumed];
  return entries.reduce((sum, entry) => sum + (entry.CapacityUnits ?? 0), 0);
}
