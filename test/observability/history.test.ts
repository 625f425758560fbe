// The hour that the page draws: what is counted into which slot, what is forgotten, and several processes as one.
import { describe, expect, it } from 'vitest';
import { CrawlgateError } from '../../src/errors.js';
import { bucketCount, bucketOf, percentileOf } from '../../src/observability/histogram.js';
import { createHistory } from '../../src/observability/history.js';
import { mergeHours, reportOf, slots } from '../../src/observability/history-hour.js';
import { createFakeClock } from '../cache/scripted-store.js';

const call = { operation: 'BatchGetItem', keys: 3, durationMs: 1, readUnits: 1.5, writeUnits: 0, error: null } as const;

const operation = { name: null, type: 'query', outcome: 'ok', requestId: null, codes: [] } as const;

function createWorld() {
  const clock = createFakeClock();
  const history = createHistory({ now: clock.now, setTimer: clock.setTimer });
  return { clock, history, report: () => reportOf(history.read()) };
}

describe('the last hour', () => {
  it('counts lookups by outcome, found in DynamoDB or fresh in memory being one; what memory alone was asked for is not absent', () => {
    const { history, report } = createWorld();
    for (const [answer, fromMemory] of [
      ['fresh', true],
      ['store', false],
      ['stale', true],
      ['absent', true],
      ['absent', false],
      ['not-in-memory', false],
      ['failed', false],
    ] as const) {
      history.events.lookup({ answer, fromMemory, keys: 1 });
    }
    history.events.lookup({ answer: 'fresh', fromMemory: true, keys: 100 });
    const { fresh, stale, absent, notInMemory, failed, hits } = report();
    const counts = [fresh, stale, absent, notInMemory, failed, hits];
    expect(counts.map((list) => list.at(-1))).toEqual([102, 1, 2, 1, 1, 103]);
    expect(fresh).toHaveLength(360);
  });

  it('puts each count into the ten seconds in which it happened', async () => {
    const { clock, history, report } = createWorld();
    history.events.storeCall(call);
    await clock.advance(10_000);
    history.events.storeCall(call);
    history.events.storeCall(call);
    await clock.advance(20_000);
    const { calls, keys, readUnits, slotSeconds } = report();
    expect(slotSeconds).toBe(10);
    expect(calls.slice(-4)).toEqual([1, 2, 0, 0]);
    expect(keys.slice(-4)).toEqual([3, 6, 0, 0]);
    expect(readUnits.slice(-4)).toEqual([1.5, 3, 0, 0]);
  });

  it('forgets what is over an hour ago, where nothing happened since and where much did', async () => {
    for (const between of [0, 7]) {
      const { clock, history, report } = createWorld();
      history.events.storeCall(call);
      for (let step = 0; step < between; step += 1) {
        await clock.advance(60_000);
        history.events.storeCall(call);
      }
      await clock.advance(3_600_000);
      expect(new Set(report().calls)).toEqual(new Set([0]));
    }
  });

  it('is right after a pause in which no timer ran, and after the clock was set back', async () => {
    let time = 1_000_000_000_000;
    const history = createHistory({ now: () => time, setTimer: () => () => undefined });
    history.events.storeCall(call);
    time += 30_000;
    expect(reportOf(history.read()).calls.slice(-4)).toEqual([1, 0, 0, 0]);
    history.events.storeCall(call);
    time -= 600_000;
    history.events.storeCall(call);
    expect(reportOf(history.read()).calls.slice(-4)).toEqual([1, 0, 0, 2]);
    time += 40 * slots * 10_000;
    expect(new Set(reportOf(history.read()).calls)).toEqual(new Set([0]));
  });

  it('tells within what time half and 99 of 100 requests were answered, and nothing where there was none', async () => {
    const { clock, history, report } = createWorld();
    await clock.advance(10_000);
    for (let ms = 1; ms <= 100; ms += 1) history.events.operation({ ...operation, durationMs: ms });
    // Refused operations took no time; they would make everything look fast.
    for (let times = 0; times < 200; times += 1) {
      history.events.operation({ ...operation, outcome: 'refused', durationMs: 0 });
    }
    const { p50, p99 } = report();
    expect(p50.at(-2)).toBeNull();
    expect(p50.at(-1)).toBeGreaterThanOrEqual(50);
    expect(p50.at(-1)).toBeLessThan(50 * 2 ** 0.25);
    expect(p99.at(-1)).toBeGreaterThanOrEqual(99);
    expect(p99.at(-1)).toBeLessThan(99 * 2 ** 0.25);
  });

  it('marks every slot in which the circuit was open', async () => {
    const { clock, history, report } = createWorld();
    history.events.circuitChanged({ state: 'OPEN', downMs: 0 });
    await clock.advance(20_000);
    history.events.circuitChanged({ state: 'CLOSED', downMs: 20_000 });
    await clock.advance(10_000);
    expect(report().open.slice(-5)).toEqual([0, 1, 1, 1, 0]);
  });

  it('remembers when DynamoDB last answered and what went wrong last; the health probe counts for nothing else', async () => {
    const { clock, history, report } = createWorld();
    expect(report()).toMatchObject({ lastAnswerAt: null, lastError: null });
    history.events.storeCall({ ...call, keys: 0 });
    const answered = clock.now();
    await clock.advance(5);
    history.events.storeCall({ ...call, keys: 0, error: new CrawlgateError('STORE_UNAVAILABLE', 'no answer', {}) });
    expect(report()).toMatchObject({
      lastAnswerAt: answered,
      lastError: { at: answered + 5, code: 'STORE_UNAVAILABLE' },
    });
    expect(report().calls.at(-1)).toBe(0);
  });
});

describe('the hours of several processes', () => {
  it('are one hour: counts and histograms added up slot by slot, whoever was read first', async () => {
    const { clock, history: one, report } = createWorld();
    const other = createHistory({ now: clock.now, setTimer: clock.setTimer });
    one.events.storeCall(call);
    for (let times = 0; times < 99; times += 1) one.events.operation({ ...operation, durationMs: 1 });
    other.events.storeCall(call);
    other.events.operation({ ...operation, durationMs: 1000 });
    const early = other.read();
    await clock.advance(10_000);
    one.events.storeCall(call);
    const merged = reportOf(mergeHours([early, one.read()]));
    expect(merged.calls.slice(-2)).toEqual([2, 1]);
    expect(merged.p50.at(-2)).toBeLessThan(2);
    expect(merged.firstSlotAt).toBe(report().firstSlotAt);
    expect(reportOf(mergeHours([one.read()]))).toEqual(report());
    expect(
      mergeHours([early, one.read()])
        .latencies.at(-2)
        ?.reduce((sum, count) => sum + count),
    ).toBe(100);
  });
});

describe('the buckets of durations', () => {
  it('hold every duration, none too long and none that is no number', () => {
    for (const ms of [0, -1, 1e-9, Number.NaN]) expect(bucketOf(ms)).toBe(0);
    for (const ms of [1e6, Number.POSITIVE_INFINITY]) expect(bucketOf(ms)).toBe(bucketCount - 1);
  });

  it('tell a percentile no shorter than it was and at most 19 % longer', () => {
    for (const ms of [0.1, 0.7, 1, 3.3, 42, 999, 59_000]) {
      const counts = new Uint32Array(bucketCount);
      counts[bucketOf(ms)] = 1;
      const told = percentileOf(counts, 0.5) ?? 0;
      expect(told).toBeGreaterThanOrEqual(ms * 0.999999);
      expect(told).toBeLessThan(ms * 2 ** 0.25 + 1e-9);
    }
  });
});
