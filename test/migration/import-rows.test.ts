// Rows of a Crawl4AI cache become results of a table: what is stored is kept, what is broken is named, nothing stops it.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { instantOfSeconds } from '../../src/domain/instant.js';
import type { ResultWriters } from '../../src/domain/write-many.js';
import { CrawlgateError } from '../../src/errors.js';
import { contentFolders } from '../../src/migration/cache-paths.js';
import { type ImportCounts, type ImportProblem, importRows, noImports } from '../../src/migration/import-rows.js';
import type { RowPlace } from '../../src/migration/row-pages.js';
import { engines } from '../conformance/engines.js';
import { openWorld, type World } from '../conformance/world.js';
import { type CacheFixture, makeCache } from './cache-fixture.js';

const [engine] = engines;

interface Ran {
  readonly counts: ImportCounts;
  readonly problems: readonly ImportProblem[];
  readonly places: readonly RowPlace[];
}

describe.each(['document', 'versioned'] as const)('importing into the %s layout', (layout) => {
  let world: World;
  let cache: CacheFixture;
  let run = 0;
  const url = (name: string | number): string => `https://example.com/${run}/${name}`;

  beforeAll(async () => {
    if (engine === undefined) throw new Error('there is no engine');
    world = await openWorld(engine, { layout });
    world.now = Date.now();
  });
  afterAll(() => world[Symbol.asyncDispose]());
  beforeEach(async () => {
    run += 1;
    cache = await makeCache();
    return () => cache[Symbol.asyncDispose]();
  });

  async function start(
    options: Partial<Parameters<typeof importRows>[1]> = {},
    put = world.access.writers.put,
  ): Promise<Ran> {
    const problems: ImportProblem[] = [];
    const places: RowPlace[] = [];
    const counts = await importRows(
      { ...cache, put, maxUrlBytes: world.access.maxUrlBytes, wait: async () => undefined },
      {
        ...{ from: null, counts: noImports, ttlDays: 30, force: false, partial: false },
        signal: new AbortController().signal,
        onAnew: () => undefined,
        onBatch: async (_, place) => {
          places.push(place);
        },
        onProblem: (problem) => problems.push(problem),
        ...options,
      },
    );
    return { counts, problems, places };
  }

  it('stores all that the cache has of a result, as of the time when it was cached, to expire from now', async () => {
    const given = {
      html: '<p>é</p>',
      cleaned_html: '<p>',
      extracted_content: '[]',
      screenshot: 'aGVsbG8=',
    };
    const json = { media: { images: [] }, links: { internal: [{ href: '/x' }] }, metadata: { title: 'T' } };
    await cache.crawl({
      ...{ url: url(1), success: 1, cached_at: 1_700_000_000.123456, markdown: '# T', ...given },
      ...Object.fromEntries(Object.entries(json).map(([name, value]) => [name, JSON.stringify(value)])),
      response_headers: '{"etag": "x"}',
      etag: 'x',
      downloaded_files: '{}',
    });
    await cache.crawl({ url: url(2), html: '', success: 0, cached_at: 5 });
    const { counts } = await start();
    expect(counts).toEqual({ ...noImports, rows: 2, imported: 2, failures: 1 });
    expect(await world.document(url(1))).toEqual({
      ...{ url: url(1), success: true, markdown: '# T', ...given, ...json, response_headers: { etag: 'x' } },
    });
    const stored = await world.stored(url(1));
    expect(stored?.success?.createdAt).toBe(instantOfSeconds(1_700_000_000.123456));
    const days = ((stored?.success?.expiresAt ?? 0) * 1000 - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(29.9);
    expect(days).toBeLessThan(30.1);
    expect((await world.stored(url(2)))?.failure?.success).toBe(false);
  });

  it('keeps what is stored, older or newer, and writes nothing a second time', async () => {
    await world.put({ url: url(1), success: true, html: 'stored', created_at: '2020-01-01T00:00:00Z' });
    await cache.crawl({ url: url(1), html: 'cached', success: 1, cached_at: 1_700_000_000 });
    await cache.crawl({ url: url(2), html: 'cached', success: 1, cached_at: 1_700_000_000 });
    expect((await start()).counts).toMatchObject({ imported: 1, kept: 1 });
    expect(await world.document(url(1))).toMatchObject({ html: 'stored' });
    world.units.write = 0;
    expect((await start()).counts).toMatchObject({ imported: 0, kept: 2 });
    expect(world.units.write).toBe(0);
  });

  it('with force replaces what is older, never what is newer, and nothing at all by a row without a time', async () => {
    await world.put(
      { url: url('old'), success: true, html: 'stored', created_at: '2020-01-01T00:00:00Z' },
      { url: url('new'), success: true, html: 'stored', created_at: '2025-01-01T00:00:00Z' },
      { url: url('untimed'), success: true, html: 'stored', created_at: '2000-01-01T00:00:00Z' },
      { url: url('good'), success: true, html: 'stored', created_at: '2020-01-01T00:00:00Z' },
    );
    await cache.crawl({ url: url('old'), html: 'cached', success: 1, cached_at: 1_700_000_000 });
    await cache.crawl({ url: url('new'), html: 'cached', success: 1, cached_at: 1_700_000_000 });
    await cache.crawl({ url: url('untimed'), html: 'cached', success: 1, cached_at: 0 });
    await cache.crawl({ url: url('good'), html: '', success: 0, cached_at: 1_700_000_000 });
    const { counts } = await start({ force: true });
    expect(counts).toMatchObject({ rows: 4, imported: 2, failures: 1, kept: 2, untimed: 0 });
    expect(await world.document(url('old'))).toMatchObject({ html: 'cached' });
    expect(await world.document(url('new'))).toMatchObject({ html: 'stored' });
    expect(await world.document(url('untimed'))).toMatchObject({ html: 'stored' });
    expect(await world.document(url('good'), 'success')).toMatchObject({ html: 'stored' });
  });

  it('names rows whose file is gone, whose JSON is broken or whose URL is none, and imports the others', async () => {
    cache.insert({ url: url('gone'), html: 'aaaaaaaaaaaaaaaa', success: 1, cached_at: 1 });
    await cache.crawl({ url: url('broken'), html: '<p>', links: '{"a', success: 1, cached_at: 1 });
    await cache.crawl({ url: 'no url', html: '<p>', success: 1, cached_at: 1 });
    await cache.crawl({ url: `${url('long')}${'x'.repeat(2048)}`, html: '<p>', success: 1, cached_at: 1 });
    await cache.crawl({ url: url('good'), html: '<p>', success: 1, cached_at: 1 });
    const { counts, problems } = await start();
    expect(counts).toEqual({ ...noImports, rows: 5, imported: 1, broken: 2, refused: 2 });
    expect(problems).toEqual([
      { url: url('gone'), kind: 'broken', message: expect.stringContaining('html is kept in a file that is gone') },
      { url: url('broken'), kind: 'broken', message: 'links is a text that is no JSON' },
      { url: 'no url', kind: 'refused', message: expect.stringContaining('not an absolute URL') },
      { url: expect.stringContaining('/long'), kind: 'refused', message: expect.stringContaining('bytes') },
    ]);
    expect(await world.stored(url('gone'))).toBeNull();
    expect((await start({ partial: true })).counts).toMatchObject({ imported: 2, kept: 1, broken: 2, refused: 2 });
    expect(await world.document(url('broken'))).toMatchObject({ html: '<p>' });
  });

  it('counts a row whose file cannot be read as broken, and imports the others', async () => {
    cache.insert({ url: url('folder'), html: 'bbbbbbbbbbbbbbbb', success: 1, cached_at: 1 });
    await mkdir(join(cache.paths.folder, contentFolders.html, 'bbbbbbbbbbbbbbbb'), { recursive: true });
    await cache.crawl({ url: url('good'), html: '<p>', success: 1, cached_at: 1 });
    const { counts, problems } = await start();
    expect(counts).toEqual({ ...noImports, rows: 2, imported: 1, broken: 1 });
    expect(problems).toEqual([
      {
        ...{ url: url('folder'), kind: 'broken' },
        message: 'html is kept in a file that cannot be read (EISDIR), html_content/bbbbbbbbbbbbbbbb',
      },
    ]);
  });

  it('goes on behind a row that is still there, else from the beginning', async () => {
    for (let index = 0; index < 5; index += 1) {
      await cache.crawl({ url: url(index), html: `${index}`, success: 1, cached_at: 1 });
    }
    const place = { rowid: 2, url: url(1) };
    expect((await start({ from: place })).counts).toMatchObject({ rows: 3, imported: 3 });
    let anew = 0;
    const onAnew = (): void => {
      anew += 1;
    };
    const earlier = { ...noImports, rows: 2, imported: 2, broken: 1 };
    const { counts } = await start({ from: { rowid: 2, url: url('other') }, counts: earlier, onAnew });
    expect(counts).toEqual({ ...noImports, rows: 5, imported: 2, kept: 3 });
    expect(anew).toBe(1);
  });

  it('is patient with a store that is over its capacity, and gives up one that is lost, not the place', async () => {
    for (let index = 0; index < 250; index += 1) {
      cache.insert({ url: url(index), html: `<p>${index}`, success: 1, cached_at: 1 });
    }
    let calls = 0;
    const throttled: ResultWriters['put'] = async (request) => {
      const outcomes = await world.access.writers.put({ ...request, inputs: request.inputs.slice(0, 30) });
      calls += 1;
      const error = new CrawlgateError('STORE_THROTTLED', 'slowly', {});
      return request.inputs.map((_, index) => outcomes[index] ?? { kind: 'failed', error });
    };
    expect((await start({}, throttled)).counts).toMatchObject({ rows: 250, imported: 250 });
    expect(calls).toBeGreaterThan(8);

    const error = new CrawlgateError('STORE_FORBIDDEN', 'no', {});
    let answered = 0;
    const lost: ResultWriters['put'] = async ({ inputs }) => {
      answered += 1;
      return inputs.map(() =>
        answered > 1 ? { kind: 'failed', error } : { kind: 'done', receipt: { bytes: 0, items: 1 } },
      );
    };
    const places: RowPlace[] = [];
    const onBatch = async (_: ImportCounts, place: RowPlace): Promise<void> => {
      places.push(place);
    };
    await expect(start({ onBatch }, lost)).rejects.toBe(error);
    expect(places).toEqual([{ rowid: 100, url: url(99) }]);
  });

  it('takes what crawlers write while it reads, and is ended in order by a signal', async () => {
    for (let index = 0; index < 150; index += 1) cache.insert({ url: url(index), html: 'x', success: 1, cached_at: 1 });
    let written = false;
    const meanwhile = await start({
      onBatch: async () => {
        if (!written) cache.insert({ url: url('meanwhile'), html: 'x', success: 1, cached_at: 1 });
        written = true;
      },
    });
    expect(meanwhile.counts.rows + Number(!written)).toBeGreaterThanOrEqual(150);
    const ending = new AbortController();
    ending.abort();
    expect((await start({ signal: ending.signal })).counts).toEqual(noImports);
  });
});

it('imports texts of any size in bounded batches', async () => {
  await using cache = await makeCache('0.3.0');
  for (let index = 0; index < 12; index += 1) {
    cache.insert({ url: `https://e.com/${index}`, html: `${index}`.repeat(1_500_000), success: 1 });
  }
  const sizes: number[] = [];
  const counts = await importRows(
    {
      ...cache,
      maxUrlBytes: 2048,
      wait: async () => undefined,
      put: async ({ inputs }) => {
        sizes.push(inputs.length);
        return inputs.map(() => ({ kind: 'done', receipt: { bytes: 0, items: 1 } }));
      },
    },
    {
      ...{ from: null, counts: noImports, ttlDays: 0, force: false, partial: false },
      signal: new AbortController().signal,
      onAnew: () => undefined,
      onBatch: async () => undefined,
      onProblem: () => undefined,
    },
  );
  expect(counts).toMatchObject({ rows: 12, imported: 12, untimed: 12 });
  expect(Math.max(...sizes)).toBeLessThanOrEqual(3);
});
