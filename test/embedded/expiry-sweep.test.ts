import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EngineServer, startEngineServer } from '../../src/embedded/engine-server.js';
import { createSweepClient, sweepExpired } from '../../src/embedded/expiry-sweep.js';
import { createTable, getItem, putItem } from './engine-call.js';

const NOW = 1_800_000_000;
const FIVE_YEARS = 5 * 365 * 86_400;

const memoryEngine = {
  folder: null,
  port: 0,
  portFallback: false,
  waitMs: 0,
  tables: [],
  sweepEveryMs: 600_000,
  signal: new AbortController().signal,
};

let engine: EngineServer;
let client: DynamoDBClient;

beforeAll(async () => {
  engine = await startEngineServer(memoryEngine);
  client = createSweepClient(engine.port);
});

afterAll(async () => {
  client.destroy();
  await engine.close(1_000);
});

test('items with a ttl in the past are removed and all others stay', async () => {
  await createTable(engine.port, 'mixed');
  const kept: Record<string, object>[] = [
    { url: { S: 'now' }, ttl: { N: `${NOW}` } },
    { url: { S: 'later' }, ttl: { N: `${NOW + 1}` } },
    { url: { S: 'no ttl' } },
    { url: { S: 'text' }, ttl: { S: `${NOW - 1}` } },
    { url: { S: 'over five years ago' }, ttl: { N: `${NOW - FIVE_YEARS - 1}` } },
  ];
  const expired: Record<string, object>[] = [
    { url: { S: 'a second ago' }, ttl: { N: `${NOW - 1}` } },
    { url: { S: 'a fraction ago' }, ttl: { N: `${NOW - 1}.5` } },
    { url: { S: 'five years ago' }, ttl: { N: `${NOW - FIVE_YEARS}` } },
  ];
  for (const item of [...kept, ...expired]) await putItem(engine.port, item, 'mixed');

  expect(await sweepExpired({ client, tables: ['missing', 'mixed'], nowSeconds: NOW })).toBe(3);

  for (const item of kept) expect(await getItem(engine.port, nameOf(item), 'mixed')).toEqual(item);
  for (const item of expired) expect(await getItem(engine.port, nameOf(item), 'mixed')).toBeUndefined();
});

test('an item that is renewed between being seen and being removed stays', async () => {
  await createTable(engine.port, 'renewed');
  for (const url of ['a', 'b']) await putItem(engine.port, { url: { S: url }, ttl: { N: '1799999999' } }, 'renewed');
  const renewing = createSweepClient(engine.port);
  renewing.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName === 'DeleteItemCommand') {
        await putItem(engine.port, { url: { S: 'b' }, ttl: { N: '1900000000' } }, 'renewed');
      }
      return next(args);
    },
    { step: 'initialize' },
  );

  expect(await sweepExpired({ client: renewing, tables: ['renewed'], nowSeconds: NOW })).toBe(1);

  renewing.destroy();
  expect(await getItem(engine.port, 'a', 'renewed')).toBeUndefined();
  expect(await getItem(engine.port, 'b', 'renewed')).toEqual({ url: { S: 'b' }, ttl: { N: '1900000000' } });
});

test('more expired items than a page holds are all removed', async () => {
  await createTable(engine.port, 'many');
  await Promise.all(
    Array.from({ length: 250 }, (_, i) =>
      putItem(engine.port, { url: { S: `page ${i}` }, ttl: { N: `${i % 2 === 0 ? NOW - 1 : NOW + 1}` } }, 'many'),
    ),
  );
  expect(await sweepExpired({ client, tables: ['many'], nowSeconds: NOW })).toBe(125);
  expect(await sweepExpired({ client, tables: ['many'], nowSeconds: NOW })).toBe(0);
});

test('a running engine sweeps by itself, again and again', async () => {
  const sweeps: unknown[] = [];
  let swept = (): void => {};
  const own = await startEngineServer({
    ...memoryEngine,
    tables: ['pages'],
    sweepEveryMs: 20,
    onSweep: (outcome) => {
      sweeps.push(outcome);
      swept();
    },
  });
  try {
    await createTable(own.port);
    for (const url of ['first', 'second']) {
      const next = new Promise<void>((resolve) => {
        swept = resolve;
      });
      await putItem(own.port, { url: { S: url }, ttl: { N: `${Math.floor(Date.now() / 1000) - 10}` } });
      await next;
      expect(await getItem(own.port, url)).toBeUndefined();
    }
    expect(sweeps).toEqual([{ removed: 1 }, { removed: 1 }]);
  } finally {
    await own.close(1_000);
  }
});

function nameOf({ url }: Record<string, object>): string {
  return url !== undefined && 'S' in url ? String(url.S) : '';
}
