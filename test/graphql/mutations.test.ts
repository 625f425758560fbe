// Mutations: every input is answered for itself, and what reaches the writers is what was given.
import { describe, expect, it } from 'vitest';
import { CrawlgateError } from '../../src/errors.js';
import { createFixture, createRecordingWriters, instant, nowMs } from './gateway-fixture.js';

const url = 'https://a.example/';
const cache = `mutation ($results: [CrawlResultInput!]!, $ttlDays: Int) {
  cacheCrawlResults(results: $results, ttlDays: $ttlDays) { url stored storedBytes items error { code message } } }`;
const cacheDocuments = `mutation ($results: [JSON!]!, $ttlDays: Int) {
  cacheCrawl4aiResults(results: $results, ttlDays: $ttlDays) { url stored storedBytes items error { code } } }`;

function createWritingFixture(limits: { maxUrls?: number; maxResultBytes?: number } = {}) {
  const { calls, writers } = createRecordingWriters();
  return { ...createFixture({ writers, limits }), calls };
}

describe('cacheCrawlResults', () => {
  it('hands on every field that was given, and none that was not', async () => {
    const gateway = createWritingFixture();
    const result = {
      url,
      success: true,
      statusCode: 200,
      redirectedStatusCode: null,
      createdAt: '2026-05-01T11:00:00.000001Z',
      sessionId: 's1',
      html: '<p>',
      pdf: null,
      markdown: { rawMarkdown: '# A', fitHtml: null },
      links: { internal: [] },
      downloadedFiles: ['/a'],
      responseHeaders: { ETag: '"x"' },
    };
    const answer = await gateway.ask(cache, { results: [result] });
    expect(answer.data.cacheCrawlResults).toEqual([{ url, stored: true, storedBytes: 100, items: 1, error: null }]);
    expect(gateway.calls.put[0]?.inputs).toEqual([
      {
        url,
        success: true,
        statusCode: 200,
        redirectedStatusCode: null,
        createdAt: instant('2026-05-01T11:00:00.000001Z'),
        ttlDays: 30,
        fields: new Map<string, unknown>([
          ['session_id', 's1'],
          ['html', '<p>'],
          ['pdf', null],
          ['raw_markdown', '# A'],
          ['markdown_fit_html', null],
          ['links', { internal: [] }],
          ['downloaded_files', ['/a']],
          ['response_headers', { ETag: '"x"' }],
          ['etag', '"x"'],
        ]),
        derivedFields: new Set(['etag']),
        nullScalars: new Set(['redirected_status_code']),
        markdownIsText: false,
      },
    ]);
  });

  it('answers a bad input for itself and writes the others, in the order given', async () => {
    const gateway = createWritingFixture({ maxResultBytes: 10 });
    const results = [
      { url, success: true },
      { url: 'nonsense', success: true },
      { url: 'https://b.example/', success: true, html: 'x'.repeat(11) },
      { url: 'https://c.example/', success: true, createdAt: '2026-05-01T12:05:00.000001Z' },
      { url, success: false, createdAt: '2026-05-01T12:05:00Z' },
    ];
    const { data, errors } = await gateway.ask(cache, { results });
    expect(errors).toBeUndefined();
    expect(data.cacheCrawlResults.map((one: { error: { code: string } | null }) => one.error?.code ?? null)).toEqual([
      null,
      'BAD_USER_INPUT',
      'RESULT_TOO_LARGE',
      'BAD_USER_INPUT',
      null,
    ]);
    expect(data.cacheCrawlResults.map((one: { url: string }) => one.url)).toEqual(results.map((one) => one.url));
    expect(data.cacheCrawlResults.map((one: { storedBytes: number }) => one.storedBytes)).toEqual([
      100,
      null,
      null,
      null,
      101,
    ]);
    expect(gateway.calls.put.map(({ inputs }) => inputs.map((one) => [one.url, one.success]))).toEqual([
      [
        [url, true],
        [url, false],
      ],
    ]);
  });

  it('tells why a writer did not store a result', async () => {
    const error = new CrawlgateError('SUPERSEDED', 'A newer result is stored.', { url });
    const { writers } = createRecordingWriters();
    const gateway = createFixture({ writers: { ...writers, put: async () => [{ kind: 'failed', error }] } });
    expect((await gateway.ask(cache, { results: [{ url, success: true }] })).data.cacheCrawlResults).toEqual([
      { url, stored: false, storedBytes: null, items: null, error: { code: 'SUPERSEDED', message: error.message } },
    ]);
  });

  it('counts createdAt from the clock and ttlDays from the setting unless they are given', async () => {
    const gateway = createWritingFixture();
    await gateway.ask(cache, { results: [{ url, success: true, createdAt: null }], ttlDays: null });
    await gateway.ask(cache, { results: [{ url, success: true }], ttlDays: 0 });
    expect(gateway.calls.put.map(({ inputs }) => inputs.map((one) => [one.createdAt, one.ttlDays]))).toEqual([
      [[nowMs * 1000, 30]],
      [[nowMs * 1000, 0]],
    ]);
  });

  it.each([
    [{ results: [] }, 'BAD_USER_INPUT'],
    [{ results: [{ url, success: true }], ttlDays: -1 }, 'BAD_USER_INPUT'],
    [{ results: [{ url, success: true }], ttlDays: 36_501 }, 'BAD_USER_INPUT'],
    [{ results: Array(3).fill({ url, success: true }) }, 'TOO_MANY_URLS'],
  ])('refuses %j as a whole: %s', async (variables, code) => {
    const gateway = createWritingFixture({ maxUrls: 2 });
    const answer = await gateway.ask(cache, variables);
    expect(answer.errors).toMatchObject([{ extensions: { code } }]);
    expect(gateway.calls.put).toEqual([]);
  });
});

