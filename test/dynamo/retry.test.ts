// The one retry policy: how long it waits, when it gives up, and that it leaves nothing behind.
import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fullJitterDelay, maxDelayMs } from '../../src/dynamo/backoff.js';
import { createRetryPolicy, type RetryPolicy, waitForReal } from '../../src/dynamo/retry.js';

const live = new AbortController().signal;

function policyOf(maxRetries: number): { policy: RetryPolicy; waits: number[] } {
  const waits: number[] = [];
  const wait = async (ms: number): Promise<void> => {
    waits.push(ms);
  };
  return { policy: createRetryPolicy({ baseMs: 20, maxRetries, random: () => 0.5, wait }), waits };
}

test('a delay lies between 0 and base × 2^attempt, never over 5 s', () => {
  const attempts = fc.integer({ min: 0, max: 10_000 });
  const randoms = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(attempts, fc.integer({ min: 1, max: 10_000 }), randoms, (attempt, baseMs, random) => {
      const delay = fullJitterDelay(attempt, baseMs, random);
      expect(delay).toBeGreaterThanOrEqual(0);
      expect(delay).toBeLessThanOrEqual(Math.min(maxDelayMs, baseMs * 2 ** attempt));
    }),
  );
});

describe('after a failure', () => {
  test('a call has its own tries, each wait up to twice as long', async () => {
    const { policy, waits } = policyOf(3);
    for (const attempt of [0, 1, 2]) expect(await policy.again(attempt, live)).toBe(true);
    expect(waits).toEqual([10, 20, 40]);
  });

  test('tries beyond these are shared by the process, and are gone in an outage', async () => {
    const { policy } = policyOf(0);
    let more = 0;
    while (await policy.again(0, live)) more += 1;
    expect(more).toBe(500);
  });

  test('each success earns one more, up to where it began', async () => {
    const { policy } = policyOf(0);
    while (await policy.again(0, live));
    policy.succeeded();
    policy.succeeded();
    expect([await policy.again(0, live), await policy.again(0, live), await policy.again(0, live)]).toEqual([
      true,
      true,
      false,
    ]);
    for (let success = 0; success < 1000; success += 1) policy.succeeded();
    let more = 0;
    while (await policy.again(0, live)) more += 1;
    expect(more).toBe(500);
  });

  test('nothing is tried, waited for or used up for a request that has ended', async () => {
    const { policy, waits } = policyOf(0);
    for (let call = 0; call < 600; call += 1) expect(await policy.again(0, AbortSignal.abort())).toBe(false);
    expect(await policy.againUnprocessed(0, AbortSignal.abort())).toBe(false);
    expect(waits).toEqual([]);
    expect(await policy.again(0, live)).toBe(true);
  });
});

test('unprocessed keys are asked for again as long as the request lasts', async () => {
  const { policy, waits } = policyOf(0);
  for (let attempt = 0; attempt < 1000; attempt += 1) expect(await policy.againUnprocessed(attempt, live)).toBe(true);
  expect(Math.max(...waits)).toBe(maxDelayMs / 2);
});

describe('the wall clock’s wait', () => {
  test('ends at once where its request ends, and leaves no timer and no listener', async () => {
    const request = new AbortController();
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const before = timers();
    const waiting = waitForReal(60_000, request.signal);
    expect(timers()).toBe(before + 1);
    request.abort();
    await waiting;
    expect(timers()).toBe(before);
    expect(getEventListeners(request.signal, 'abort')).toEqual([]);
    await waitForReal(60_000, request.signal);
    expect(timers()).toBe(before);
  });

  test('leaves no listener when it is over', async () => {
    const request = new AbortController();
    await waitForReal(0, request.signal);
    expect(getEventListeners(request.signal, 'abort')).toEqual([]);
  });
});
