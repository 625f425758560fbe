// Filling the feed's indexes on every engine: what Python wrote is found, lone versions get heads, runs go on where they stopped.
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import type { FeedFilter } from '../../src/domain/feed.js';
import { parseInstant } from '../../src/domain/instant.js';
import {
  type BackfillCounts,
  type BackfillDeps,
  createBackfill,
  noCounts,
} from '../../src/dynamo/backfill/backfill.js';
import { createPace } from '../../src/dynamo/backfill/pace.js';
import { createListVersions } from '../../src/dynamo/feed/versions.js';
import { createRetryPolicy, waitForReal } from '../../src/dynamo/retry.js';
import type { Item } from '../../src/dynamo/table.js';
import { silentEvents } from '../../src/observability/events.js';
import { within } from '../support/within.js';
import { engines } from './engines.js';
import { openWorld, type World, type WorldOptions } from './world.js';

const everything: FeedFilter = {
  ...{ url: null, match: 'EXACT', success: null, statusCode: null },
  ...{ createdAfter: null, createdBefore: null },
};

const unhurried = { ready: () => Promise.resolve() };

describe.each(engines)('backfill on $name', (engine) => {
  let world: World;
  afterEach(async () => {
    expect(world.errors).toEqual([]);
    await world[Symbol.asyncDispose]();
  });
  const open = async (options: WorldOptions): Promise<void> => {
    world = await openWorld(engine, options);
  };

  function deps(more: Partial<BackfillDeps> = {}): BackfillDeps {
    const retry = createRetryPolicy({ baseMs: 20, maxRetries: 3, random: Math.random, wait: waitForReal });
    const common = { client: world.client, retry, events: silentEvents, now: () => world.now, table: world.table };
    return {
      ...common,
      layout: world.access.described.layout,
      read: world.access.read,
      put: world.access.writers.put,
      listVersions: createListVersions(common),
      maxUrlBytes: world.access.maxUrlBytes,
      pace: unhurried,
      ...more,
    };
  }

  async function run(more: Partial<BackfillDeps> = {}): Promise<{ counts: BackfillCounts; problems: string[] }> {
    const problems: string[] = [];
    const counts = await createBackfill(deps(more))({
      from: null,
      counts: noCounts,
      signal: within(60_000),
      onPage: () => Promise.resolve(),
      onFailed: ({ key, error }) => problems.push(`${key} ${error.code}`),
    });
    return { counts, problems };
  }

  async function feed(filter: Partial<FeedFilter> = {}): Promise<string[]> {
    const signal = within(20_000);
    const request = { filter: { ...everything, ...filter }, first: 100, after: null, signal };
    return (await world.access.readFeed(request)).entries.map(({ url }) => url);
  }

  const pythonItem = (path: string, more: Item = {}): Item => ({
    url: { S: `https://p.example/${path}` },
    success: { BOOL: true },
    html: { S: '<p>' },
    created_at: { S: '2026-11-20T10:00:00.5' },
    ...more,
  });

  describe('of the document layout', () => {
    it('makes what Python wrote be found, once, and touches nothing else of it', async () => {
      await open({ layout: 'document' });
      await world.put({ url: 'https://p.example/ours', success: true, html: 'x', created_at: '2026-11-21T00:00:00Z' });
      await world.putItem(pythonItem('maps'));
      await world.putItem(pythonItem('json', { created_at: { S: '' }, crawled_at: { N: '1763892672.25' } }));
      await world.putItem(pythonItem('no-time', { created_at: { S: 'soon' } }));
      await world.putItem(pythonItem('expired', { ttl: { N: '1763892672' } }));
      await world.putItem({ url: { S: 'crawlgate-part:x:y' }, chunk: { B: Buffer.from('x') } });
      await world.putItem({ ...pythonItem('x'), url: { S: 'not a url' } });
      const before = await world.items();
      expect(await feed()).toEqual(['https://p.example/ours']);

      const first = await run();
      expect(first.counts).toEqual({ scanned: 7, completed: 3, heads: 0, untimed: 1, failed: 1 });
      expect(first.problems).toEqual(['not a url BAD_USER_INPUT']);
      expect(await feed()).toEqual(['https://p.example/ours', 'https://p.example/maps', 'https://p.example/json']);
      expect(await feed({ match: 'HOST', url: 'p.example' })).toEqual(
        ['json', 'maps', 'no-time', 'ours'].map((path) => `https://p.example/${path}`),
      );
      const added = new Set(['feed_day', 'order', 'site', 'surt']);
      const bare = (items: readonly Item[]): unknown =>
        items
          .map((item) => Object.entries(item).filter(([name]) => !added.has(name)))
          .map((entries) => Object.fromEntries(entries.sort()))
          .sort((a, b) => String(a.url?.S).localeCompare(String(b.url?.S)));
      expect(bare(await world.items())).toEqual(bare(before));

      expect((await run()).counts).toMatchObject({ completed: 0, failed: 1 });
    });

    it('mends what Python moved to another time', async () => {
      await open({ layout: 'document' });
      await world.putItem(pythonItem('moved'));
      await world.putItem(pythonItem('still', { created_at: { S: '2026-11-20T11:00:00' } }));
      await run();
      expect(await feed()).toEqual(['https://p.example/still', 'https://p.example/moved']);
      await world.client.send(
        new UpdateItemCommand({
          TableName: world.table.name,
          Key: { url: { S: 'https://p.example/moved' } },
          UpdateExpression: 'SET created_at = :t',
          ExpressionAttributeValues: { ':t': { S: '2026-11-22T10:00:00' } },
        }),
      );
      expect((await run()).counts.completed).toBe(1);
      expect(await feed()).toEqual(['https://p.example/moved', 'https://p.example/still']);
    });

    it('leaves alone what is written over while it looks', async () => {
      await open({ layout: 'document' });
      await world.putItem(pythonItem('raced'));
      // The pace is asked before each write: the crawler comes in between.
      let calls = 0;
      const ready = async (): Promise<void> => {
        calls += 1;
        if (calls === 2) await world.putItem(pythonItem('raced', { created_at: { S: '2026-11-23T00:00:00' } }));
      };
      expect((await run({ pace: { ready } })).counts).toMatchObject({ completed: 0, failed: 0 });
      expect(await world.items()).toEqual([pythonItem('raced', { created_at: { S: '2026-11-23T00:00:00' } })]);
    });

    it('goes on where an earlier run stopped', async () => {
      await open({ layout: 'document' });
      for (let index = 0; index < 250; index += 1) await world.putItem(pythonItem(`${index}`));
      const stop = new AbortController();
      let reached: { counts: BackfillCounts; next: Item | null } | null = null;
      const request = { signal: stop.signal, onFailed: () => undefined };
      const stopped = createBackfill(deps())({
        ...{ ...request, from: null, counts: noCounts },
        onPage: async (counts, next) => {
          reached = { counts, next };
          stop.abort();
        },
      });
      await expect(stopped).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
      const { counts, next } = reached ?? { counts: noCounts, next: null };
      expect(counts).toMatchObject({ scanned: 200, completed: 200 });
      const rest = await createBackfill(deps())({
        ...{ ...request, from: next, counts, signal: within(60_000) },
        onPage: () => Promise.resolve(),
      });
      expect(rest).toEqual({ scanned: 250, completed: 250, heads: 0, untimed: 0, failed: 0 });
    }, 120_000);
  });

  describe('of a table that holds versions alone', () => {
    const url = 'https://v.example/page';
    const version = (sk: string, more: Item): Item => ({
      pk: { S: `URL#${url}` },
      sk: { S: `VERSION#${sk}` },
      ...more,
    });

    it('gives each URL its newest success, with a later failure beside it', async () => {
      await open({ layout: 'versioned' });
      const ttl = Math.floor(world.now / 1000) + 5 * 86_400;
      await world.putItem(
        version('2026-11-19T08:00:00', {
          ...{ success: { BOOL: true }, html: { S: 'first' }, created_at: { S: '2026-11-19T08:00:00' } },
        }),
      );
      await world.putItem(
        version('2026-11-20T08:00:00', {
          created_at: { S: '2026-11-20T08:00:00' },
          ttl: { N: String(ttl) },
          data: {
            M: {
              success: { BOOL: true },
              html: { S: 'second'.repeat(2000) },
              markdown: { S: '# Second' },
              metadata: { M: { title: { S: 'Second' } } },
              status_code: { N: '200' },
            },
          },
        }),
      );
      await world.putItem(
        version('2026-11-21T08:00:00', {
          success: { BOOL: false },
          error_message: { S: 'gone' },
          status_code: { N: '502' },
        }),
      );
      await world.putItem({ pk: { S: 'URL#https://v.example/empty' }, sk: { S: 'PART#x' } });
      expect(await world.stored(url)).toBeNull();

      const { counts, problems } = await run();
      expect(problems).toEqual([]);
      expect(counts).toEqual({ scanned: 4, completed: 0, heads: 1, untimed: 0, failed: 0 });
      expect(await world.document(url, 'success')).toEqual({
        ...{ url, success: true, html: 'second'.repeat(2000), status_code: 200 },
        metadata: { title: 'Second' },
        // What Python's model makes of a text.
        markdown: { raw_markdown: '# Second', markdown_with_citations: '', references_markdown: '' },
      });
      const stored = await world.stored(url);
      expect(stored?.success).toMatchObject({ createdAt: parseInstant('2026-11-20T08:00:00'), expiresAt: ttl });
      expect(stored?.failure).toMatchObject({ createdAt: parseInstant('2026-11-21T08:00:00'), statusCode: 502 });
      expect(await feed()).toEqual([url]);

      const page = await world.access.readVersions({
        ...{ url: url as never, first: 10, after: null, closest: null },
        ...{ before: stored?.success?.order ?? null, signal: within(10_000) },
      });
      expect(page.entries.map(({ versionId }) => versionId)).toEqual(['2026-11-19T08:00:00']);
      expect((await run()).counts).toMatchObject({ heads: 0, completed: 0 });
    });

    it('leaves a URL whose head is there as it is, and names what cannot be made a head', async () => {
      await open({ layout: 'versioned' });
      await world.put({ url, success: true, html: 'ours', created_at: '2026-11-18T00:00:00Z' });
      await world.putItem(version('2026-11-20T08:00:00', { success: { BOOL: true }, html: { S: 'other' } }));
      await world.putItem({
        ...{ pk: { S: 'URL#https://v.example/odd' }, sk: { S: 'VERSION#1' } },
        ...{ success: { BOOL: true }, html: { S: 'no time at all' } },
      });
      const { counts, problems } = await run();
      expect(counts).toMatchObject({ heads: 0, completed: 0, failed: 1 });
      expect(problems).toEqual(['URL#https://v.example/odd MALFORMED_ITEM']);
      expect(await world.document(url)).toMatchObject({ html: 'ours' });
    });
  });
});

describe('the pace of a backfill', () => {
  it('waits until what was consumed is within the limit, and saves nothing up', async () => {
    let now = 0;
    const waits: number[] = [];
    const pace = createPace({
      unitsPerSecond: 50,
      elapsed: () => now,
      wait: async (ms) => {
        waits.push(ms);
        now += ms;
      },
    });
    const { signal } = new AbortController();
    const call = (units: number): void =>
      pace.events.storeCall({
        ...{ operation: 'Scan', keys: 1, durationMs: 1, error: null },
        ...{ readUnits: units / 2, writeUnits: units / 2 },
      });
    await pace.ready(signal);
    expect(waits).toEqual([]);
    call(100);
    await pace.ready(signal);
    expect(waits).toEqual([2000]);
    now += 60_000;
    call(25);
    await pace.ready(signal);
    expect(waits).toEqual([2000, 500]);
  });
});
