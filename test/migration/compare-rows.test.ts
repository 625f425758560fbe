// A cache and a table compared: what is equal is equal in every dress, what is not is named with both values, and mended.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CompareCounts, compareRows, type Finding, noComparisons } from '../../src/migration/compare-rows.js';
import { isEqualValue, shown } from '../../src/migration/compare-values.js';
import { rowPages, sampledRows } from '../../src/migration/row-pages.js';
import { engines } from '../conformance/engines.js';
import { openWorld, type World } from '../conformance/world.js';
import { type CacheFixture, makeCache } from './cache-fixture.js';

const [engine] = engines;

describe('two values', () => {
  it.each([
    [{}, null],
    ['', undefined],
    [[], ''],
    [{ a: 1, b: null }, { a: 1 }],
    [{ a: { b: '' } }, {}],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [
      [1, { a: '' }],
      [1, {}],
    ],
  ])('%j and %j are equal', (a, b) => {
    expect(isEqualValue(a, b)).toBe(true);
    expect(isEqualValue(b, a)).toBe(true);
  });

  it.each([
    [0, null],
    [false, null],
    ['a', 'b'],
    [
      [1, 2],
      [2, 1],
    ],
    [[null, 1], [1]],
    [{ a: 1 }, { a: '1' }],
  ])('%j and %j are different', (a, b) => {
    expect(isEqualValue(a, b)).toBe(false);
  });

  it('are shown on one line, shortened', () => {
    expect(shown('a\nb')).toBe('"a\\nb"');
    expect(shown(undefined)).toBe('nothing');
    expect(shown('x'.repeat(500))).toMatch(/^"x{59}… \(502 characters\)$/);
  });
});

describe('comparing', () => {
  let world: World;
  let cache: CacheFixture;
  let run = 0;
  const url = (name: string | number): string => `https://example.com/${run}/${name}`;
  const timed = { success: 1, cached_at: 1_700_000_000.5 };
  const created_at = '2023-11-14T23:13:20.5+01:00';

  beforeAll(async () => {
    if (engine === undefined) throw new Error('there is no engine');
    world = await openWorld(engine, { layout: 'versioned' });
    world.now = Date.now();
  });
  afterAll(() => world[Symbol.asyncDispose]());
  beforeEach(async () => {
    run += 1;
    cache = await makeCache();
    return () => cache[Symbol.asyncDispose]();
  });

  async function compare(options: { repair?: boolean; sample?: number } = {}) {
    const findings: Finding[] = [];
    const signal = new AbortController().signal;
    const { connection, paths } = cache;
    const counts: CompareCounts = await compareRows(
      {
        ...cache,
        read: world.access.read,
        put: world.access.writers.put,
        maxUrlBytes: world.access.maxUrlBytes,
        wait: async () => undefined,
      },
      {
        ...{ repair: options.repair === true, ttlDays: 30, signal },
        pages:
          options.sample === undefined
            ? rowPages(connection, paths.database, null, signal)
            : sampledRows(connection, paths.database, options.sample, signal),
        onCounts: () => undefined,
        onFinding: (finding) => findings.push(finding),
      },
    );
    return { counts, findings };
  }

  it('finds equal what both stores say in their own way', async () => {
    await cache.crawl({
      ...{
        url: url(1),
        ...timed,
        html: 'x'.repeat(500_000),
        markdown: '# T',
        media: '{}',
        links: '{"a": [1], "b": ""}',
      },
      ...{ response_headers: '{"ETag": "e"}', etag: 'e', downloaded_files: '{}' },
    });
    await world.put({
      ...{ url: url(1), success: true, created_at, html: 'x'.repeat(500_000), status_code: 200, media: null },
      markdown: { raw_markdown: '# T', markdown_with_citations: '# T⟨1⟩', references_markdown: 'r' },
      links: { b: null, a: [1] },
      response_headers: { ETag: 'e' },
    });
    expect(await compare()).toEqual({ counts: { ...noComparisons, rows: 1, equal: 1 }, findings: [] });
  });

  it('names what is missing and every field that differs, with both values', async () => {
    await cache.crawl({ url: url('missing'), ...timed, html: 'x' });
    await cache.crawl({ url: url('different'), ...timed, html: 'x', links: '{"a": 1}', markdown: 'm' });
    await cache.crawl({ url: url('time'), ...timed, html: 'x' });
    cache.insert({ url: url('broken'), ...timed, html: 'aaaaaaaaaaaaaaaa' });
    await world.put(
      { url: url('different'), success: true, created_at, html: 'y', markdown: 'm' },
      { url: url('time'), success: true, created_at: '2023-11-14T22:13:20Z', html: 'x' },
    );
    const { counts, findings } = await compare();
    expect(counts).toEqual({ ...noComparisons, rows: 4, missing: 1, different: 2, broken: 1 });
    expect(findings).toMatchObject([
      { url: url('missing'), kind: 'missing', success: true, differences: [] },
      {
        url: url('different'),
        kind: 'different',
        differences: [
          { field: 'html', sqlite: '"x"', dynamodb: '"y"' },
          { field: 'links', sqlite: '{"a":1}', dynamodb: 'nothing' },
        ],
      },
      {
        url: url('time'),
        differences: [{ field: 'created_at', sqlite: '2023-11-14T22:13:20.500Z', dynamodb: '2023-11-14T22:13:20Z' }],
      },
      { url: url('broken'), kind: 'broken', note: expect.stringContaining('gone') },
    ]);
  });

  it('repairs what is missing, older, or of the same time and different; never what is newer, nor by an untimed row', async () => {
    const names = ['missing', 'older', 'same', 'newer'];
    for (const name of names) await cache.crawl({ url: url(name), ...timed, html: 'right' });
    await cache.crawl({ url: url('untimed'), success: 1, cached_at: 0, html: 'right' });
    await cache.crawl({ url: url('failed'), ...timed, success: 0, html: '' });
    await cache.crawl({ url: url('good'), ...timed, html: 'right' });
    await world.put(
      { url: url('older'), success: true, created_at: '2020-01-01T00:00:00Z', html: 'wrong' },
      { url: url('same'), success: true, created_at, html: 'wrong' },
      { url: url('newer'), success: true, created_at: '2025-01-01T00:00:00Z', html: 'newest' },
      { url: url('untimed'), success: true, created_at: '2020-01-01T00:00:00Z', html: 'stored' },
      { url: url('failed'), success: true, created_at: '2020-01-01T00:00:00Z', html: 'good' },
      { url: url('good'), success: false, created_at: '2025-01-01T00:00:00Z', html: '' },
    );
    const { counts } = await compare({ repair: true });
    expect(counts).toMatchObject({ rows: 7, equal: 0, missing: 1, different: 6, newer: 1, repaired: 5 });
    for (const name of ['missing', 'older', 'same', 'good']) {
      expect(await world.document(url(name), 'success'), name).toMatchObject({ html: 'right' });
    }
    expect(await world.document(url('newer'))).toMatchObject({ html: 'newest' });
    expect(await world.document(url('untimed'))).toMatchObject({ html: 'stored' });
    // A failed crawl is set beside the good one, and a good one does not take a newer failure away.
    expect(await world.document(url('failed'), 'success')).toMatchObject({ html: 'good' });
    expect(await world.document(url('good'), 'failure')).toMatchObject({ success: false });
    expect((await compare({ repair: true })).counts).toMatchObject({ equal: 5, different: 2, newer: 1, repaired: 0 });
  });

  it('takes a sample of rows, each once', async () => {
    for (let index = 0; index < 70; index += 1) cache.insert({ url: url(index), ...timed, html: 'x' });
    const { counts, findings } = await compare({ sample: 33 });
    expect(counts).toMatchObject({ rows: 33, missing: 33 });
    expect(new Set(findings.map((finding) => finding.url)).size).toBe(33);
    expect((await compare({ sample: 500 })).counts.rows).toBe(70);
  });
});
