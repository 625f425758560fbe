// CRAWLGATE_STORE=hybrid over a real cache and a real table: where writes go, who answers, what a lock holds up.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StartedGateway } from '../support/gateway.js';
import { type HybridWorld, invalidate, lookUp, openHybridWorld, put as putText, urlAt } from './hybrid-world.js';

let world: HybridWorld;
beforeAll(async () => {
  world = await openHybridWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const put = async (gateway: StartedGateway, ...urls: readonly string[]): Promise<void> => {
  for (const url of urls) await putText(gateway, `<p>${url}`, url);
};

async function sourceOf(gateway: StartedGateway, url: string): Promise<string | null> {
  const found = await lookUp(gateway, url);
  if (found === null) return null;
  expect(found.html).toBe(`<p>${url}`);
  return found.source;
}

describe('writes of the hybrid store', () => {
  it.each([
    [{ DYNAMODB_MIGRATION_PCT: '0' }, true, false],
    [{ DYNAMODB_MIGRATION_PCT: '100' }, false, true],
    [{ DYNAMODB_MIGRATION_PCT: '50' }, true, true],
    [{ DYNAMODB_MIGRATION_PCT: '50', FORCE_DYNAMODB: 'true' }, false, true],
    [{ DYNAMODB_MIGRATION_PCT: '50', FORCE_DYNAMODB: 'true', FORCE_SQLITE: 'true' }, true, false],
  ])('with %j go to SQLite: %j, to DynamoDB: %j', async (env, sqlite, dynamo) => {
    await using gateway = await world.start(env);
    for (const home of ['dynamodb', 'sqlite'] as const) {
      const url = urlAt(home, JSON.stringify(env).replaceAll(/\W/g, ''));
      await put(gateway, url);
      expect(world.isInSqlite(url)).toBe(sqlite);
      expect(await world.isInDynamo(url)).toBe(dynamo);
    }
  });

  it('are stored where the home has them; a copy that fails is counted, logged and nobody’s trouble', async () => {
    await using gateway = await world.start({ DYNAMODB_MIGRATION_PCT: '50' });
    const url = urlAt('dynamodb', 'copyfails');
    // No table, no copy: the reader's own schema is looked at before every write.
    world.cache.database.exec('ALTER TABLE crawled_data RENAME TO away');
    try {
      await put(gateway, url);
    } finally {
      world.cache.database.exec('ALTER TABLE away RENAME TO crawled_data');
    }
    expect(await world.isInDynamo(url)).toBe(true);
    expect(world.isInSqlite(url)).toBe(false);
    expect(gateway.calls.filter(({ operation }) => operation === 'copy to SQLite')).toMatchObject([
      { keys: 1, error: { code: 'STORE_MISCONFIGURED' }, url },
    ]);
    expect(JSON.stringify(gateway.log)).toContain('copy to SQLite');
    expect(await sourceOf(gateway, url)).toBe('DYNAMODB');
  });

  it('are acknowledged while another program holds SQLite locked; their copies follow, in their order', async () => {
    await using gateway = await world.start({ DYNAMODB_MIGRATION_PCT: '50', CRAWLGATE_COPY_WAIT_MS: '100' });
    const url = urlAt('dynamodb', 'locked');
    const copies = () => gateway.calls.filter(({ operation }) => operation === 'copy to SQLite');
    world.cache.database.exec('BEGIN IMMEDIATE');
    try {
      await putText(gateway, 'first', url);
      await putText(gateway, 'second', url);
      expect(copies()).toEqual([]);
      expect(await lookUp(gateway, url)).toEqual({ html: 'second', source: 'DYNAMODB' });
    } finally {
      world.cache.database.exec('COMMIT');
    }
    const other = urlAt('dynamodb', 'locked-too');
    await put(gateway, other);
    await gateway.gateway.close();
    expect(copies()).toMatchObject([1, 2, 3].map(() => ({ error: null })));
    await using sqlite = await world.start({ FORCE_SQLITE: 'true' });
    expect(await lookUp(sqlite, url)).toEqual({ html: 'second', source: 'SQLITE' });
  });

  it('that were copied to a SQLite that stays locked are told as lost, at the end as well', async () => {
    const url = urlAt('dynamodb', 'locked-for-long');
    await using gateway = await world.start({ DYNAMODB_MIGRATION_PCT: '50', CRAWLGATE_COPY_WAIT_MS: '100' });
    world.cache.database.exec('BEGIN IMMEDIATE');
    try {
      await put(gateway, url);
      await gateway.gateway.close();
    } finally {
      world.cache.database.exec('COMMIT');
    }
    expect(gateway.calls.filter(({ operation }) => operation === 'copy to SQLite')).toMatchObject([
      { url, error: { code: 'STORE_UNAVAILABLE' } },
    ]);
    expect(gateway.notices.filter((line) => line.includes('copies'))).toEqual([
      expect.stringMatching(/^1 copies to SQLite failed since the start: /),
    ]);
    expect(world.isInSqlite(url)).toBe(false);
  }, 30_000);

  it('are removed from both stores, whatever the percentage', async () => {
    await using between = await world.start({ DYNAMODB_MIGRATION_PCT: '50' });
    const urls = [urlAt('dynamodb', 'gone'), urlAt('sqlite', 'gone')];
    await put(between, ...urls);
    for (const pct of ['0', '100']) {
      await using gateway = await world.start({ DYNAMODB_MIGRATION_PCT: pct });
      const url = urls[pct === '0' ? 0 : 1] ?? '';
      expect(await invalidate(gateway, url)).toEqual([{ removed: true, error: null }]);
      expect(world.isInSqlite(url)).toBe(false);
      expect(await world.isInDynamo(url)).toBe(false);
      expect(await sourceOf(gateway, url)).toBeNull();
    }
  });
});

describe('lookups of the hybrid store', () => {
  it('are answered by the home, and by the other where the home has nothing', async () => {
    await using gateway = await world.start({ DYNAMODB_MIGRATION_PCT: '50' });
    const [dynamo, sqlite] = [urlAt('dynamodb', 'look'), urlAt('sqlite', 'look')];
    await put(gateway, dynamo, sqlite);
    expect(await sourceOf(gateway, dynamo)).toBe('DYNAMODB');
    expect(await sourceOf(gateway, sqlite)).toBe('SQLITE');
    const unmoved = urlAt('dynamodb', 'unmoved');
    await world.cache.crawl({ url: unmoved, html: `<p>${unmoved}`, success: 1, cached_at: 1 });
    expect(await sourceOf(gateway, unmoved)).toBe('SQLITE');
    expect(await sourceOf(gateway, 'https://example.com/nowhere')).toBeNull();
  });

  it('are answered from SQLite where the result in DynamoDB has expired: a cache of Crawl4AI knows no expiry', async () => {
    const url = urlAt('dynamodb', 'expired');
    await using gateway = await world.start({ DYNAMODB_MIGRATION_PCT: '50' });
    await put(gateway, url);
    await world.expire(url);
    expect(await sourceOf(gateway, url)).toBe('SQLITE');
    // For good it goes by an invalidation, from both.
    expect(await invalidate(gateway, url)).toMatchObject([{ error: null }]);
    expect(await sourceOf(gateway, url)).toBeNull();
  });

  it('go on from SQLite during an outage of DynamoDB, and health says that half of it is away', async () => {
    await using before = await world.start({ DYNAMODB_MIGRATION_PCT: '50' });
    const urls = [urlAt('dynamodb', 'outage'), urlAt('sqlite', 'outage')];
    await put(before, ...urls);
    // Nobody listens there.
    await using gateway = await world.start({ DYNAMODB_MIGRATION_PCT: '50', DYNAMODB_ENDPOINT: 'http://127.0.0.1:9' });
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

  it('during an outage of DynamoDB answer a failed crawl to who takes any, and never say that no good one is stored', async () => {
    await using before = await world.start({ DYNAMODB_MIGRATION_PCT: '50' });
    const urls = [urlAt('dynamodb', 'onlyfailed'), urlAt('sqlite', 'onlyfailed')];
    const store = 'mutation ($results: [JSON!]!) { cacheCrawl4aiResults(results: $results) { error { code } } }';
    await before.ask(store, { results: urls.map((url) => ({ url, success: false, error_message: 'gone' })) });
    await using gateway = await world.start({ DYNAMODB_MIGRATION_PCT: '50', DYNAMODB_ENDPOINT: 'http://127.0.0.1:9' });
    const lookup = `query ($url: String!) {
      any: crawlResult(url: $url) { success cache { source } }
      good: crawlResult(url: $url, outcome: SUCCESS) { success }
    }`;
    for (const url of urls) {
      // Twice: memory must not make of it that there is none.
      for (const _ of [1, 2]) {
        const answer = await gateway.ask(lookup, { url });
        expect(answer.data).toEqual({ any: { success: false, cache: { source: 'SQLITE' } }, good: null });
        expect(answer.errors).toMatchObject([{ path: ['good'], extensions: { code: 'STORE_UNAVAILABLE' } }]);
      }
    }
  });

  it('list SQLite below 100 per cent, DynamoDB at 100', async () => {
    await using below = await world.start({ DYNAMODB_MIGRATION_PCT: '99' });
    const feed = '{ crawlFeed(first: 1) { edges { node { url } } } }';
    expect((await below.ask(feed)).extensions).toMatchObject({ crawlFeed: { scanned: true } });
    await using all = await world.start({ DYNAMODB_MIGRATION_PCT: '100' });
    expect((await all.ask(feed)).extensions ?? {}).not.toHaveProperty('crawlFeed');
  });
});
