// Sends one call under the one retry policy, and tells a refused condition and an unknown ending from each other.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AbortSignalLike } from '../domain/abort.js';
import type { Asker } from '../domain/follow.js';
import type { CrawlgateError } from '../errors.js';
import type { Events } from '../observability/events.js';
import type { RetryPolicy } from './retry.js';
import { type Call, type Consumed, sendOnce } from './send-once.js';
import { deadlineError } from './store-error.js';

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

/**
 * Sends until it is answered for good, the policy gives up or the signal aborts. Never rejects.
 * @param isOnce a write that may have been written is not sent again, because its condition may hold once more for
 * another reason: it is answered as refused.
 */
export function sendWrite<Output extends Consumed>(
  deps: Omit<WriteDeps, 'client'>,
  operation: string,
  keys: number,
  signal: AbortSignalLike,
  send: Call<Output>['send'],
  isOnce: boolean = false,
): Promise<WriteAnswer<Output>> {
  return sendUntilAnswered(deps, { operation, keys, units: 'write', signal, send }, isOnce);
}

/** The same for a query or a scan, which is its asker's alone. An answer without a list of items is none that DynamoDB gives. */
export function sendRead<Output extends Consumed & { readonly Items?: unknown }>(
  deps: Omit<WriteDeps, 'client'>,
  operation: string,
  keys: number,
  { signal, follow }: Asker,
  send: Call<Output>['send'],
): Promise<WriteAnswer<Output>> {
  const checked: Call<Output>['send'] = async (options) => {
    const output = await send(options);
    if (output.Items === undefined) throw new Error(`${operation} answered without items`);
    return output;
  };
  const call: Call<Output> = { operation, keys, units: 'read', signal, send: checked };
  if (follow === undefined) return sendUntilAnswered(deps, call, false);
  const carried = new Array<string>(keys).fill('');
  const followed = { follow: () => follow.sent(operation, carried, keys), retried: () => follow.retried(carried) };
  return sendUntilAnswered(deps, { ...call, ...followed }, false);
}

async function sendUntilAnswered<Output extends Consumed>(
  deps: Omit<WriteDeps, 'client'>,
  call: Call<Output>,
  isOnce: boolean,
): Promise<WriteAnswer<Output>> {
  const { operation, keys, signal } = call;
  const tries = deps.retry.begin(signal);
  let mayBeWritten = false;
  while (!signal.aborted) {
    const sent = await sendOnce(deps, call);
    if (sent.kind === 'aborted') {
      mayBeWritten = true;
      break;
    }
    if (sent.kind === 'failed') {
      const { failure } = sent;
      if (failure.isOutage && !failure.isUnsent) mayBeWritten = true;
      if (!(await tries.again(failure))) return { kind: 'failed', error: failure.error, mayBeWritten };
      if (isOnce && mayBeWritten) return { kind: 'refused', mayBeWritten };
      deps.events.retried({ operation, keys, reason: failure.reason });
      call.retried?.();
      continue;
    }
    tries.succeeded();
    return sent.kind === 'refused' ? { kind: 'refused', mayBeWritten } : { kind: 'written', output: sent.output };
  }
  return { kind: 'failed', error: deadlineError(null), mayBeWritten };
}
