// What CloudWatch is told: aggregated, complete, valid by its own schema.
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { startCloudWatch } from '../../src/observability/cloudwatch.js';
import { cloudwatchData, type Datum } from '../../src/observability/cloudwatch-data.js';
import { emfLine } from '../../src/observability/emf.js';
import { createMetrics } from '../../src/observability/metrics.js';

const schema = JSON.parse(readFileSync(new URL('./emf-schema.json', import.meta.url), 'utf8'));
const isEmf = new Ajv().compile(schema);

/** Seven lookups, three of them hits, and a call. */
function countSomething({ events, lookups }: ReturnType<typeof createMetrics>): void {
  events.lookup({ answer: 'fresh', fromMemory: true, keys: 2 });
  events.lookup({ answer: 'stale', fromMemory: true, keys: 1 });
  events.lookup({ answer: 'store', fromMemory: false, keys: 3 });
  events.lookup({ answer: 'failed', fromMemory: false, keys: 1 });
  events.storeCall({ operation: 'BatchGetItem', keys: 4, durationMs: 3, readUnits: 2, writeUnits: 0, error: null });
  events.retried({ operation: 'BatchGetItem', keys: 2, reason: 'UnprocessedKeys' });
  lookups.durationMs.add(0, 3);
  lookups.durationMs.add(7.5, 3);
  lookups.durationMs.add(5_000, 1);
  lookups.sizeKb.add(1.5, 2);
  lookups.sizeKb.add(300, 4);
}

function toldOf(data: readonly Datum[], name: string): unknown {
  const datum = data.find((each) => each.name === name);
  if (datum === undefined) return undefined;
  return 'value' in datum ? datum.value : datum.values;
}

describe('the data of one stretch of time', () => {
  it('are sums, and values with how often each occurred, by the names and units that operators know', () => {
    const metrics = createMetrics();
    countSomething(metrics);
    const before = metrics.read();
    countSomething(metrics);
    const data = cloudwatchData(metrics.read(), before);
    expect(Object.fromEntries(data.map(({ name, unit }) => [name, unit]))).toEqual({
      CacheHitRate: 'Count',
      Lookups: 'Count',
      StaleHits: 'Count',
      FailedLookups: 'Count',
      StoreCalls: 'Count',
      RetriedKeys: 'Count',
      Throttles: 'Count',
      ResponseTime: 'Milliseconds',
      ItemSize: 'Kilobytes',
    });
    expect(toldOf(data, 'CacheHitRate')).toEqual({ values: [1, 0], counts: [3, 4] });
    expect(toldOf(data, 'Lookups')).toBe(7);
    expect(toldOf(data, 'StaleHits')).toBe(1);
    expect(toldOf(data, 'FailedLookups')).toBe(1);
    expect(toldOf(data, 'StoreCalls')).toBe(1);
    expect(toldOf(data, 'RetriedKeys')).toBe(2);
    expect(toldOf(data, 'Throttles')).toBe(1);
    expect(toldOf(data, 'ResponseTime')).toEqual({ values: [0, 7.5, 5_000], counts: [3, 3, 1] });
    expect(toldOf(data, 'ItemSize')).toEqual({ values: [1.5, 300], counts: [2, 4] });
  });

  it('say nothing of a rate without lookups, and 0 of what did not occur', () => {
    const counted = createMetrics().read();
    const data = cloudwatchData(counted, counted);
    expect(data.map(({ name }) => name)).toEqual([
      'Lookups',
      'StaleHits',
      'FailedLookups',
      'StoreCalls',
      'RetriedKeys',
      'Throttles',
    ]);
  });

  it('have fewer distinct values than CloudWatch takes, however many different ones there were', () => {
    const metrics = createMetrics();
    const before = metrics.read();
    for (let i = 0; i < 20_000; i += 1) metrics.lookups.durationMs.add(1.0007 ** i / 16);
    const values = toldOf(cloudwatchData(metrics.read(), before), 'ResponseTime') as { values: number[] };
    expect(values.values.length).toBeLessThanOrEqual(100);
    expect(values.values.length).toBeGreaterThan(70);
  });
});

