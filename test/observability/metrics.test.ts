// The counts that the `stats` query answers.
import { describe, expect, it } from 'vitest';
import { CrawlgateError } from '../../src/errors.js';
import { createMetrics } from '../../src/observability/metrics.js';

const call = { operation: 'BatchGetItem', keys: 3, durationMs: 1, readUnits: 1.5, writeUnits: 0, error: null } as const;

describe('the counters', () => {
  it('stand at nothing at first, the hit rate too', () => {
    expect(new Set(Object.values(createMetrics().stats()))).toEqual(new Set([0]));
  });

  it('tell lookups that memory answered from those that went to the store', () => {
    const { events, stats } = createMetrics();
    events.lookup({ answer: 'fresh', fromMemory: true, keys: 1 });
    events.lookup({ answer: 'absent', fromMemory: true, keys: 1 });
    events.lookup({ answer: 'stale', fromMemory: true, keys: 1 });
    events.lookup({ answer: 'store', fromMemory: false, keys: 1 });
    events.lookup({ answer: 'absent', fromMemory: false, keys: 1 });
    events.lookup({ answer: 'failed', fromMemory: false, keys: 1 });
    expect(stats()).toMatchObject({ lookups: 6, memoryHits: 2, staleHits: 1, misses: 3, failures: 1, hitRate: 0.5 });
  });

  it('add up the calls of the store, their keys and units', () => {
    const { events, stats } = createMetrics();
    events.storeCall(call);
    events.storeCall({ ...call, readUnits: 0, writeUnits: 4 });
    expect(stats()).toMatchObject({ storeCalls: 2, storeKeys: 6, consumedReadUnits: 1.5, consumedWriteUnits: 4 });
  });

  it('count a throttled call once, although its keys are asked for again', () => {
    const { events, stats } = createMetrics();
    events.storeCall({ ...call, error: new CrawlgateError('STORE_THROTTLED', 'over capacity', {}) });
    events.retried({ operation: 'BatchGetItem', keys: 3, reason: 'ThrottlingException' });
    events.storeCall(call);
    events.retried({ operation: 'BatchGetItem', keys: 2, reason: 'UnprocessedKeys' });
    events.storeCall({ ...call, error: new CrawlgateError('STORE_UNAVAILABLE', 'no answer', {}) });
    expect(stats()).toMatchObject({ storeCalls: 3, retriedKeys: 5, throttles: 2 });
  });

  it('count operations by name, and those with names of more than a hundred characters as other', () => {
    const { events, read } = createMetrics();
    const operation = { type: 'query', outcome: 'ok', durationMs: 1, requestId: null, codes: [] } as const;
    for (const length of [100, 101, 1_000_000]) events.operation({ ...operation, name: 'n'.repeat(length) });
    expect(read().operations.map(({ name, count }) => [name, count])).toEqual([
      ['n'.repeat(100), 1],
      ['other', 2],
    ]);
  });

  it('count outages, and how long they were', () => {
    const { events, outages } = createMetrics();
    events.circuitChanged({ state: 'OPEN', downMs: 0 });
    expect(outages()).toEqual({ count: 1, downMs: 0 });
    events.circuitChanged({ state: 'CLOSED', downMs: 1_500 });
    events.circuitChanged({ state: 'OPEN', downMs: 0 });
    events.circuitChanged({ state: 'CLOSED', downMs: 500 });
    expect(outages()).toEqual({ count: 2, downMs: 2_000 });
  });
});
