// The feed on every engine: newest first by number, URLs in order, page after page without a gap, or by scanning.

import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FeedFilter, ReadFeed } from '../../src/domain/feed.js';
import { type Instant, instantOfMillis } from '../../src/domain/instant.js';
import { documentLayout } from '../../src/dynamo/codec/layout-document.js';
import { describeResultsTable } from '../../src/dynamo/describe.js';
import { createScanFeed } from '../../src/dynamo/feed/feed-scan.js';
import { createRetryPolicy, waitForReal } from '../../src/dynamo/retry.js';
import { silentEvents } from '../../src/observability/events.js';
import { within } from '../support/within.js';
import { readingEngines } from './engines.js';
import { openWorld, uniqueName, type World } from './world.js';

const everything: FeedFilter = {
  ...{ url: null, match: 'EXACT', success: null, statusCode: null },
  ...{ createdAfter: null, createdBefore: null },
};

async function collect(feed: ReadFeed, filter: Partial<FeedFilter>, first: number): Promise<string[]> {
  const urls: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < 300; page += 1) {
    const request = { filter: { ...everything, ...filter }, first, after, signal: within(60_000) };
    const answer: Awaited<ReturnType<ReadFeed>> = await feed(request);
    urls.push(...answer.entries.map(({ url }) => url));
    if (!answer.hasNextPage) return urls;
    after = answer.endCursor;
  }
  throw new Error('the feed has no end');
}

/** Indexes of AWS lag behind their table by a moment. */
async function settled(feed: ReadFeed, createdAfter: Instant, count: number): Promise<void> {
  for (let attempt = 0; attempt < 50 && (await collect(feed, { createdAfter }, 100)).length < count; attempt += 1) {
    await waitForReal(200, within(1000));
  }
}

describe.each(readingEngines)('the feed on $name', { timeout: 240_000 }, (engine) => {
  describe.each(['document', 'versioned'] as const)('of the %s layout', (layout) => {
    let world: World;
    const expected: { url: string; micros: number; success: boolean }[] = [];

    beforeAll(async () => {
      world = await openWorld(engine, { layout });
      const hosts = ['www.one.example', 'one.example', 'shop.one.example', 'two.example', 'notone.example'];
      for (let index = 0; index < 60; index += 1) {
        // Five share each moment, some days are empty, one result is so old that its number has a digit less.
        const days = index === 59 ? 9500 : Math.floor(index / 5) * 2.7;
        const micros = (world.now - days * 86_400_000) * 1000 + 3;
        const url = `https://${hosts[index % 5]}/${index % 2 === 0 ? 'even' : 'odd'}/${index}${'/long'.repeat(index === 7 ? 390 : 0)}`;
        expected.push({ url, micros, success: index % 7 !== 0 });
      }
      await world.put(
        ...expected.map(({ url, micros, success }) => ({
          ...{ url, success, html: '', status_code: 200 },
          created_at: `${new Date(micros / 1000).toISOString().slice(0, -1)}003+00:00`,
        })),
      );
      await settled(world.access.readFeed, recently(), 59);
    });
    afterAll(async () => {
      expect(world.errors).toEqual([]);
      await world[Symbol.asyncDispose]();
    });

    const recently = (): Instant => instantOfMillis(world.now - 35 * 86_400_000);

    it.each([2, 100])('lists everything once, newest first, %i a page', async (first) => {
      const urls = await collect(world.access.readFeed, { createdAfter: recently() }, first);
      expect([...urls].sort()).toEqual(
        expected
          .slice(0, 59)
          .map(({ url }) => url)
          .sort(),
      );
      const times = urls.map((url) => expected.find((entry) => entry.url === url)?.micros ?? 0);
      expect(times).toEqual([...times].sort((a, b) => b - a));
    });

    it('lists a site in the order of numbers, not of their digits', async () => {
      const urls = await collect(world.access.readFeed, { match: 'DOMAIN', url: 'notone.example' }, 3);
      expect(urls.at(-1)).toBe(expected[59]?.url);
      expect(urls).toHaveLength(12);
    });

    it('narrows to a range of time and to failures', async () => {
      const createdAfter = (world.now - 10 * 86_400_000) * 1000;
      const wanted = expected.filter(({ micros, success }) => micros > createdAfter && !success).map(({ url }) => url);
      const urls = await collect(world.access.readFeed, { createdAfter: createdAfter as never, success: false }, 3);
      expect([...urls].sort()).toEqual([...wanted].sort());
    });

    it.each([
      ['DOMAIN', 'one.example', /\/\/([a-z]+\.)?one\.example\//],
      ['DOMAIN', 'https://shop.one.example/x', /\/\/shop\.one\.example\//],
      ['HOST', 'https://one.example/', /\/\/one\.example\//],
      ['PREFIX', 'https://www.one.example/even/', /\/\/www\.one\.example\/even\//],
    ] as const)('matches %s %s', async (match, url, pattern) => {
      const urls = await collect(world.access.readFeed, { match, url }, 2);
      const wanted = expected.map((entry) => entry.url).filter((candidate) => pattern.test(candidate));
      expect([...urls].sort()).toEqual([...wanted].sort());
      expect(wanted.length).toBeGreaterThan(0);
    });

    it('finds one exact URL, and nothing where none is stored', async () => {
      const url = expected[3]?.url ?? '';
      expect(await collect(world.access.readFeed, { url }, 5)).toEqual([url]);
      expect(await collect(world.access.readFeed, { url: `${url}0` }, 5)).toEqual([]);
    });
  });

  describe('of a table that Python made', () => {
    let world: World;
    const python = uniqueName();
    beforeAll(async () => {
      world = await openWorld(engine, { layout: 'document' });
      await world.create({
        TableName: python,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'url', KeyType: 'HASH' }],
        AttributeDefinitions: [
          { AttributeName: 'url', AttributeType: 'S' },
          { AttributeName: 'created_at', AttributeType: 'S' },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'timestamp-index',
            KeySchema: [{ AttributeName: 'created_at', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      });
    });
    afterAll(() => world[Symbol.asyncDispose]());

    it('is scanned, says so, and lists no part of ours', async () => {
      const described = await describeResultsTable(world.client, python);
      if (described === null) throw new Error('no such table');
      expect(described.indexes.size).toBe(0);
      const urls = Array.from({ length: 30 }, (_, index) => `https://p.example/${index}`);
      for (const url of [...urls, 'crawlgate-part:x:y']) {
        const Item = { url: { S: url }, success: { BOOL: true }, created_at: { S: '2026-01-01T00:00:00' } };
        await world.client.send(new PutItemCommand({ TableName: python, Item }));
      }
      const retry = createRetryPolicy({ baseMs: 5, maxRetries: 3, random: Math.random, wait: waitForReal });
      const now = (): number => world.now;
      const deps = { client: world.client, retry, events: silentEvents, now, table: described.table };
      const scan = createScanFeed({ ...deps, layout: documentLayout });
      const found: string[] = [];
      let from: Parameters<typeof scan>[0]['from'] = null;
      do {
        const signal = within(60_000);
        const page: Awaited<ReturnType<typeof scan>> = await scan({
          filter: everything,
          match: null,
          first: 7,
          from,
          signal,
        });
        found.push(...page.listed.map(({ url }) => url));
        from = page.next;
      } while (from !== null);
      expect(found.sort()).toEqual([...urls].sort());
    });
  });
});