describe('a line in embedded metric format', () => {
  it("is valid by AWS's schema, and each metric that it declares is there", () => {
    const metrics = createMetrics();
    const before = metrics.read();
    countSomething(metrics);
    const line = emfLine(cloudwatchData(metrics.read(), before), 1_767_225_600_000);
    expect(line).toMatch(/^\{.*\}\n$/);
    const document = JSON.parse(line);
    expect(isEmf(document), JSON.stringify(isEmf.errors)).toBe(true);
    const [{ Namespace, Metrics }] = document._aws.CloudWatchMetrics;
    expect(Namespace).toBe('Crawl4AI/DynamoDB');
    expect(Object.keys(document)).toEqual(['_aws', ...Metrics.map(({ Name }: { Name: string }) => Name)]);
    expect(document.CacheHitRate).toEqual({ Values: [1, 0], Counts: [3, 4], Max: 1, Min: 0, Count: 7, Sum: 3 });
    expect(document.ResponseTime).toMatchObject({ Count: 7, Sum: 5_022.5, Max: 5_000, Min: 0 });
    expect(document.Lookups).toBe(7);
  });

  it('would not be valid with a unit that there is not', () => {
    const document = JSON.parse(emfLine([{ name: 'Lookups', unit: 'Count', value: 1 }], 0));
    document._aws.CloudWatchMetrics[0].Metrics[0].Unit = 'Pages';
    expect(isEmf(document)).toBe(false);
  });
});

describe('telling CloudWatch', () => {
  function startWorld() {
    const metrics = createMetrics();
    const told: (readonly Datum[])[] = [];
    const notices: string[] = [];
    const world = { fails: false, due: null as (() => void) | null };
    const cloudwatch = startCloudWatch({
      read: metrics.read,
      publish: async (data) => {
        if (world.fails) throw new Error('AccessDenied');
        told.push(data);
      },
      everyMs: 60_000,
      setTimer: (run) => {
        world.due = run;
        return () => {
          world.due = null;
        };
      },
      now: () => 0,
      events: { notice: ({ message }) => notices.push(message) },
    });
    const tick = async (): Promise<void> => {
      world.due?.();
      await new Promise(setImmediate);
    };
    return { metrics, told, notices, world, cloudwatch, tick };
  }

  it('happens once an interval whatever the load, and says at the end what is left', async () => {
    const { metrics, told, cloudwatch, tick } = startWorld();
    for (let i = 0; i < 1_000; i += 1) metrics.events.lookup({ answer: 'fresh', fromMemory: true, keys: 1 });
    expect(told).toHaveLength(0);
    await tick();
    expect(told.map((data) => toldOf(data, 'Lookups'))).toEqual([1_000]);
    metrics.events.lookup({ answer: 'store', fromMemory: false, keys: 5 });
    await cloudwatch[Symbol.asyncDispose]();
    await cloudwatch[Symbol.asyncDispose]();
    expect(told.map((data) => toldOf(data, 'Lookups'))).toEqual([1_000, 5]);
  });

  it('loses nothing while CloudWatch does not take it, and complains once', async () => {
    const { metrics, told, notices, world, cloudwatch, tick } = startWorld();
    world.fails = true;
    metrics.events.lookup({ answer: 'fresh', fromMemory: true, keys: 3 });
    await tick();
    await tick();
    world.fails = false;
    metrics.events.lookup({ answer: 'fresh', fromMemory: true, keys: 4 });
    await tick();
    expect(told.map((data) => toldOf(data, 'Lookups'))).toEqual([7]);
    expect(notices).toEqual([
      'CloudWatch does not take metrics: Error: AccessDenied',
      'CloudWatch takes metrics again.',
    ]);
    await cloudwatch[Symbol.asyncDispose]();
  });
});
