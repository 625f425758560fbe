// Limits of calls that the SDK does not keep: one time for an answer to its last byte, a queue that does not use it up.
import { Readable } from 'node:stream';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AbortSignalLike } from '../domain/abort.js';

type Handler = DynamoDBClient['config']['requestHandler'];

/** The bounds of every call. */
export interface CallLimits {
  /** Calls under way at once. */
  readonly maxConnections: number;
  /** Milliseconds from sending to the last byte of the answer. */
  readonly readTimeoutMs: number;
}

/**
 * Has `handler` keep these limits. Its own start when a call is handed to it and end with the answer's headers: so a
 * body that stalls is cut off here, and what must wait for a connection waits here, or an overloaded gateway would take
 * its own queue for a store that does not answer.
 */
export function limitCalls(handler: Handler, { maxConnections, readTimeoutMs }: CallLimits): void {
  const handle = handler.handle.bind(handler);
  const queue = new Set<() => void>();
  let free = maxConnections;

  handler.handle = async (request, options: { readonly abortSignal?: unknown } = {}) => {
    // Every call comes from `sendOnce`, or has an AbortSignal of its own.
    await take((options.abortSignal ?? null) as AbortSignalLike | null);
    const startedAt = performance.now();
    try {
      const answer = await handle(request, options);
      const body: unknown = answer.response.body;
      if (!(body instanceof Readable)) throw new TypeError('the answer of node:http was expected to be a stream');
      const left = Math.max(1, readTimeoutMs - (performance.now() - startedAt));
      const timer = setTimeout(() => body.destroy(timeoutError(readTimeoutMs)), left);
      body.once('close', () => {
        clearTimeout(timer);
        release();
      });
      return answer;
    } catch (error) {
      release();
      throw error;
    }
  };

  function take(signal: AbortSignalLike | null): Promise<void> | undefined {
    if (free > 0) {
      free -= 1;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        queue.delete(go);
        reject(Object.assign(new Error('Request aborted'), { name: 'AbortError' }));
      };
      const go = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      queue.add(go);
      if (signal?.aborted) leave();
      else signal?.addEventListener('abort', leave, { once: true });
    });
  }

  /** The connection goes to whoever waits longest. */
  function release(): void {
    const [next] = queue;
    if (next === undefined) {
      free += 1;
      return;
    }
    queue.delete(next);
    next();
  }
}

function timeoutError(limitMs: number): Error {
  const message = `DynamoDB's answer was not complete after ${limitMs} ms.`;
  return Object.assign(new Error(message), { name: 'TimeoutError', code: 'ETIMEDOUT' });
}