describe('cacheCrawl4aiResults', () => {
  it('takes documents, and answers for those that are none', async () => {
    const gateway = createWritingFixture();
    const results = [
      { url, success: true, html: '<p>', mystery: { a: 1 } },
      5,
      [],
      { success: true },
      { url, success: 1 },
    ];
    const { data } = await gateway.ask(cacheDocuments, { results });
    expect(data.cacheCrawl4aiResults).toEqual([
      { url, stored: true, storedBytes: 100, items: 1, error: null },
      ...['', '', '', url].map((given) => ({
        url: given,
        stored: false,
        storedBytes: null,
        items: null,
        error: { code: 'BAD_USER_INPUT' },
      })),
    ]);
    expect(gateway.calls.put[0]?.inputs.map(({ fields }) => fields)).toEqual([
      new Map<string, unknown>([
        ['html', '<p>'],
        ['extra', { mystery: { a: 1 } }],
      ]),
    ]);
  });

  it('takes a document written into the query', async () => {
    const gateway = createWritingFixture();
    const { data } = await gateway.ask(
      `mutation ($absent: JSON) { cacheCrawl4aiResults(results: [{ url: "${url}", success: true, status_code: 200, x: [1.5, null], y: $absent }]) { stored } }`,
    );
    expect(data.cacheCrawl4aiResults).toEqual([{ stored: true }]);
    expect(gateway.calls.put[0]?.inputs[0]?.statusCode).toBe(200);
    expect(gateway.calls.put[0]?.inputs[0]?.fields).toEqual(new Map([['extra', { x: [1.5, null] }]]));
  });
});

describe('revalidateCrawlResult', () => {
  it('hands on the validators that were given', async () => {
    const gateway = createWritingFixture();
    const { data } = await gateway.ask(
      `mutation { revalidateCrawlResult(url: "${url}", etag: "e") { url stored storedBytes error { code } } }`,
    );
    expect(data.revalidateCrawlResult).toEqual({ url, stored: true, storedBytes: 50, error: null });
    expect(gateway.calls.other[0]?.inputs).toEqual([{ url, etag: 'e', lastModified: null, headFingerprint: null }]);
  });

  it('answers a bad URL for itself', async () => {
    const { data } = await createWritingFixture().ask(
      'mutation { revalidateCrawlResult(url: "x") { url stored error { code } } }',
    );
    expect(data.revalidateCrawlResult).toEqual({ url: 'x', stored: false, error: { code: 'BAD_USER_INPUT' } });
  });
});

describe('invalidateCrawlResults', () => {
  it('answers each URL', async () => {
    const gateway = createWritingFixture();
    const { data } = await gateway.ask(
      `mutation { invalidateCrawlResults(urls: ["${url}", "x"]) { url removed error { code } } }`,
    );
    expect(data.invalidateCrawlResults).toEqual([
      { url, removed: true, error: null },
      { url: 'x', removed: false, error: { code: 'BAD_USER_INPUT' } },
    ]);
    expect(gateway.calls.other[0]?.inputs).toEqual([url]);
  });
});
