// The one retry policy: how long it waits, when it gives up, and that it leaves nothing behind.
import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StoreGuard } from '../../src/domain/store-guard.js';
import { fullJitterDelay, maxDelayMs } from '../../src/dynamo/backoff.js';
import { createRetryPolicy, type RetryDeps, type RetryPolicy, waitForReal } from '../../src/dynamo/retry.js';

const live = new AbortController().signal;
const passing = { retry: 'yes' } as const;

function policyOf(maxRetries: number, more: Partial<RetryDeps> = {}): { policy: RetryPolicy; waits: number[] } {
  const waits: number[] = [];
  const wait = async (ms: number): Promise<void> => {
    waits.push(ms);
  };
  return { policy: createRetryPolicy({ baseMs: 20, maxRetries, random: () => 0.5, wait, ...more }), waits };
}

/** Tries of so many calls, each failing once more than it may. */
async function triesLeft(policy: RetryPolicy): Promise<number> {
  let count = 0;
  while (await policy.begin(live).again(passing)) count += 1;
  return count;
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
    const { policy, waits } = policyOf(3, { budget: 0 });
    const tries = policy.begin(live);
    expect(await Promise.all([1, 2, 3].map(() => tries.again(passing)))).toEqual([true, true, true]);
    expect(await tries.again(passing)).toBe(false);
    expect(waits).toEqual([10, 20, 40]);
  });

  test('that cannot pass there is none', async () => {
    const { policy, waits } = policyOf(3);
    expect(await policy.begin(live).again({ retry: 'no' })).toBe(false);
    expect(waits).toEqual([]);
  });

  test('tries beyond these are shared by the process, and are gone in an outage', async () => {
    expect(await triesLeft(policyOf(0).policy)).toBe(500);
    expect(await triesLeft(policyOf(0, { budget: 7 }).policy)).toBe(7);
  });

  test('each success earns one more, up to where it began, and its call begins anew', async () => {
    const { policy } = policyOf(0);
    await triesLeft(policy);
    const tries = policy.begin(live);
    tries.succeeded();
    tries.succeeded();
    expect(await triesLeft(policy)).toBe(2);
    for (let success = 0; success < 1000; success += 1) tries.succeeded();
    expect(await triesLeft(policy)).toBe(500);

    const own = policyOf(1, { budget: 0 }).policy.begin(live);
    expect([await own.again(passing), await own.again(passing)]).toEqual([true, false]);
    own.succeeded();
    expect(await own.again(passing)).toBe(true);
  });

  test('nothing is tried, waited for or used up for a request that has ended', async () => {
    const { policy, waits } = policyOf(0);
    const over = policy.begin(AbortSignal.abort());
    for (let call = 0; call < 600; call += 1) expect(await over.again(passing)).toBe(false);
    expect(await policy.againUnprocessed(0, AbortSignal.abort())).toBe(false);
    expect(waits).toEqual([]);
    expect(await policy.begin(live).again(passing)).toBe(true);
  });

  test('nothing is tried while the store is known to be down, nor where that shows during the wait', async () => {
    let isDown = true;
    const guard: StoreGuard = { call: (make) => make(), isDown: () => isDown };
    const { policy, waits } = policyOf(3, { guard });
    expect(await policy.begin(live).again(passing)).toBe(false);
    expect(waits).toEqual([]);
    const wait = async (): Promise<void> => {
      isDown = true;
    };
    isDown = false;
    expect(await policyOf(3, { guard, wait }).policy.begin(live).again(passing)).toBe(false);
  });
});

describe('expired credentials', () => {
  const expired = { retry: 'refresh' } as const;

  test('are read anew once for each call, without a wait and without counting as a try', async () => {
    let refreshes = 0;
    const refreshCredentials = async (): Promise<void> => {
      refreshes += 1;
    };
    const { policy, waits } = policyOf(0, { budget: 0, refreshCredentials });
    const tries = policy.begin(live);
    expect([await tries.again(expired), await tries.again(expired)]).toEqual([true, false]);
    expect(await policy.begin(live).again(expired)).toBe(true);
    expect(refreshes).toBe(2);
    expect(waits).toEqual([]);
  });

  test('are read anew once for all calls that find them expired at the same time', async () => {
    let refreshes = 0;
    const { policy } = policyOf(0, {
      refreshCredentials: async () => {
        refreshes += 1;
      },
    });
    const again = await Promise.all(Array.from({ length: 50 }, () => policy.begin(live).again(expired)));
    expect(again).toEqual(Array(50).fill(true));
    expect(refreshes).toBe(1);
  });

  test('are not waited for longer than the request lasts', async () => {
    const request = new AbortController();
    const { policy } = policyOf(3, { refreshCredentials: () => new Promise(() => undefined) });
    const again = policy.begin(request.signal).again(expired);
    request.abort();
    expect(await again).toBe(false);
  });

  test('stay expired where there are no others', async () => {
    const refreshCredentials = () => Promise.reject(new Error('no metadata service'));
    expect(await policyOf(3, { refreshCredentials }).policy.begin(live).again(expired)).toBe(false);
    expect(await policyOf(3).policy.begin(live).again(expired)).toBe(false);
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
