// CRAWLGATE_STORE=hybrid over a real cache and a real table: where writes go, who answers, and a move without a gap.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bucketOf } from '../../src/migration/route.js';
import { engines } from '../conformance/engines.js';
import { openWorld, type World } from '../conformance/world.js';
import { type StartedGateway, startGateway } from '../support/gateway.js';
import { type CacheFixture, makeCache } from './cache-fixture.js';

const [engine] = engines;

let world: World;
let cache: CacheFixture;

beforeAll(async () => {
  if (engine === undefined) throw new Error('there is no engine');
  world = await openWorld(engine, { layout: 'document' });
  cache = await makeCache();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await cache[Symbol.asyncDispose]();
});

/** Memory forgets at once: what the stores say is what is answered. */
function start(env: Readonly<Record<string, string>>): Promise<StartedGateway> {
  return startGateway({
    CRAWLGATE_STORE: 'hybrid',
    CRAWL4_AI_BASE_DIRECTORY: cache.base,
    DYNAMODB_ENDPOINT: world.endpoint ?? '',
    DYNAMODB_TABLE_CRAWL_RESULTS: world.table.name,
    CRAWLGATE_MEMORY_FRESH_SECONDS: '0',
    CRAWLGATE_MEMORY_ABSENT_SECONDS: '0',
    CRAWLGATE_MEMORY_STALE_SECONDS: '0',
    ...env,
  });
}

/** A URL whose bucket lets it live in DynamoDB at 50 per cent, or not. */
function urlAt(home: 'dynamodb' | 'sqlite', name: string): string {
  for (let index = 0; ; index += 1) {
    const url = `https://example.com/${name}/${index}`;
    if (bucketOf(url) < 50 === (home === 'dynamodb')) return url;
  }
}

async function put(gateway: StartedGateway, ...urls: readonly string[]): Promise<void> {
  const results = urls.map((url) => ({ url, success: true, html: `<p>${url}` }));
  const answer = await gateway.ask(
    'mutation ($results: [JSON!]!) { cacheCrawl4aiResults(results: $results) { error { code message } } }',
    { results },
  );
  expect(answer.errors).toBeUndefined();
  expect(answer.data?.cacheCrawl4aiResults).toEqual(urls.map(() => ({ error: null })));
}

async function sourceOf(gateway: StartedGateway, url: string): Promise<string | null> {
  const answer = await gateway.ask('query ($url: String!) { crawlResult(url: $url) { html cache { source } } }', {
    url,
  });
  expect(answer.errors).toBeUndefined();
  const result = answer.data?.crawlResult as { html: string; cache: { source: string } } | null;
  if (result === null) return null;
  expect(result.html).toBe(`<p>${url}`);
  return result.cache.source;
}

const isInSqlite = (url: string): boolean =>
  cache.database.prepare('SELECT 1 FROM crawled_data WHERE url = ?').get(url) !== undefined;
const isInDynamo = async (url: string): Promise<boolean> => (await world.stored(url)) !== null;

describe('writes of the hybrid store', () => {
  it.each([
    [{ DYNAMODB_MIGRATION_PCT: '0' }, true, false],
    [{ DYNAMODB_MIGRATION_PCT: '100' }, false, true],
    [{ DYNAMODB_MIGRATION_PCT: '50' }, true, true],
    [{ DYNAMODB_MIGRATION_PCT: '50', FORCE_DYNAMODB: 'true' }, false, true],
    [{ DYNAMODB_MIGRATION_PCT: '50', FORCE_DYNAMODB: 'true', FORCE_SQLITE: 'true' }, true, false],
  ])('with %j go to SQLite: %j, to DynamoDB: %j', async (env, sqlite, dynamo) => {
    await using gateway = await start(env);
    for (const home of ['dynamodb', 'sqlite'] as const) {
      const url = urlAt(home, JSON.stringify(env).replaceAll(/\W/g, ''));
      await put(gateway, url);
      expect(isInSqlite(url)).toBe(sqlite);
      expect(await isInDynamo(url)).toBe(dynamo);
    }
  });

  it('are stored where the home has them; a copy that fails is counted, logged and nobody’s trouble', async () => {
    await using gateway = await start({ DYNAMODB_MIGRATION_PCT: '50' });
    const url = urlAt('dynamodb', 'copyfails');
    // No table, no copy: the reader's own schema is looked at before every write.
    cache.database.exec('ALTER TABLE crawled_data RENAME TO away');
    try {
      await put(gateway, url);
    } finally {
      cache.database.exec('ALTER TABLE away RENAME TO crawled_data');
    }
    expect(await isInDynamo(url)).toBe(true);
    expect(isInSqlite(url)).toBe(false);
    expect(gateway.calls.filter(({ operation }) => operation === 'copy to SQLite')).toMatchObject([
      { keys: 1, error: { code: 'STORE_MISCONFIGURED' }, url },
    ]);
    expect(JSON.stringify(gateway.log)).toContain('copy to SQLite');
    expect(await sourceOf(gateway, url)).toBe('DYNAMODB');
  });

  it('are removed from both stores, whatever the percentage', async () => {
    await using between = await start({ DYNAMODB_MIGRATION_PCT: '50' });
    const urls = [urlAt('dynamodb', 'gone'), urlAt('sqlite', 'gone')];
    await put(between, ...urls);
    for (const pct of ['0', '100']) {
      await using gateway = await start({ DYNAMODB_MIGRATION_PCT: pct });
      const url = urls[pct === '0' ? 0 : 1] ?? '';
      const answer = await gateway.ask(
        'mutation ($urls: [String!]!) { invalidateCrawlResults(urls: $urls) { removed error { code } } }',
        { urls: [url] },
      );
      expect(answer.data).toEqual({ invalidateCrawlResults: [{ removed: true, error: null }] });
      expect(isInSqlite(url)).toBe(false);
      expect(await isInDynamo(url)).toBe(false);
      expect(await sourceOf(gateway, url)).toBeNull();
    }
  });
});

