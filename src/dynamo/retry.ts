// The one retry policy: whether to ask again after a failure or for unprocessed keys, and the wait before it.
import { fullJitterDelay } from './backoff.js';

/** Waits `ms` milliseconds, or less where the signal aborts. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/** What the policy needs from outside. */
export interface RetryDeps {
  /** `CRAWLGATE_RETRY_BASE_MS`. */
  readonly baseMs: number;
  /** `DYNAMODB_MAX_RETRIES`: tries after the first that every call has. */
  readonly maxRetries: number;
  /** 0 up to 1. */
  readonly random: () => number;
  readonly wait: Wait;
}

/** Decides for one process, over all calls. */
export interface RetryPolicy {
  /**
   * Waits and answers true where one more try is due. A call has `maxRetries` of its own. Beyond these it goes on until
   * the signal aborts, for as long as the process as a whole succeeds: each such try costs a token, each success earns
   * one, so that in an outage calls end after their own tries and do not multiply it.
   */
  again(attempt: number, signal: AbortSignal): Promise<boolean>;
  /** Waits and answers true for as long as the signal lasts: the store answers, it only leaves keys over. */
  againUnprocessed(attempt: number, signal: AbortSignal): Promise<boolean>;
  /** A call came back with something. */
  succeeded(): void;
}

const maxTokens = 500;

/** Makes the policy of one process. */
export function createRetryPolicy(deps: RetryDeps): RetryPolicy {
  let tokens = maxTokens;
  return {
    async again(attempt, signal) {
      if (signal.aborted) return false;
      if (attempt >= deps.maxRetries) {
        if (tokens < 1) return false;
        tokens -= 1;
      }
      return pause(attempt, signal);
    },
    againUnprocessed: pause,
    succeeded() {
      tokens = Math.min(maxTokens, tokens + 1);
    },
  };

  async function pause(attempt: number, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false;
    await deps.wait(fullJitterDelay(attempt, deps.baseMs, deps.random()), signal);
    return !signal.aborted;
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
