// Puts a batch into a store that may be slow, over its capacity or away for a while.
import { allowManyListeners } from '../domain/abort.js';
import type { NewResult, ResultWriters, StoredReceipt, WriteOutcome } from '../domain/write-many.js';
import type { ErrorCode } from '../errors.js';

/** Codes after which the same result may be stored a little later. */
const passing: ReadonlySet<ErrorCode> = new Set(['STORE_THROTTLED', 'STORE_UNAVAILABLE', 'DEADLINE_EXCEEDED']);

/** Waits between attempts in milliseconds: about a minute without a single result stored, then it is given up. */
const waitsMs = [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000] as const;

/** Milliseconds that one attempt may take. */
const attemptMs = 60_000;

/**
 * Puts what was not put yet, again and again while the store is only slow. Never rejects; what is still not stored when
 * it gives up, or when `signal` is aborted, has the store's last word. An attempt under way is let go on to its end.
 */
export async function putPatiently(
  deps: {
    readonly put: ResultWriters['put'];
    /** Resolves after `ms` milliseconds, or when the signal is aborted. */
    readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  },
  results: readonly NewResult[],
  signal: AbortSignal,
): Promise<readonly WriteOutcome<StoredReceipt>[]> {
  const outcomes: WriteOutcome<StoredReceipt>[] = [];
  let left = results.map((_, index) => index);
  let waits = 0;
  while (left.length > 0) {
    const inputs = left.flatMap((index) => results[index] ?? []);
    const attempt = AbortSignal.timeout(attemptMs);
    // Every call of the batch listens to the one signal.
    allowManyListeners(attempt);
    const answers = await deps.put({ inputs, signal: attempt });
    const again: number[] = [];
    for (const [position, index] of left.entries()) {
      const answer = answers[position];
      if (answer === undefined) continue;
      outcomes[index] = answer;
      if (answer.kind === 'failed' && passing.has(answer.error.code)) again.push(index);
    }
    waits = again.length < left.length ? 0 : waits + 1;
    left = again;
    const ms = waitsMs[waits];
    if (left.length === 0 || ms === undefined) break;
    await deps.wait(ms, signal);
    if (signal.aborted) break;
  }
  return outcomes;
}
