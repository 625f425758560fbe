// crawlResult and crawlResults: what is asked below, and what each outcome becomes.
import { describe, expect, it } from 'vitest';
import { groups, union } from '../../src/domain/fields.js';
import type { ReadOutcome } from '../../src/domain/read-many.js';
import type { ResultKey } from '../../src/domain/result-key.js';
import { CrawlgateError } from '../../src/errors.js';
import { createFixture, found, instant, nowMs, recordOf } from './gateway-fixture.js';

const a = 'https://a.example/';
const b = 'https://b.example/#top';

describe('crawlResult', () => {
  it('answers what is stored under the URL exactly as given', async () => {
    const gateway = createFixture();
    gateway.store(recordOf(b, { title: 'B', createdAt: instant('2026-05-01T11:00:00.123456Z') }));
    const query = `query ($url: String!) { crawlResult(url: $url) { url domain title success statusCode createdAt } }`;
    expect((await gateway.ask(query, { url: b })).data.crawlResult).toEqual({
      url: b,
      domain: 'b.example',
      title: 'B',
      success: true,
      statusCode: 200,
      createdAt: '2026-05-01T11:00:00.123456Z',
    });
    expect((await gateway.ask(query, { url: 'https://b.example/' })).data.crawlResult).toBeNull();
  });

  it('takes what memory recalls, counts a URL once, and reads the rest', async () => {
    const used: number[][] = [];
    const gateway = createFixture({
      recallResults: {
        answer: (key) =>
          key === a ? (found({ success: recordOf(a, { title: 'A' }), failure: null }) as never) : undefined,
        used: (...counts) => used.push(counts),
      },
    });
    const answer = await gateway.ask(
      `{ x: crawlResult(url: "${a}") { title } crawlResults(urls: ["${a}", "${b}", "nonsense", "${a}"]) { title } }`,
    );
    expect(answer.data).toEqual({ x: { title: 'A' }, crawlResults: [{ title: 'A' }, null, null, { title: 'A' }] });
    expect(answer.errors).toMatchObject([{ path: ['crawlResults', 2], extensions: { code: 'BAD_USER_INPUT' } }]);
    expect([used, gateway.reads.map(({ keys }) => keys)]).toEqual([[[1, 0]], [[b]]]);
  });

  it('asks for the head, eventually consistent, of any age, unless told otherwise', async () => {
    const gateway = createFixture();
    await gateway.ask(`{ crawlResult(url: "${a}") { url } }`);
    expect(gateway.reads.map(({ keys, want }) => ({ keys, want }))).toEqual([
      {
        keys: [a],
        want: {
          groups: groups.head,
          consistency: 'EVENTUAL',
          outcome: 'ANY',
          maxAge: null,
          maxStale: null,
          onlyIfCached: false,
        },
      },
    ]);
    await gateway.ask(
      `{ crawlResult(url: "${a}", maxAge: 5, maxStale: 0, onlyIfCached: true, outcome: SUCCESS) { title } }`,
    );
    expect(gateway.reads[1]?.want).toEqual({
      groups: union(groups.head, groups.title),
      consistency: 'EVENTUAL',
      outcome: 'SUCCESS',
      maxAge: 5,
      maxStale: 0,
      onlyIfCached: true,
    });
  });

  it('takes explicit nulls for arguments that were left out', async () => {
    const gateway = createFixture();
    await gateway.ask(
      `{ crawlResult(url: "${a}", maxAge: null, maxStale: null, onlyIfCached: null, outcome: null, consistency: null) { url } }`,
    );
    expect(gateway.reads[0]?.want).toMatchObject({ consistency: 'EVENTUAL', outcome: 'ANY', onlyIfCached: false });
  });

  it('is STRONG where the gateway is set up so, but leaves onlyIfCached to the caller', async () => {
    const gateway = createFixture({ consistentReads: true });
    await gateway.ask(`{ crawlResult(url: "${a}") { url } }`);
    const answer = await gateway.ask(`{ crawlResult(url: "${a}", onlyIfCached: true) { url } }`);
    expect(answer.errors).toBeUndefined();
    expect(gateway.reads.map(({ want }) => want.consistency)).toEqual(['STRONG', 'EVENTUAL']);
  });

  it.each([
    ['maxAge: -1', 'maxAge'],
    ['maxStale: -1', 'maxStale'],
    ['consistency: STRONG, onlyIfCached: true', 'onlyIfCached'],
  ])('refuses %s', async (args, argument) => {
    const gateway = createFixture();
    const answer = await gateway.ask(`{ crawlResult(url: "${a}", ${args}) { url } }`);
    expect(answer.errors).toMatchObject([{ path: ['crawlResult'], extensions: { code: 'BAD_USER_INPUT', argument } }]);
    expect(gateway.reads).toEqual([]);
  });

  it.each([
    '',
    'relative/path',
    ' https://a.example/',
    `https://a.example/${'x'.repeat(2048)}`,
    'crawlgate-part:1',
    '\ud800',
  ])('refuses the URL %j without asking for it', async (url) => {
    const gateway = createFixture();
    const answer = await gateway.ask(`query ($url: String!) { crawlResult(url: $url) { url } }`, { url });
    expect(answer.data.crawlResult).toBeNull();
    expect(answer.errors).toMatchObject([{ path: ['crawlResult'], extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(gateway.reads).toEqual([]);
  });

  it('bounds the URL by what the layout leaves for it', async () => {
    const gateway = createFixture({ limits: { maxUrlBytes: 2044 } });
    const url = `https://a.example/${'x'.repeat(2044 - 18)}`;
    expect(url).toHaveLength(2044);
    const query = `query ($url: String!) { crawlResult(url: $url) { url } }`;
    expect((await gateway.ask(query, { url })).errors).toBeUndefined();
    expect((await gateway.ask(query, { url: `${url}x` })).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });

  it('answers the newer failure with ANY, the success with SUCCESS, and the failure beside the success', async () => {
    const gateway = createFixture();
    const success = recordOf(a);
    const failure = recordOf(a, {
      success: false,
      statusCode: 503,
      createdAt: instant('2026-05-01T11:30:00Z'),
      fields: new Map([['error_message', 'gone']]),
    });
    gateway.results.set(a as ResultKey, found({ success, failure }));
    const fields = '{ success statusCode laterFailure { createdAt statusCode errorMessage } }';
    expect((await gateway.ask(`{ crawlResult(url: "${a}") ${fields} }`)).data.crawlResult).toEqual({
      success: false,
      statusCode: 503,
      laterFailure: null,
    });
    expect((await gateway.ask(`{ crawlResult(url: "${a}", outcome: SUCCESS) ${fields} }`)).data.crawlResult).toEqual({
      success: true,
      statusCode: 200,
      laterFailure: { createdAt: '2026-05-01T11:30:00Z', statusCode: 503, errorMessage: 'gone' },
    });
  });

  it('answers null for what has expired and for what is older than maxAge', async () => {
    const gateway = createFixture();
    gateway.store(recordOf(a, { expiresAt: nowMs / 1000 }));
    gateway.store(recordOf(b));
    expect((await gateway.ask(`{ crawlResult(url: "${a}") { url } }`)).data.crawlResult).toBeNull();
    const query = `query ($maxAge: Int) { crawlResult(url: "${b}", maxAge: $maxAge) { url } }`;
    expect((await gateway.ask(query, { maxAge: 3600 })).data.crawlResult).toEqual({ url: b });
    expect((await gateway.ask(query, { maxAge: 3599 })).data.crawlResult).toBeNull();
    gateway.store(recordOf(b, { validatedAt: instant('2026-05-01T11:59:59Z') }));
    expect((await gateway.ask(query, { maxAge: 1 })).data.crawlResult).toEqual({ url: b });
  });

  it('says where the answer came from and how old it is', async () => {
    const gateway = createFixture();
    const provenance = { source: 'MEMORY', status: 'STALE', readAt: nowMs - 1500 } as const;
    gateway.results.set(a as ResultKey, { kind: 'found', value: { success: recordOf(a), failure: null }, provenance });
    const { data } = await gateway.ask(`{ crawlResult(url: "${a}") { cache { source status age } } }`);
    expect(data.crawlResult.cache).toEqual({ source: 'MEMORY', status: 'STALE', age: 1.5 });
    gateway.results.set(a as ResultKey, found({ success: recordOf(a), failure: null }, nowMs + 20));
    expect((await gateway.ask(`{ crawlResult(url: "${a}") { cache { age } } }`)).data.crawlResult.cache.age).toBe(0);
  });
});

describe('crawlResults', () => {
  const query = `query ($urls: [String!]!) { crawlResults(urls: $urls) { url } }`;

  it('keeps the order, answers duplicates, and asks for each URL once', async () => {
    const gateway = createFixture();
    gateway.store(recordOf(a));
    gateway.store(recordOf(b));
    const answer = await gateway.ask(query, { urls: [b, a, 'https://none.example/', b] });
    expect(answer.data.crawlResults).toEqual([{ url: b }, { url: a }, null, { url: b }]);
    expect(gateway.reads.map(({ keys }) => keys)).toEqual([[b, a, 'https://none.example/']]);
  });

  it('answers the other URLs where one is no URL and one could not be read', async () => {
    const gateway = createFixture();
    gateway.store(recordOf(a));
    const error = new CrawlgateError('STORE_THROTTLED', 'The store is over its capacity.', {});
    gateway.results.set(b as ResultKey, { kind: 'failed', error });
    const answer = await gateway.ask(query, { urls: ['nonsense', a, b, a] });
    expect(answer.status).toBe(200);
    expect(answer.data.crawlResults).toEqual([null, { url: a }, null, { url: a }]);
    expect(answer.errors).toMatchObject([
      { path: ['crawlResults', 0], extensions: { code: 'BAD_USER_INPUT', argument: 'url' } },
      { path: ['crawlResults', 2], extensions: { code: 'STORE_THROTTLED', url: b } },
    ]);
  });

  it('gives each failed URL its own path and its own name, though one error failed them all', async () => {
    const error = new CrawlgateError('STORE_UNAVAILABLE', 'The store does not answer.', {});
    const failed: ReadOutcome<never> = { kind: 'failed', error };
    const gateway = createFixture({ readResults: async ({ keys }) => new Map(keys.map((key) => [key, failed])) });
    const { errors } = await gateway.ask(query, { urls: [a, b] });
    expect(errors?.map(({ path, extensions }) => [path, extensions])).toEqual([
      [['crawlResults', 0], { code: 'STORE_UNAVAILABLE', url: a }],
      [['crawlResults', 1], { code: 'STORE_UNAVAILABLE', url: b }],
    ]);
  });

  it('refuses an empty list at the field, and too many URLs before anything is asked', async () => {
    const gateway = createFixture({ limits: { maxUrls: 2 } });
    expect((await gateway.ask(query, { urls: [] })).errors).toMatchObject([
      { path: ['crawlResults'], extensions: { code: 'BAD_USER_INPUT', argument: 'urls' } },
    ]);
    const answer = await gateway.ask(query, { urls: [a, a, a] });
    expect(answer.status).toBe(400);
    expect(answer.errors).toMatchObject([{ extensions: { code: 'TOO_MANY_URLS', limit: 2, given: 3 } }]);
    expect(gateway.reads).toEqual([]);
  });
});
