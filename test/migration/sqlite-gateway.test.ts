// CRAWLGATE_STORE=sqlite: the whole gateway over an existing cache of Crawl4AI, without any AWS.
import { rename } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StartedGateway, startGateway } from '../support/gateway.js';
import { type CacheFixture, makeCache } from './cache-fixture.js';

let cache: CacheFixture;
let started: StartedGateway;

const site = 'https://example.com';

beforeAll(async () => {
  cache = await makeCache();
  for (let index = 0; index < 30; index += 1) {
    await cache.crawl({
      url: `${site}/${index}`,
      html: `<p>${index}</p>`,
      markdown: `# ${index}`,
      success: index === 7 ? 0 : 1,
      metadata: `{"title": "T${index}"}`,
      cached_at: 1_700_000_000 + index,
    });
  }
  await cache.crawl({ url: 'https://other.example/', html: '<p>', success: 1, cached_at: 0 });
  cache.insert({ url: 'https://example.com/gone', html: 'aaaaaaaaaaaaaaaa', success: 1, cached_at: 5 });
  started = await startGateway({ CRAWLGATE_STORE: 'sqlite', CRAWL4_AI_BASE_DIRECTORY: cache.base });
});

afterAll(async () => {
  await started[Symbol.asyncDispose]();
  await cache[Symbol.asyncDispose]();
});

describe('a gateway over a cache in SQLite', () => {
  it('answers lookups, first from SQLite, then from memory', async () => {
    const query = `{ crawlResults(urls: ["${site}/1", "${site}/nowhere", "${site}/2"]) {
      url title html markdown { rawMarkdown } cache { source } } }`;
    const first = await started.ask(query);
    expect(first.errors).toBeUndefined();
    expect(first.data?.crawlResults).toEqual([
      {
        url: `${site}/1`,
        title: 'T1',
        html: '<p>1</p>',
        markdown: { rawMarkdown: '# 1' },
        cache: { source: 'SQLITE' },
      },
      null,
      expect.objectContaining({ url: `${site}/2` }),
    ]);
    expect((await started.ask(query)).data?.crawlResults).toMatchObject([{ cache: { source: 'MEMORY' } }, null, {}]);
  });

  it('fails in the one field whose file is gone', async () => {
    const answer = await started.ask(`{ crawlResult(url: "${site}/gone") { url html } }`);
    expect(answer.data?.crawlResult).toEqual({ url: `${site}/gone`, html: null });
    expect(answer.errors).toMatchObject([
      { path: ['crawlResult', 'html'], extensions: { code: 'MALFORMED_ITEM', attribute: 'html' } },
    ]);
  });

  it('is healthy, says what it stands on, and keeps nobody waiting for a circuit', async () => {
    expect(
      (await started.ask('{ health { status circuit store { kind table layout reachable } } }')).data?.health,
    ).toEqual({
      status: 'HEALTHY',
      circuit: 'CLOSED',
      store: { kind: 'sqlite', table: cache.paths.database, layout: null, reachable: true },
    });
  });

  it('refuses every write as STORE_READ_ONLY', async () => {
    const answers = await started.ask(`mutation {
      cacheCrawl4aiResults(results: [{ url: "${site}/new", success: true, html: "" }]) { error { code } }
      invalidateCrawlResults(urls: ["${site}/1"]) { error { code } }
    }`);
    expect(answers.errors).toBeUndefined();
    expect(JSON.stringify(answers.data).match(/STORE_READ_ONLY/g)).toHaveLength(2);
  });

  it('has neither sessions nor versions', async () => {
    const answer = await started.ask(
      `{ crawlSession(id: "s") { id } crawlResult(url: "${site}/1") { versions { edges { cursor } } } }`,
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data).toEqual({ crawlSession: null, crawlResult: { versions: { edges: [] } } });
  });

  it('lists what was inserted last first, page after page, and says that it scans', async () => {
    const urls: string[] = [];
    let after: string | null = null;
    do {
      const query = `query ($after: String) { crawlFeed(first: 9, after: $after) {
        edges { node { url createdAt html } } pageInfo { hasNextPage endCursor } } }`;
      const answer = await started.ask(query, { after });
      expect(answer.extensions).toMatchObject({ crawlFeed: { scanned: true } });
      const page = answer.data?.crawlFeed as {
        edges: { node: { url: string } }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
      };
      urls.push(...page.edges.map(({ node }) => node.url));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    const numbered = Array.from({ length: 30 }, (_, index) => `${site}/${29 - index}`);
    expect(urls).toEqual([`${site}/gone`, 'https://other.example/', ...numbered]);
  });

  it.each([
    ['success: false', 1],
    ['url: "example.com", match: HOST', 31],
    [`url: "${site}/1", match: PREFIX`, 11],
    [`url: "${site}/7"`, 1],
    [`url: "${site}/7", success: true`, 0],
    ['createdAfter: "2023-11-14T22:13:30Z", createdBefore: "2023-11-14T22:13:40Z"', 9],
  ])('lists by %s', async (filter, count) => {
    const answer = await started.ask(`{ crawlFeed(first: 100, filter: { ${filter} }) { edges { node { url } } } }`);
    expect(answer.errors).toBeUndefined();
    expect(answer.data?.crawlFeed).toMatchObject({ edges: { length: count } });
  });

  it.each(['statusCode: 200', `url: "${site}/7", statusCode: 200`])(
    'refuses %s: the cache keeps no status codes, so that an empty list would be a lie',
    async (filter) => {
      const answer = await started.ask(`{ crawlFeed(filter: { ${filter} }) { edges { node { url } } } }`);
      expect(answer.errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', argument: 'filter.statusCode' }, path: ['crawlFeed'] },
      ]);
    },
  );

  it('refuses a cursor that is none of its own', async () => {
    const answer = await started.ask('{ crawlFeed(after: "abc") { edges { cursor } } }');
    expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'after' } }]);
  });

  it('starts where there is no cache yet, says so, and reads it once it is there', async () => {
    await using late = await makeCache();
    late.insert({ url: `${site}/late`, html: '<p>', success: 1 });
    late.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    await rename(late.paths.database, `${late.paths.database}.away`);
    await using gateway = await startGateway({ CRAWLGATE_STORE: 'sqlite', CRAWL4_AI_BASE_DIRECTORY: late.base });
    expect(gateway.notices.join('\n')).toContain(`There is no SQLite database at ${late.paths.database}`);
    const query = `{ crawlResult(url: "${site}/late") { html } }`;
    expect((await gateway.ask(query)).errors).toMatchObject([{ extensions: { code: 'STORE_MISCONFIGURED' } }]);
    await rename(`${late.paths.database}.away`, late.paths.database);
    expect((await gateway.ask(query)).data?.crawlResult).toEqual({ html: '<p>' });
  });
});
