// `crawlgate validate` as a shell sees it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines } from '../conformance/engines.js';
import { openWorld, type World } from '../conformance/world.js';
import { type CacheFixture, makeCache } from '../migration/cache-fixture.js';
import { runGateway } from '../support/gateway-process.js';

const [engine] = engines;

describe('crawlgate validate', () => {
  let world: World;
  let cache: CacheFixture;
  beforeAll(async () => {
    if (engine === undefined) throw new Error('there is no engine');
    world = await openWorld(engine, { layout: 'document' });
    cache = await makeCache();
    await cache.crawl({ url: 'https://e.com/a?key=s3cret', html: 'a', success: 1, cached_at: 1_700_000_000 });
    await cache.crawl({ url: 'https://e.com/b', html: 'b', success: 1, cached_at: 1_700_000_000 });
    await world.put({ url: 'https://e.com/b', success: true, html: 'c', created_at: '2023-11-14T22:13:20Z' });
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
    await cache[Symbol.asyncDispose]();
  });

  const start = (...args: string[]) =>
    runGateway(
      {
        DYNAMODB_ENDPOINT: world.endpoint ?? '',
        DYNAMODB_TABLE_CRAWL_RESULTS: world.table.name,
        CRAWL4_AI_BASE_DIRECTORY: cache.base,
      },
      { args: ['validate', ...args] },
    );

  it('names what differs and ends with 1; repaired, it ends with 0', async () => {
    await using first = start();
    expect(await first.ended).toEqual({ code: 1, signal: null });
    expect(first.stderr()).toBe(
      'https://e.com/a?…, a success: missing\n' +
        'https://e.com/b, a success: different\n' +
        '  html: SQLite "b", DynamoDB "c"\n',
    );
    expect(first.stdout()).toBe(
      `${cache.paths.database} and ${world.table.name}: 2 rows, 0 equal, 1 missing, 1 different.\n`,
    );
    await using repairing = start('--repair', '--json');
    expect(await repairing.ended).toEqual({ code: 0, signal: null });
    expect(JSON.parse(repairing.stdout())).toMatchObject({ rows: 2, missing: 1, different: 1, repaired: 2 });
    await using again = start('--sample', '1');
    expect(await again.ended).toEqual({ code: 0, signal: null });
    expect(again.stdout()).toContain('1 rows, 1 equal');
  });
});