describe('lookups of the hybrid store', () => {
  it('are answered by the home, and by the other where the home has nothing', async () => {
    await using gateway = await start({ DYNAMODB_MIGRATION_PCT: '50' });
    const [dynamo, sqlite] = [urlAt('dynamodb', 'look'), urlAt('sqlite', 'look')];
    await put(gateway, dynamo, sqlite);
    expect(await sourceOf(gateway, dynamo)).toBe('DYNAMODB');
    expect(await sourceOf(gateway, sqlite)).toBe('SQLITE');
    const unmoved = urlAt('dynamodb', 'unmoved');
    await cache.crawl({ url: unmoved, html: `<p>${unmoved}`, success: 1, cached_at: 1 });
    expect(await sourceOf(gateway, unmoved)).toBe('SQLITE');
    expect(await sourceOf(gateway, 'https://example.com/nowhere')).toBeNull();
  });

  it('go on from SQLite during an outage of DynamoDB, and health says that half of it is away', async () => {
    await using before = await start({ DYNAMODB_MIGRATION_PCT: '50' });
    const urls = [urlAt('dynamodb', 'outage'), urlAt('sqlite', 'outage')];
    await put(before, ...urls);
    // Nobody listens there.
    await using gateway = await start({ DYNAMODB_MIGRATION_PCT: '50', DYNAMODB_ENDPOINT: 'http://127.0.0.1:9' });
    for (const url of urls) expect(await sourceOf(gateway, url)).toBe('SQLITE');
    expect((await gateway.ask('{ health { status error store { kind reachable } } }')).data?.health).toMatchObject({
      status: 'DEGRADED',
      error: expect.stringMatching(/^STORE_UNAVAILABLE/),
      store: { kind: 'hybrid', reachable: true },
    });
    expect((await fetch(`http://127.0.0.1:${gateway.port}/ready`)).status).toBe(200);
    // Absent cannot be said while one of the two is silent.
    const unknown = await gateway.ask('{ crawlResult(url: "https://example.com/nowhere") { url } }');
    expect(unknown.errors).toMatchObject([{ extensions: { code: 'STORE_UNAVAILABLE' } }]);
  });

  it('list SQLite below 100 per cent, DynamoDB at 100', async () => {
    await using below = await start({ DYNAMODB_MIGRATION_PCT: '99' });
    const feed = '{ crawlFeed(first: 1) { edges { node { url } } } }';
    expect((await below.ask(feed)).extensions).toMatchObject({ crawlFeed: { scanned: true } });
    await using all = await start({ DYNAMODB_MIGRATION_PCT: '100' });
    expect((await all.ask(feed)).extensions ?? {}).not.toHaveProperty('crawlFeed');
  });
});

describe('a rollout from 0 to 100 per cent', () => {
  it('under a stream of reads and writes never loses sight of what was stored', async () => {
    const stored: string[] = [];
    for (let index = 0; index < 60; index += 1) {
      const url = `https://rollout.example/old/${index}`;
      await cache.crawl({ url, html: `<p>${url}`, success: 1, cached_at: 1_700_000_000 });
      stored.push(url);
    }
    let asked = 0;
    const sources = new Set<string | null>();
    for (const pct of [0, 25, 75, 100]) {
      await using gateway = await start({ DYNAMODB_MIGRATION_PCT: String(pct) });
      // Two writers and two readers at once; a reader asks for anything that was acknowledged by then.
      const write = async (writer: number): Promise<void> => {
        for (let index = 0; index < 10; index += 1) {
          const url = `https://rollout.example/${pct}/${writer}/${index}`;
          await put(gateway, url);
          stored.push(url);
        }
      };
      const read = async (reader: number): Promise<void> => {
        for (let index = 0; index < 40; index += 1) {
          const url = stored[(index * 7919 + reader * 104_729) % stored.length] ?? '';
          const source = await sourceOf(gateway, url);
          expect(source, `${url} at ${pct} per cent`).not.toBeNull();
          sources.add(source);
          asked += 1;
        }
      };
      await Promise.all([write(0), write(1), read(0), read(1)]);
      for (const url of stored) expect(await sourceOf(gateway, url), `${url} at ${pct} per cent`).not.toBeNull();
    }
    expect(asked).toBe(320);
    expect([...sources].sort()).toEqual(['DYNAMODB', 'SQLITE']);
  }, 120_000);
});
