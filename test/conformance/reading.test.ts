// Reading in batches on every engine: each key its outcome, however much comes back at once, whoever wrote it.
import { BatchGetItemCommand, type CreateTableCommandInput, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selectRecord } from '../../src/domain/crawl-result.js';
import { groups } from '../../src/domain/fields.js';
import { plainWant } from '../../src/domain/read-many.js';
import { healthKey, latestKey } from '../../src/domain/result-key.js';
import { toUrlKey } from '../../src/domain/url-key.js';
import { describeResultsTable } from '../../src/dynamo/describe.js';
import type { Item } from '../../src/dynamo/table.js';
import { noise, page } from '../dynamo/writing/pages.js';
import { within } from '../support/within.js';
import { isEngine, readingEngines } from './engines.js';
import { openWorld, uniqueName, type World } from './world.js';

const strong = { ...plainWant, consistency: 'STRONG' as const };
const signal = (): AbortSignal => within(60_000);

describe.each(readingEngines)('reading on $name', (engine) => {
  describe.each(['document', 'versioned'] as const)('from the %s layout', (layout) => {
    let world: World;
    beforeAll(async () => {
      world = await openWorld(engine, { layout });
    });
    afterAll(async () => {
      expect(world.errors).toEqual([]);
      await world[Symbol.asyncDispose]();
    });

    const headKey = (url: string): Item =>
      layout === 'document' ? { url: { S: url } } : { pk: { S: `URL#${url}` }, sk: { S: 'LATEST' } };

    it.each(['STRONG', 'EVENTUAL'] as const)('answers every key of a long question once, %s', async (consistency) => {
      const urls = Array.from({ length: 230 }, (_, index) => `https://a.example/${index}`);
      if (consistency === 'STRONG') await world.put(...urls.slice(0, 220).map((url) => page(url, 1)));
      const keys = [...urls, ...urls].map((url) => latestKey(toUrlKey(url)));
      const outcomes = await world.access.read({
        keys,
        want: { ...strong, consistency, groups: groups.all },
        signal: signal(),
      });
      expect(outcomes.size).toBe(230);
      const kinds = urls.map((url) => outcomes.get(latestKey(toUrlKey(url)))?.kind);
      expect(kinds.filter((kind) => kind === 'found')).toHaveLength(220);
      expect(kinds.slice(220)).toEqual(Array.from({ length: 10 }, () => 'absent'));
    });

    it('answers the health probe without an item', async () => {
      const outcomes = await world.access.read({
        keys: [healthKey],
        want: { ...strong, groups: groups.none },
        signal: signal(),
      });
      expect(outcomes.get(healthKey)).toEqual({ kind: 'absent' });
    });

    it('takes an expired item for absent', async () => {
      const url = 'https://expired.example/';
      const ttl = Math.floor(world.now / 1000) - 1;
      await world.putItem({ ...headKey(url), html: { S: 'x' }, success: { BOOL: true }, ttl: { N: String(ttl) } });
      const stored = await world.stored(url);
      expect(stored === null ? null : selectRecord(stored, 'ANY', world.now)).toBeNull();
    });

    it('fails, and never says absent, where the table is not there', async () => {
      const described = { ...world.access.described, table: { ...world.table, name: uniqueName() } };
      const outcomes = await world.batchGet({
        ...{ table: described.table, keys: [headKey('https://a.example/1')], projection: null },
        ...{ consistent: false, bytes: null, signal: signal() },
      });
      expect([...outcomes.values()]).toMatchObject([{ kind: 'failed', error: { code: 'STORE_MISCONFIGURED' } }]);
    });

    it('finds the layout by reading where DescribeTable is refused', async () => {
      const send = async (command: object): Promise<unknown> => {
        if (command.constructor.name === 'DescribeTableCommand') {
          throw Object.assign(new Error('no'), { name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } });
        }
        return world.client.send(command as Parameters<DynamoDBClient['send']>[0]);
      };
      const client = { send } as Pick<DynamoDBClient, 'send'>;
      expect(await describeResultsTable(client, world.table.name)).toMatchObject({ layout });
      expect(await describeResultsTable(client, uniqueName())).toBeNull();
    });
  });

  describe('more than one answer can hold', () => {
    let world: World;
    const urls = Array.from({ length: 60 }, (_, index) => `https://large.example/${index}`);
    beforeAll(async () => {
      world = await openWorld(engine, { layout: 'document' });
      for (const url of urls) {
        await world.putItem({
          ...{ url: { S: url }, success: { BOOL: true }, created_at: { S: '2026-01-01T00:00:00' } },
          html: { S: noise(350_000, url) },
        });
      }
    }, 120_000);
    afterAll(() => world[Symbol.asyncDispose]());

    it('comes back whole', async () => {
      const keys = urls.map((url) => latestKey(toUrlKey(url)));
      const outcomes = await world.access.read({ keys, want: { ...strong, groups: groups.all }, signal: signal() });
      for (const [index, url] of urls.entries()) {
        const outcome = outcomes.get(keys[index] ?? latestKey(toUrlKey(url)));
        expect(outcome?.kind === 'found' ? outcome.value.success?.fields.get('html') : outcome).toBe(
          noise(350_000, url),
        );
      }
    });

    it('comes back with nothing of it where only heads are asked for', async () => {
      const keys = urls.map((url) => latestKey(toUrlKey(url)));
      const outcomes = await world.access.read({ keys, want: { ...strong, groups: groups.head }, signal: signal() });
      for (const outcome of outcomes.values()) {
        expect(outcome.kind === 'found' ? outcome.value.success?.fields.has('html') : outcome).toBe(false);
      }
    });

    it('is cut by the engine as we know it', async () => {
      const Keys = urls.map((url) => ({ url: { S: url } }));
      const output = await world.client.send(
        new BatchGetItemCommand({ RequestItems: { [world.table.name]: { Keys } } }),
      );
      const got = output.Responses?.[world.table.name]?.length ?? 0;
      expect(got + (output.UnprocessedKeys?.[world.table.name]?.Keys?.length ?? 0)).toBe(60);
      // AWS and its Local end an answer at 16 MB; the embedded engine far earlier, which asks more rounds of us.
      if (isEngine(engine, 'DynamoDB Local')) expect(got * 350_000).toBeLessThanOrEqual(16 * 1024 * 1024);
      if (isEngine(engine, 'embedded')) expect(got * 350_000).toBeLessThan(2 * 1024 * 1024);
      if (isEngine(engine, 'moto')) expect(got).toBeGreaterThan(0);
    });
  });

  describe('a table of other keys', () => {
    let world: World;
    const other = uniqueName();
    beforeAll(async () => {
      world = await openWorld(engine, { layout: 'document' });
      await world.create({
        TableName: other,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      } satisfies CreateTableCommandInput);
    });
    afterAll(() => world[Symbol.asyncDispose]());

    it('is refused by name; one that is not there is null', async () => {
      await expect(describeResultsTable(world.client, other)).rejects.toMatchObject({ code: 'STORE_MISCONFIGURED' });
      expect(await describeResultsTable(world.client, uniqueName())).toBeNull();
      expect(await describeResultsTable(world.client, world.table.name)).toMatchObject({
        layout: 'document',
        indexes: new Set(['by-time', 'by-site', 'by-url']),
      });
    });
  });
});
