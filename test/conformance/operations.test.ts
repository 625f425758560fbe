// `crawlgate backup`, `capacity` and `doctor` over moto, which has recovery, expiry and CloudWatch.
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DeleteTableCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Capacity, periodSeconds } from '../../src/operations/capacity.js';
import type { Finding } from '../../src/operations/finding.js';
import { runCommand, runJson } from '../cli/commands.js';
import { type EngineClient, engines, isEngine, reach } from './engines.js';
import { uniqueName } from './world.js';

const moto = engines.find((engine) => isEngine(engine, 'moto'));

describe.skipIf(moto === undefined)('operations on moto', { timeout: 120_000 }, () => {
  const results = uniqueName();
  const sessions = `${results}-sessions`;
  let reached: EngineClient;
  let env: Record<string, string>;
  beforeAll(async () => {
    if (moto === undefined) throw new Error('there is no moto');
    reached = await reach(moto);
    env = {
      AWS_ENDPOINT_URL: reached.endpoint ?? '',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      DYNAMODB_TABLE_CRAWL_RESULTS: results,
      DYNAMODB_TABLE_SESSIONS: sessions,
    };
    const units = ['--billing', 'provisioned', '--read-units', '10', '--write-units', '5'];
    expect((await runCommand(['provision', '--no-recovery', ...units], env)).code).toBe(0);
  });
  afterAll(async () => {
    for (const TableName of [results, sessions]) {
      await reached.client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
      await reached.client.send(new DeleteTableCommand({ TableName }));
    }
    await reached[Symbol.asyncDispose]();
  });

  it('the doctor misses recovery; backup turns it on once, and says from when to when; then all is well', async () => {
    const sick = await runJson<{ findings: readonly Finding[] }>(['doctor'], env);
    expect(sick.code).toBe(1);
    const warnings = sick.json.findings.filter(({ level }) => level === 'warning' || level === 'problem');
    expect(warnings.map(({ check, found }) => [check, found])).toEqual(
      [results, sessions].map((name) => [`table ${name}`, 'missing: turn on point-in-time recovery']),
    );

    expect((await runCommand(['backup', '--dry-run'], env)).stdout).toContain(
      `${results}: point-in-time recovery is off`,
    );
    const first = await runJson<{ tables: readonly { changed: boolean; earliest: string; latest: string }[] }>(
      ['backup'],
      env,
    );
    expect(first.code).toBe(0);
    expect(first.json.tables.map(({ changed }) => changed)).toEqual([true, true]);
    for (const { earliest, latest } of first.json.tables)
      expect(Date.parse(latest)).toBeGreaterThanOrEqual(Date.parse(earliest));
    const second = await runCommand(['backup'], env);
    expect(second.stdout).toMatch(
      new RegExp(`${results}: point-in-time recovery is on, restorable from 2\\S+Z to 2\\S+Z`),
    );

    const well = await runJson<{ findings: readonly Finding[] }>(['doctor'], env);
    expect(well.json.findings.filter(({ level }) => level !== 'ok' && level !== 'note')).toEqual([]);
    expect(well.code).toBe(0);
  });

  it('capacity adds up what CloudWatch has of table and indexes, period by period', async () => {
    const endpoint = reached.endpoint ?? '';
    const cloudwatch = new CloudWatchClient({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const period = periodSeconds * 1000;
    const end = Math.floor(Date.now() / period) * period;
    const put = (minutesAgo: number, MetricName: string, Values: number[], index?: string) =>
      cloudwatch.send(
        new PutMetricDataCommand({
          Namespace: 'AWS/DynamoDB',
          MetricData: Values.map((Value) => ({
            MetricName,
            Value,
            Timestamp: new Date(end - minutesAgo * 60_000),
            Dimensions: [
              { Name: 'TableName', Value: results },
              ...(index === undefined ? [] : [{ Name: 'GlobalSecondaryIndexName', Value: index }]),
            ],
          })),
        }),
      );
    await put(9, 'ConsumedReadCapacityUnits', [300, 600]);
    await put(30, 'ConsumedReadCapacityUnits', [2700, 300]);
    await put(30, 'ReadThrottleEvents', [3]);
    await put(9, 'ConsumedReadCapacityUnits', [150], 'by-time');
    // Longer ago than the hour that is asked for.
    await put(90, 'ConsumedReadCapacityUnits', [9999]);
    cloudwatch.destroy();

    const args = ['capacity', '--read-price', '0.25', '--write-price', '1.25'];
    const { code, json } = await runJson<{ capacity: readonly Capacity[] }>(args, env);
    // Calls were throttled: somebody should look.
    expect(code).toBe(1);
    const of = (index: string | null, direction: string) =>
      json.capacity.find((it) => it.table === results && it.index === index && it.direction === direction);
    const read = of(null, 'read');
    expect(read).toMatchObject({
      sum: 3900,
      average: 3900 / 3600,
      maximum: 10,
      largestCall: 2700,
      throttleEvents: 3,
      provisioned: 10,
      usedAtMost: 100,
      onDemandCost: (3900 / 1_000_000) * 0.25,
    });
    expect(read?.periods).toHaveLength(12);
    expect(read?.periods.map(({ perSecond }) => perSecond).filter((value) => value > 0)).toEqual([10, 3]);
    expect(of('by-time', 'read')).toMatchObject({ sum: 150, maximum: 0.5 });
    expect(of(null, 'write')).toMatchObject({ sum: 0, provisioned: 5, usedAtMost: 0 });
    // Table and three indexes, and the sessions; each read and written.
    expect(json.capacity).toHaveLength(10);

    const { stdout } = await runCommand(args, env);
    expect(stdout).toMatch(/average +maximum +largest call +throttled +provisioned +used +at most +sum/);
    expect(stdout).toMatch(new RegExp(`${results} read +[▁▂▃▄▅▆▇█]{12} +10.0`));
    const longer = await runJson<{ capacity: readonly Capacity[] }>(['capacity', '--hours', '2'], env);
    expect(longer.json.capacity.find((it) => it.index === null && it.direction === 'read')?.sum).toBe(13_899);
  });
});
