// How long to wait before asking again: exponential with full jitter, as a pure function.

/** Milliseconds no single wait is longer than. */
export const maxDelayMs = 5000;

/**
 * A delay anywhere between 0 and `baseMs` × 2^attempt, at most 5 s.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 * @param attempt 0 before the second try, 1 before the third, and so on.
 * @param random a number from 0 up to 1.
 */
export function fullJitterDelay(attempt: number, baseMs: number, random: number): number {
  return random * Math.min(maxDelayMs, baseMs * 2 ** Math.min(attempt, 30));
}
