// crawlFeed and versions: pages of keys whose items are read through the request's loader.
import { describe, expect, it } from 'vitest';
import type { FeedPage } from '../../src/domain/feed.js';
import { groups, union } from '../../src/domain/fields.js';
import { type ResultKey, versionKey } from '../../src/domain/result-key.js';
import { toUrlKey } from '../../src/domain/url-key.js';
import { CrawlgateError } from '../../src/errors.js';
import { createFixture, found, instant, recordOf } from './gateway-fixture.js';

const a = toUrlKey('https://a.example/');
const b = toUrlKey('https://b.example/');
const at = (minute: string) => instant(`2026-05-01T10:${minute}:00Z`);

const page: FeedPage = {
  entries: [
    { url: a, createdAt: at('30'), cursor: 'c1' },
    { url: b, createdAt: at('20'), cursor: 'c2' },
  ],
  hasNextPage: true,
  endCursor: 'c2',
  scanned: false,
};

describe('crawlFeed', () => {
  it('reads the items of a page in one question, for the fields of the nodes', async () => {
    const gateway = createFixture({ readFeed: async () => page });
    gateway.store(recordOf(a, { title: 'A', createdAt: at('30') }));
    gateway.store(recordOf(b, { title: 'B', createdAt: at('20') }));
    const answer = await gateway.ask(
      '{ crawlFeed { edges { cursor node { title } } pageInfo { hasNextPage endCursor } } }',
    );
    expect(answer.data.crawlFeed).toEqual({
      edges: [
        { cursor: 'c1', node: { title: 'A' } },
        { cursor: 'c2', node: { title: 'B' } },
      ],
      pageInfo: { hasNextPage: true, endCursor: 'c2' },
    });
    expect(gateway.reads.map(({ keys, want }) => [keys, want.groups])).toEqual([
      [[a, b], union(groups.head, groups.title)],
    ]);
    expect(answer.extensions).toBeUndefined();
  });

  it('reads no item where the entries say all that is asked', async () => {
    const gateway = createFixture({ readFeed: async () => page });
    const { data } = await gateway.ask(
      '{ crawlFeed { edges { cursor node { __typename url domain createdAt } } pageInfo { endCursor } } }',
    );
    expect(data.crawlFeed.edges[0].node).toEqual({
      __typename: 'CrawlResult',
      url: a,
      domain: 'a.example',
      createdAt: '2026-05-01T10:30:00Z',
    });
    expect((await gateway.ask('{ crawlFeed { pageInfo { hasNextPage } } }')).data.crawlFeed.pageInfo.hasNextPage).toBe(
      true,
    );
    expect(gateway.reads).toEqual([]);
  });

  it('hands filter and page on, with the defaults of the schema', async () => {
    const gateway = createFixture();
    await gateway.ask('{ crawlFeed { pageInfo { endCursor } } }');
    await gateway.ask(`{ crawlFeed(first: 100, after: "c", filter: { url: "a.example", match: HOST, success: false,
      statusCode: 404, createdAfter: "2026-05-01T12:10:00+02:00", createdBefore: "2026-05-01T10:20:00Z" }) { pageInfo { endCursor } } }`);
    expect(gateway.feedReads.map(({ signal: _, ...request }) => request)).toEqual([
      {
        filter: { url: null, match: 'EXACT', success: null, statusCode: null, createdAfter: null, createdBefore: null },
        first: 20,
        after: null,
      },
      {
        filter: {
          url: 'a.example',
          match: 'HOST',
          success: false,
          statusCode: 404,
          createdAfter: at('10'),
          createdBefore: at('20'),
        },
        first: 100,
        after: 'c',
      },
    ]);
  });

  it.each(['first: 0', 'first: 101', 'first: -1', 'filter: { url: "" }'])('refuses %s', async (args) => {
    const gateway = createFixture();
    const answer = await gateway.ask(`{ crawlFeed(${args}) { pageInfo { endCursor } } }`);
    expect(answer.errors).toMatchObject([{ path: ['crawlFeed'], extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(gateway.feedReads).toEqual([]);
  });

  it('leaves out what vanished, but goes on after it', async () => {
    const gateway = createFixture({ readFeed: async () => page });
    gateway.store(recordOf(a));
    const { data } = await gateway.ask('{ crawlFeed { edges { node { title } } pageInfo { endCursor } } }');
    expect(data.crawlFeed).toEqual({ edges: [{ node: { title: null } }], pageInfo: { endCursor: 'c2' } });
  });

  it('fails where an item could not be read: a page with a hole would be taken for the whole', async () => {
    const gateway = createFixture({ readFeed: async () => page });
    gateway.store(recordOf(a));
    const error = new CrawlgateError('STORE_THROTTLED', 'The store is over its capacity.', {});
    gateway.results.set(b as string as ResultKey, { kind: 'failed', error });
    expect((await gateway.ask('{ crawlFeed { edges { node { title } } } }')).errors).toMatchObject([
      { path: ['crawlFeed'], extensions: { code: 'STORE_THROTTLED', url: b } },
    ]);
  });

  it('shows the record that was listed, though its key holds a newer failure', async () => {
    const gateway = createFixture({ readFeed: async () => page });
    const success = recordOf(a, { createdAt: at('30') });
    const failure = recordOf(a, { success: false, createdAt: at('45') });
    gateway.results.set(a as string as ResultKey, found({ success, failure }));
    const { data } = await gateway.ask('{ crawlFeed { edges { node { success createdAt } } } }');
    expect(data.crawlFeed.edges[0].node).toEqual({ success: true, createdAt: '2026-05-01T10:30:00Z' });
  });

  it('leaves out what no longer fits the filter', async () => {
    const gateway = createFixture({ readFeed: async () => page });
    gateway.store(recordOf(a, { success: false }));
    gateway.store(recordOf(b));
    const { data } = await gateway.ask('{ crawlFeed(filter: { success: false }) { edges { node { url success } } } }');
    expect(data.crawlFeed.edges).toEqual([{ node: { url: a, success: false } }]);
  });

  it('says in the extensions that items were scanned', async () => {
    const gateway = createFixture({ readFeed: async () => ({ ...page, scanned: true }) });
    const answer = await gateway.ask('{ crawlFeed { edges { node { url } } } }');
    expect(answer.extensions).toEqual({ crawlFeed: { scanned: true } });
  });

  it('passes on why a page could not be read', async () => {
    const gateway = createFixture({
      readFeed: () => Promise.reject(new CrawlgateError('BAD_USER_INPUT', 'No cursor.', { argument: 'after' })),
    });
    expect((await gateway.ask('{ crawlFeed(after: "x") { edges { cursor } } }')).errors).toMatchObject([
      { path: ['crawlFeed'], extensions: { code: 'BAD_USER_INPUT', argument: 'after' } },
    ]);
  });
});

describe('versions', () => {
  it('are empty where the table keeps none', async () => {
    const gateway = createFixture();
    const record = gateway.store(recordOf(a));
    const { data } = await gateway.ask(
      `{ crawlResult(url: "${a}") { versions { edges { cursor } pageInfo { hasNextPage endCursor } } } }`,
    );
    expect(data.crawlResult.versions).toEqual({ edges: [], pageInfo: { hasNextPage: false, endCursor: null } });
    expect(gateway.versionReads).toMatchObject([
      { url: a, first: 20, after: null, before: record.createdAt, closest: null },
    ]);
  });

  it('are read by their keys, for the fields of the nodes', async () => {
    const gateway = createFixture({
      readVersions: async () => ({
        entries: [{ versionId: 'v#1', createdAt: at('10'), cursor: 'c' }],
        hasNextPage: false,
      }),
    });
    gateway.store(recordOf(a));
    gateway.store(recordOf(a, { title: 'old' }), versionKey(a, 'v#1'));
    const { data } = await gateway.ask(
      `{ crawlResult(url: "${a}") { versions(closest: "2026-05-01T10:00:00Z") { edges { cursor node { title } } } } }`,
    );
    expect(data.crawlResult.versions.edges).toEqual([{ cursor: 'c', node: { title: 'old' } }]);
    expect(gateway.reads[1]).toMatchObject({
      keys: [versionKey(a, 'v#1')],
      want: { groups: union(groups.head, groups.title) },
    });
  });

  it('have pages of 1 to 100', async () => {
    const gateway = createFixture();
    gateway.store(recordOf(a));
    const answer = await gateway.ask(`{ crawlResult(url: "${a}") { url versions(first: 0) { edges { cursor } } } }`);
    expect(answer.errors).toMatchObject([
      { path: ['crawlResult', 'versions'], extensions: { code: 'BAD_USER_INPUT', argument: 'first' } },
    ]);
  });
});
