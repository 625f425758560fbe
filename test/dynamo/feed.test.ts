// The feed: newest first or in URL order, page after page without a gap or a repeat, over indexes or by scanning.
import { BatchWriteItemCommand, type CreateTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FeedFilter, FeedPage, ReadFeed } from '../../src/domain/feed.js';
import type { Instant } from '../../src/domain/instant.js';
import type { JsonValue } from '../../src/domain/packed-text.js';
import type { UrlKey } from '../../src/domain/url-key.js';
import { feedAttributes } from '../../src/dynamo/codec/feed-attributes.js';
import { documentLayout } from '../../src/dynamo/codec/layout-document.js';
import { versionedLayout } from '../../src/dynamo/codec/layout-versioned.js';
import { describeResultsTable } from '../../src/dynamo/describe.js';
import { createQueryPartition } from '../../src/dynamo/feed/feed-query.js';
import { createFeedReader } from '../../src/dynamo/feed/feed-reader.js';
import { createScanFeed } from '../../src/dynamo/feed/feed-scan.js';
import { createWholeIndex } from '../../src/dynamo/feed/feed-whole.js';
import { createTable } from '../../src/dynamo/provision.js';
import { createRetryPolicy, waitForReal } from '../../src/dynamo/retry.js';
import { within } from '../support/within.js';
import { openWorld, type World } from './writing/world.js';

const everything: FeedFilter = {
  url: null,
  match: 'EXACT',
  success: null,
  statusCode: null,
  createdAfter: null,
  createdBefore: null,
};

async function openFeed(world: World, tableName: string): Promise<ReadFeed> {
  const described = await describeResultsTable(world.client, tableName);
  if (described === null) throw new Error('no such table');
  const retry = createRetryPolicy({ baseMs: 5, maxRetries: 3, random: Math.random, wait: waitForReal });
  const layout = described.layout === 'document' ? documentLayout : versionedLayout;
  const deps = {
    client: world.client,
    retry,
    events: world.events,
    now: () => world.now,
    table: described.table,
    layout,
  };
  return createFeedReader({
    described,
    query: createQueryPartition(deps),
    wholeIndex: createWholeIndex(deps),
    scan: createScanFeed(deps),
    read: world.read,
    now: () => world.now,
  });
}

async function collect(feed: ReadFeed, filter: Partial<FeedFilter>, first: number): Promise<string[]> {
  const urls: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < 500; page += 1) {
    const signal = within(20_000);
    const answer: Awaited<ReturnType<ReadFeed>> = await feed({
      filter: { ...everything, ...filter },
      first,
      after,
      signal,
    });
    expect(answer.entries.length).toBeLessThanOrEqual(first);
    urls.push(...answer.entries.map(({ url }) => url));
    if (!answer.hasNextPage) return urls;
    after = answer.endCursor;
  }
  throw new Error('the feed has no end');
}

