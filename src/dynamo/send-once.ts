// Sends one call once: timed, told to the events, watched over by the guard, and its exception judged.
import type { AbortSignalLike } from '../domain/abort.js';
import type { CallEnd } from '../domain/follow.js';
import type { CallEnding } from '../domain/store-guard.js';
import type { CrawlgateError } from '../errors.js';
import type { Events } from '../observability/events.js';
import type { RetryPolicy } from './retry.js';
import { deadlineError, judgeFailure, type StoreFailure } from './store-error.js';

/** What sending needs. */
export interface SendDeps {
  readonly retry: Pick<RetryPolicy, 'guard'>;
  readonly events: Pick<Events, 'storeCall' | 'unexpectedError'>;
  /** Milliseconds of any clock. */
  readonly now: () => number;
}

/** One call: DynamoDB's name for it, the keys it carries and whose units it consumes. */
export interface Call<Output> {
  readonly operation: string;
  readonly keys: number;
  readonly units: 'read' | 'write';
  readonly signal: AbortSignalLike;
  /** Called when it is sent; what it gives is told how the call ended. */
  readonly follow?: (() => ((end: CallEnd) => void) | undefined) | undefined;
  /** Called when it must be sent again. */
  readonly retried?: () => void;
  /** The URL of its first key, null where it is of none; asked for where the call failed. */
  readonly url?: () => string | null;
  /** Rejects with what the SDK throws, or where the answer is none that DynamoDB gives. */
  readonly send: (options: { abortSignal: AbortSignalLike }) => Promise<Output>;
}

/** `refused`: a condition did not hold. `aborted`: nobody waits any more; what the store did is not known. */
export type Sent<Output> = CallEnding &
  (
    | { readonly kind: 'answered'; readonly output: Output; readonly units: number }
    | { readonly kind: 'refused' }
    | { readonly kind: 'failed'; readonly failure: StoreFailure }
    | { readonly kind: 'aborted' }
  );

/** What DynamoDB says that an answer cost. */
export interface Consumed {
  readonly ConsumedCapacity?:
    | { readonly CapacityUnits?: number | undefined }
    | readonly { CapacityUnits?: number | undefined }[]
    | undefined;
}

/** A call given up after this many milliseconds without a word says that the store is silent; sooner, it says nothing. */
const telltaleMs = 250;

/** Sends. Never rejects. */
export function sendOnce<Output extends Consumed>(deps: SendDeps, call: Call<Output>): Promise<Sent<Output>> {
  return deps.retry.guard.call(() => send(deps, call));
}

async function send<Output extends Consumed>(deps: SendDeps, call: Call<Output>): Promise<Sent<Output>> {
  const { operation, keys, signal } = call;
  const started = deps.now();
  const followed = call.follow?.();
  const report = (units: number, error: CrawlgateError | null): void => {
    followed?.({ units, error: error?.code ?? null });
    deps.events.storeCall({
      operation,
      keys,
      durationMs: deps.now() - started,
      readUnits: call.units === 'read' ? units : 0,
      writeUnits: call.units === 'write' ? units : 0,
      error,
      ...(error === null || call.url === undefined ? {} : { url: call.url() }),
    });
  };
  try {
    const output = await call.send({ abortSignal: signal });
    const units = unitsOf(output);
    report(units, null);
    return { kind: 'answered', store: 'answered', output, units };
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'ConditionalCheckFailedException') {
      report(0, null);
      return { kind: 'refused', store: 'answered' };
    }
    if (signal.aborted) {
      report(0, deadlineError(null));
      return { kind: 'aborted', store: deps.now() - started >= telltaleMs ? 'silent' : 'unknown' };
    }
    const failure = judgeFailure(thrown, operation);
    report(0, failure.error);
    const isOurs = failure.error.code === 'INTERNAL_SERVER_ERROR';
    if (isOurs) deps.events.unexpectedError({ where: operation, error: failure.error });
    return { kind: 'failed', store: failure.isOutage ? 'silent' : isOurs ? 'unknown' : 'answered', failure };
  }
}

function unitsOf({ ConsumedCapacity: consumed }: Consumed): number {
  if (consumed === undefined) return 0;
  const entries = Array.isArray(consumed) ? consumed : [consumed];
  return entries.reduce((sum, entry) => sum + (entry.CapacityUnits ?? 0), 0);
}
