// The one retry policy, of reads and writes: whether to ask again after a failure or for unprocessed keys, and when.
import type { AbortSignalLike } from '../domain/abort.js';
import { noGuard, type StoreGuard } from '../domain/store-guard.js';
import { fullJitterDelay } from './backoff.js';
import type { StoreFailure } from './store-error.js';

/** Waits `ms` milliseconds, or less where the signal aborts. */
export type Wait = (ms: number, signal: AbortSignalLike) => Promise<void>;

/** What the policy needs from outside. */
export interface RetryDeps {
  /** `CRAWLGATE_RETRY_BASE_MS`. */
  readonly baseMs: number;
  /** `DYNAMODB_MAX_RETRIES`: tries after the first that every call has. */
  readonly maxRetries: number;
  /** 0 up to 1. */
  readonly random: () => number;
  readonly wait: Wait;
  /** Tries that all calls of the process share beyond their own; 500 unless told. */
  readonly budget?: number;
  /** What every call goes through; nothing unless given. */
  readonly guard?: StoreGuard;
  /** Reads the credentials anew; rejects where there are none. Without it expired ones stay expired. */
  readonly refreshCredentials?: () => Promise<void>;
}

/** Decides for one process, over all calls. */
export interface RetryPolicy {
  readonly guard: StoreGuard;
  /** The tries of one call, until the signal aborts. */
  begin(signal: AbortSignalLike): Tries;
  /** Waits and answers true for as long as the signal lasts: the store answers, it only leaves keys over. */
  againUnprocessed(attempt: number, signal: AbortSignalLike): Promise<boolean>;
}

/** The tries of one call. */
export interface Tries {
  /**
   * Waits and answers true where one more try is due after this failure. A call has `maxRetries` of its own. Beyond
   * these it goes on while the signal lasts and the process as a whole succeeds: each such try costs a token, each
   * success earns one, so that in an outage calls end after their own tries and do not multiply it. Expired credentials
   * are read anew once. Never true where the failure cannot pass or the store is known to be down.
   */
  again(failure: Pick<StoreFailure, 'retry'>): Promise<boolean>;
  /** The call came back with something: its tries begin anew. */
  succeeded(): void;
}

/** Makes the policy of one process. */
export function createRetryPolicy(deps: RetryDeps): RetryPolicy {
  const { baseMs, maxRetries, random, wait, budget = 500, guard = noGuard } = deps;
  let tokens = budget;
  let refreshing: Promise<boolean> | undefined;

  return {
    guard,
    begin(signal) {
      let attempt = 0;
      let hasRefreshed = false;
      return {
        async again({ retry }) {
          if (retry === 'no' || signal.aborted) return false;
          if (retry === 'refresh') {
            if (hasRefreshed) return false;
            hasRefreshed = true;
            return (await refresh(signal)) && !signal.aborted;
          }
          if (guard.isDown()) return false;
          if (attempt >= maxRetries) {
            if (tokens < 1) return false;
            tokens -= 1;
          }
          attempt += 1;
          return (await pause(attempt - 1, signal)) && !guard.isDown();
        },
        succeeded() {
          attempt = 0;
          tokens = Math.min(budget, tokens + 1);
        },
      };
    },
    againUnprocessed: pause,
  };

  async function pause(attempt: number, signal: AbortSignalLike): Promise<boolean> {
    if (signal.aborted) return false;
    await wait(fullJitterDelay(attempt, baseMs, random()), signal);
    return !signal.aborted;
  }

  /** One refresh for all calls that find the same credentials expired; each waits for it until its own signal. */
  function refresh(signal: AbortSignalLike): Promise<boolean> {
    const { refreshCredentials } = deps;
    if (refreshCredentials === undefined) return Promise.resolve(false);
    // A refusal is told to nobody: the one that led here says the same.
    refreshing ??= refreshCredentials()
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        refreshing = undefined;
      });
    const refreshed = refreshing;
    return new Promise((resolve) => {
      const leave = (): void => resolve(false);
      signal.addEventListener('abort', leave, { once: true });
      void refreshed.then((isRefreshed) => {
        signal.removeEventListener('abort', leave);
        resolve(isRefreshed);
      });
    });
  }
}

/** The wall clock's wait. It leaves neither timer nor listener behind. */
export const waitForReal: Wait = (ms, signal) =>
  new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