describe.each(['document', 'versioned'] as const)('the feed of the %s layout', (layout) => {
  let world: World;
  let feed: ReadFeed;
  const expected: { url: string; micros: number; success: boolean }[] = [];

  beforeAll(async () => {
    world = await openWorld({ layout });
    const documents: JsonValue[] = [];
    const hosts = ['www.one.example', 'one.example', 'shop.one.example', 'two.example', 'notone.example'];
    for (let index = 0; index < 70; index += 1) {
      const host = hosts[index % hosts.length] ?? '';
      // Ten share each moment, some days are empty, the oldest are 40 days back.
      const micros = (world.now - Math.floor(index / 10) * 86_400_000 * 2.7) * 1000 + 3;
      const seconds = new Date(micros / 1000).toISOString().slice(0, -1);
      const url = `https://${host}/${index % 2 === 0 ? 'even' : 'odd'}/${index}`;
      expected.push({ url, micros, success: index % 7 !== 0 });
      documents.push({ url, success: index % 7 !== 0, html: '', status_code: 200, created_at: `${seconds}003+00:00` });
    }
    await world.put(...documents);
    feed = await openFeed(world, world.table.name);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  // Of ten that share a moment a page of seven leaves some, each time others.
  it.each([7, 20])('lists everything once, newest first, %i a page', async (first) => {
    const urls = await collect(feed, {}, first);
    expect([...urls].sort()).toEqual(expected.map(({ url }) => url).sort());
    const times = urls.map((url) => expected.find((entry) => entry.url === url)?.micros ?? 0);
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });

  it('narrows to a range of time and to failures', async () => {
    const createdAfter = (world.now - 10 * 86_400_000) * 1000;
    const wanted = expected.filter(({ micros, success }) => micros > createdAfter && !success).map(({ url }) => url);
    const urls = await collect(feed, { createdAfter: createdAfter as never, success: false }, 3);
    expect([...urls].sort()).toEqual([...wanted].sort());
  });

  it.each([
    ['DOMAIN', 'one.example', /\/\/([a-z]+\.)?one\.example\//],
    ['DOMAIN', 'https://shop.one.example/x', /\/\/shop\.one\.example\//],
    ['HOST', 'https://one.example/', /\/\/one\.example\//],
    ['PREFIX', 'https://www.one.example/even/', /\/\/www\.one\.example\/even\//],
  ] as const)('matches %s %s', async (match, url, pattern) => {
    const urls = await collect(feed, { match, url }, 4);
    const wanted = expected.map((entry) => entry.url).filter((candidate) => pattern.test(candidate));
    expect(wanted.length).toBeGreaterThan(0);
    expect([...urls].sort()).toEqual([...wanted].sort());
  });

  it('finds one exact URL, and nothing where none is stored', async () => {
    const url = expected[3]?.url ?? '';
    expect(await collect(feed, { url }, 5)).toEqual([url]);
    expect(await collect(feed, { url: `${url}0` }, 5)).toEqual([]);
  });

  it.each([
    ['everything', {}],
    ['a domain', { match: 'DOMAIN', url: 'one.example' }],
    ['a host', { match: 'HOST', url: 'one.example' }],
    ['a prefix', { match: 'PREFIX', url: 'one.example/even/' }],
  ] as const)('tells URL and time of %s without reading an item', async (_name, filter) => {
    world.calls.clear();
    const signal = within(20_000);
    const { entries } = await feed({ filter: { ...everything, ...filter }, first: 5, after: null, signal });
    expect(entries).toHaveLength(5);
    for (const { url, createdAt } of entries) {
      expect(createdAt).toBe(expected.find((entry) => entry.url === url)?.micros);
    }
    expect([...world.calls.keys()].filter((operation) => operation !== 'Query' && operation !== 'Scan')).toEqual([]);
  });

  it('of a host passes over its subdomains: no page behind the last result, and no read of theirs', async () => {
    const wanted = expected.map(({ url }) => url).filter((url) => url.startsWith('https://one.example/'));
    world.calls.clear();
    const signal = within(20_000);
    const filter = { ...everything, match: 'HOST', url: 'one.example' } as const;
    const { entries, hasNextPage } = await feed({ filter, first: wanted.length, after: null, signal });
    expect(entries.map(({ url }) => url).sort()).toEqual([...wanted].sort());
    expect(hasNextPage).toBe(false);
    // The host itself, then the same host at other ports.
    expect(Object.fromEntries(world.calls)).toEqual({ Query: 2 });
  });

  it('lists a result whose crawl failed later as the result that it is, whatever URLs are matched', async () => {
    await using own = await openWorld({ layout });
    const url = 'https://one.example/failed-later';
    const at = (hour: number) => `${new Date(own.now - hour * 3_600_000).toISOString().slice(0, -1)}000+00:00`;
    await own.put({ url, success: true, html: '', status_code: 200, created_at: at(2) });
    await own.put({ url, success: false, html: '', status_code: 502, created_at: at(1) });
    const readFeed = await openFeed(own, own.table.name);
    const listed = async (filter: Partial<FeedFilter>) => {
      const page = await readFeed({
        filter: { ...everything, ...filter },
        first: 5,
        after: null,
        signal: within(20_000),
      });
      return page.entries.map(({ createdAt }) => createdAt);
    };
    const success = (own.now - 2 * 3_600_000) * 1000;
    for (const match of ['EXACT', 'PREFIX', 'HOST', 'DOMAIN'] as const) {
      expect(await listed({ url, match }), match).toEqual([success]);
    }
    expect(await listed({})).toEqual([success]);
    // Whoever asks for failures is told of it.
    const failure = (own.now - 3_600_000) * 1000;
    for (const match of ['EXACT', 'DOMAIN'] as const) {
      expect(await listed({ url, match, success: false }), match).toEqual([failure]);
      expect(await listed({ url, match, success: true }), match).toEqual([success]);
    }
  });

  it('lists nothing that has expired, though it lies there still', async () => {
    const before = world.now;
    world.now += 31 * 86_400_000;
    try {
      expect(await collect(feed, {}, 20)).toEqual([]);
      expect(await collect(feed, { match: 'HOST', url: 'one.example' }, 20)).toEqual([]);
      expect(await collect(feed, { match: 'DOMAIN', url: 'one.example' }, 20)).toEqual([]);
    } finally {
      world.now = before;
    }
  });

  it.each([
    ['nonsense', {}, 'nonsense'],
    ['a place of another list', {}, ['url', 'example,one)/', 'https://one.example/']],
    ['a URL that no key can be', {}, ['time', 1, `https://one.example/${'x'.repeat(2048)}`]],
    [
      'a rank that no key can be',
      { match: 'HOST', url: 'one.example' },
      ['url', 'x'.repeat(1025), 'https://one.example/'],
    ],
    ['half a character', { match: 'HOST', url: 'one.example' }, ['url', '\ud800', 'https://one.example/']],
  ] as const)('refuses a cursor that it never gave: %s', async (_name, filter, place) => {
    const after = typeof place === 'string' ? place : Buffer.from(JSON.stringify(place)).toString('base64url');
    const request = { filter: { ...everything, ...filter }, first: 1, after, signal: within(20_000) };
    await expect(feed(request)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

describe.each(['document', 'versioned'] as const)('the feed of the %s layout, page after page', (layout) => {
  let world: World;
  let feed: ReadFeed;
  beforeAll(async () => {
    world = await openWorld({ layout, ttlDays: 0 });
    feed = await openFeed(world, world.table.name);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const document = (url: string, millis: number): JsonValue => ({
    ...{ url, success: true, html: '', status_code: 200 },
    created_at: new Date(millis).toISOString(),
  });

  it.each([
    ['newest first', 'all.example', {}],
    ['newest first of a domain', 'time.example', { match: 'DOMAIN', url: 'time.example' }],
    ['in the order of URLs', 'url.example', { match: 'HOST', url: 'url.example' }],
  ] as const)('neither repeats nor skips while results are written, %s', async (_name, host, filter) => {
    const still = Array.from({ length: 27 }, (_, index) => `https://${host}/${index}`);
    // Many at one moment, so that a page ends among them.
    await world.put(...still.map((url, index) => document(url, world.now - Math.floor(index / 9) * 3_600_000)));
    const seen: string[] = [];
    let after: string | null = null;
    let round = 0;
    for (;;) {
      const signal = within(20_000);
      const page: FeedPage = await feed({ filter: { ...everything, ...filter }, first: 4, after, signal });
      seen.push(...page.entries.map(({ url }) => url));
      if (!page.hasNextPage) break;
      after = page.endCursor;
      // New ones before, at and behind the place where the page ended.
      await world.put(
        ...[-10, 0, 1, 5].map((hours) =>
          document(
            `https://${host}/new-${round}-${hours}`,
            world.now - hours * 3_600_000 + (hours < 0 ? -35_900_000 : 0),
          ),
        ),
      );
      round += 1;
      if (round > 200) throw new Error('the feed has no end');
    }
    expect(round).toBeGreaterThan(8);
    expect(seen.filter((url) => still.includes(url)).sort()).toEqual([...still].sort());
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('asks a small table a few times, however far apart its results are', async () => {
    world.calls.clear();
    const createdBefore = (world.now - 70 * 86_400_000) * 1000;
    const filter = { ...everything, createdBefore: createdBefore as never };
    await feed({ filter, first: 100, after: null, signal: within(20_000) });
    expect(world.calls.get('Scan')).toBe(1);
    // Eight shards of two days, and what is left of a shard that was cut.
    expect(world.calls.get('Query')).toBeLessThanOrEqual(24);
  });

  it('lists more results of one moment than fit a call, in a few calls', async () => {
    const many = Array.from({ length: 80 }, (_, index) => `https://moment.example/${index}`);
    await world.put(...many.map((url) => document(url, world.now - 20 * 86_400_000)));
    world.calls.clear();
    const filter = { match: 'DOMAIN', url: 'moment.example' } as const;
    const signal = within(20_000);
    const page = await feed({ filter: { ...everything, ...filter }, first: 3, after: null, signal });
    expect(page.entries).toHaveLength(3);
    expect(world.calls.get('Query')).toBeLessThanOrEqual(3);
    expect(new Set(await collect(feed, filter, 40))).toEqual(new Set(many));
  });

  it('passes over nothing of a day whose one shard holds more than a page, whatever a filter leaves of it', async () => {
    const urls = Array.from({ length: 200 }, (_, index) => `https://shard.example/${index}`);
    const shard = (url = ''): unknown => feedAttributes(url as UrlKey, 0 as Instant).feed_day?.S;
    const full = urls.filter((url) => shard(url) === shard(urls[0])).slice(0, 12);
    const others = urls.filter((url) => shard(url) !== shard(urls[0])).slice(0, 4);
    // Failures are the oldest of the full shard, and behind them all others.
    const failures = [...full.slice(8), ...others];
    const noon = Math.floor(world.now / 86_400_000 - 50) * 86_400_000 + 43_200_000;
    const moment = (url: string): number => noon - [...full, ...others].indexOf(url) * 60_000;
    await world.put(
      ...[...full, ...others].map((url) => ({
        ...(document(url, moment(url)) as object),
        success: !failures.includes(url),
      })),
    );
    const [createdAfter, createdBefore] = [noon - 86_400_000, noon + 86_400_000].map((millis) => millis * 1000);
    const filter = { success: false, createdAfter: createdAfter as never, createdBefore: createdBefore as never };
    expect(await collect(feed, filter, 2)).toEqual(failures);
  });

  it('finds what begins with a prefix as long as a range key', async () => {
    const long = `https://long.example/${'a'.repeat(1200)}`;
    await world.put(document(`${long}/1`, world.now), document(`${long}/2`, world.now));
    const found = await collect(feed, { match: 'PREFIX', url: `${long}/1` }, 1);
    expect(found).toContain(`${long}/1`);
  });

  it('goes on to what is years old, over gaps of months', async () => {
    const days = [500, 800, 801, 2000];
    await world.put(...days.map((day) => document(`https://old.example/${day}`, world.now - day * 86_400_000)));
    const createdBefore = (world.now - 70 * 86_400_000) * 1000;
    expect(await collect(feed, { createdBefore: createdBefore as never }, 3)).toEqual(
      days.map((day) => `https://old.example/${day}`),
    );
  });
});

describe('the feed of a table that Python made', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ layout: 'document' });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it('scans, says so, and lists no part of ours', async () => {
    await createTable(world.client, {
      TableName: 'python',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'url', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'url', AttributeType: 'S' }],
    } satisfies ConstructorParameters<typeof CreateTableCommand>[0]);
    const urls = Array.from({ length: 30 }, (_, index) => `https://p.example/${index}`);
    for (const url of [...urls, 'crawlgate-part:x:y']) {
      const Item = { url: { S: url }, success: { BOOL: true }, created_at: { S: '2026-01-01T00:00:00' } };
      await world.client.send(new PutItemCommand({ TableName: 'python', Item }));
    }
    const feed = await openFeed(world, 'python');
    expect((await collect(feed, {}, 7)).sort()).toEqual([...urls].sort());
    expect((await collect(feed, { match: 'PREFIX', url: 'https://p.example/2' }, 7)).length).toBe(11);
    const signal = within(5000);
    expect((await feed({ filter: everything, first: 5, after: null, signal })).scanned).toBe(true);
  });

  it('reads at most a thousand items a page, and says where it goes on', async () => {
    const feed = await openFeed(world, 'python');
    for (let index = 0; index < 1100; index += 25) {
      await world.client.send(
        new BatchWriteItemCommand({
          RequestItems: {
            python: Array.from({ length: 25 }, (_, more) => ({
              PutRequest: { Item: { url: { S: `https://q.example/${index + more}` }, success: { BOOL: true } } },
            })),
          },
        }),
      );
    }
    world.calls.clear();
    const request = { filter: { ...everything, statusCode: 599 }, first: 5, signal: within(20_000) };
    const page = await feed({ ...request, after: null });
    expect(page).toMatchObject({ entries: [], hasNextPage: true, scanned: true });
    expect(world.calls.get('Scan')).toBe(4);
    const next = await feed({ ...request, after: page.endCursor });
    expect(next).toMatchObject({ entries: [], hasNextPage: false });
  });
});
