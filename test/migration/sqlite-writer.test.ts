// What the gateway writes to a cache of Crawl4AI is what Crawl4AI's own crawlers would have put there.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { newResultOfCrawl4ai } from '../../src/domain/crawl4ai-input.js';
import { groups } from '../../src/domain/fields.js';
import type { JsonValue } from '../../src/domain/packed-text.js';
import { plainWant } from '../../src/domain/read-many.js';
import { latestKey } from '../../src/domain/result-key.js';
import { toUrlKey } from '../../src/domain/url-key.js';
import type { ResultWriters } from '../../src/domain/write-many.js';
import { openSqlite } from '../../src/migration/sqlite-connection.js';
import { createSqliteWriter } from '../../src/migration/sqlite-writer.js';
import { silentEvents } from '../../src/observability/events.js';
import { type CacheFixture, type CacheVersion, makeCache } from './cache-fixture.js';

const url = 'https://example.com/';
const signal = new AbortController().signal;

let cache: CacheFixture;
let writers: ResultWriters;
let open: AsyncDisposable;

async function use(version: CacheVersion): Promise<void> {
  await open?.[Symbol.asyncDispose]();
  cache = await makeCache(version);
  const connection = openSqlite({ path: cache.paths.database, readOnly: false });
  writers = createSqliteWriter({ ...cache, connection, events: silentEvents, elapsed: () => 0 });
  open = {
    async [Symbol.asyncDispose]() {
      await connection[Symbol.asyncDispose]();
      await cache[Symbol.asyncDispose]();
    },
  };
}

beforeEach(async () => {
  await use('0.9');
  return () => open[Symbol.asyncDispose]();
});

async function put(document: Readonly<Record<string, JsonValue>>, at: string, more: object = {}) {
  const options = { nowMs: Date.UTC(2030, 0), ttlDays: 30, maxUrlBytes: 2048 };
  const result = newResultOfCrawl4ai({ url, success: true, created_at: at, ...document }, options);
  const [outcome] = await writers.put({ inputs: [{ ...result, ...more }], signal });
  return outcome?.kind === 'failed' ? outcome.error.code : outcome?.kind;
}

const row = () =>
  cache.database.prepare('SELECT * FROM crawled_data WHERE url = ?').get(url) as Record<string, unknown>;

describe('a result put into a cache', () => {
  it('has its texts in files named by their xxh64 and everything else in the row, as acache_url has it', async () => {
    const html = 'a';
    expect(
      await put(
        {
          html,
          markdown: { raw_markdown: '# T', markdown_with_citations: '# T⟨1⟩', references_markdown: '' },
          screenshot: 'aGVsbG8=',
          links: { internal: [] },
          metadata: { title: 'é' },
          response_headers: { etag: '"x"' },
        },
        '2020-01-01T00:00:00.123456Z',
      ),
    ).toBe('done');
    expect(row()).toMatchObject({
      url,
      html: 'd24ec4f1a98c6e5b',
      cleaned_html: '',
      extracted_content: '',
      success: 1,
      media: '{}',
      links: '{"internal":[]}',
      metadata: '{"title":"é"}',
      response_headers: '{"etag":"\\"x\\""}',
      downloaded_files: '[]',
      etag: '"x"',
      last_modified: '',
      head_fingerprint: '',
      cached_at: 1_577_836_800.123456,
    });
    const file = (folder: string, name: unknown) => readFile(join(cache.paths.folder, folder, String(name)), 'utf8');
    expect(await file('html_content', 'd24ec4f1a98c6e5b')).toBe('a');
    // Markdown is raw text.
    expect(await file('markdown_content', row().markdown)).toBe('# T');
    expect(await readdir(join(cache.paths.folder, 'html_content'))).toEqual(['d24ec4f1a98c6e5b']);
  });

  it('is read back by the gateway', async () => {
    await put({ html: '<p>é\r\n😀', markdown: 'm' }, '2020-01-01T00:00:00Z');
    const key = latestKey(toUrlKey(url));
    const outcome = (await cache.read({ keys: [key], want: { ...plainWant, groups: groups.all }, signal })).get(key);
    expect(outcome).toMatchObject({ kind: 'found', value: { success: { createdAt: 1_577_836_800_000_000 } } });
  });

  it('replaces what is older, the same write again is stored, what is newer stays', async () => {
    expect(await put({ html: '1' }, '2020-01-02T00:00:00Z')).toBe('done');
    expect(await put({ html: '1' }, '2020-01-02T00:00:00Z')).toBe('done');
    expect(await put({ html: 'other' }, '2020-01-02T00:00:00Z')).toBe('SUPERSEDED');
    expect(await put({ html: '0' }, '2020-01-01T00:00:00Z')).toBe('SUPERSEDED');
    expect(await put({ html: '2' }, '2020-01-03T00:00:00Z')).toBe('done');
    expect(await put({ html: '3' }, '2020-01-04T00:00:00Z', { onlyIfAbsent: true })).toBe('SUPERSEDED');
    expect(cache.database.prepare('SELECT count(*) AS rows FROM crawled_data').get()).toMatchObject({ rows: 1 });
    expect(row().cached_at).toBe(Date.UTC(2020, 0, 3) / 1000);
  });

  it('that is a failure never hides a success, which replaces a failure whatever its time', async () => {
    expect(await put({ success: false }, '2020-01-05T00:00:00Z')).toBe('done');
    expect(await put({ success: false }, '2020-01-04T00:00:00Z')).toBe('SUPERSEDED');
    expect(await put({ html: '1' }, '2020-01-02T00:00:00Z')).toBe('done');
    expect(await put({ success: false }, '2020-01-09T00:00:00Z')).toBe('SUPERSEDED');
    expect(row().success).toBe(1);
  });

  it('replaces a row that has no time', async () => {
    await cache.crawl({ url, html: 'x', success: 1, cached_at: 0 });
    expect(await put({ html: '1' }, '2000-01-02T00:00:00Z')).toBe('done');
  });

  it('fits a cache whose newer columns are missing, and is refused by one from before there were files', async () => {
    await use('0.3.74');
    expect(await put({ html: '1', etag: 'e' }, '2020-01-02T00:00:00Z')).toBe('done');
    expect(row()).not.toHaveProperty('etag');
    await use('0.3.0');
    expect(await put({ html: '1' }, '2020-01-02T00:00:00Z')).toBe('STORE_MISCONFIGURED');
  });

  it('that no file of UTF-8 can hold is refused', async () => {
    expect(await put({ html: '\ud800' }, '2020-01-02T00:00:00Z')).toBe('BAD_USER_INPUT');
  });

  it('waits for another writer, without holding up anybody else', async () => {
    cache.database.exec('BEGIN IMMEDIATE');
    const writing = put({ html: '1' }, '2020-01-02T00:00:00Z');
    const key = latestKey(toUrlKey(url));
    const read = await cache.read({ keys: [key], want: { ...plainWant, groups: groups.head }, signal });
    expect(read.get(key)?.kind).toBe('absent');
    cache.database.exec('COMMIT');
    expect(await writing).toBe('done');
  });

  it('writes a file again that a crash left full of zeros, of the right length', async () => {
    const text = 'torn text';
    const name = await cache.files.write('html', text);
    await cache.file('html', name, Buffer.alloc(text.length));
    expect(await cache.files.write('html', text)).toBe(name);
    expect(await cache.files.read('html', name)).toEqual({ kind: 'text', text });
  });

  it('writes a file again that a crash left short', async () => {
    await cache.file('html', 'd24ec4f1a98c6e5b', '');
    await put({ html: 'a' }, '2020-01-02T00:00:00Z');
    expect(await readFile(join(cache.paths.folder, 'html_content', 'd24ec4f1a98c6e5b'), 'utf8')).toBe('a');
  });
});

describe('a row', () => {
  it('is revalidated where it is a success', async () => {
    const revalidate = async () => {
      const inputs = [{ url: toUrlKey(url), etag: 'e2', lastModified: null, headFingerprint: 'f' }];
      const [outcome] = await writers.revalidate({ inputs, signal });
      return outcome?.kind === 'failed' ? outcome.error.code : outcome?.kind;
    };
    expect(await revalidate()).toBe('NOT_STORED');
    await put({ success: false }, '2020-01-01T00:00:00Z');
    expect(await revalidate()).toBe('NOT_STORED');
    await put({ html: '1', last_modified: 'l' }, '2020-01-02T00:00:00Z');
    expect(await revalidate()).toBe('done');
    expect(row()).toMatchObject({ etag: 'e2', last_modified: 'l', head_fingerprint: 'f' });
  });

  it.each([
    ['false', 'aaaaaaaaaaaaaaaa'],
    [null, null],
  ])('takes a row for the failure that a reader takes it for: success %s, html %s', async (success, html) => {
    cache.insert({ url, success, html, cached_at: 1_900_000_000 });
    const revalidation = { url: toUrlKey(url), etag: '"x"', lastModified: null, headFingerprint: null };
    expect(await writers.revalidate({ inputs: [revalidation], signal })).toMatchObject([
      { error: { code: 'NOT_STORED' } },
    ]);
    expect(await put({ html: 'a' }, '2020-01-01T00:00:00Z')).toBe('done');
  });

  it('is removed by an invalidation, its files are not: other rows may name them', async () => {
    await put({ html: 'a' }, '2020-01-02T00:00:00Z');
    const remove = async () => (await writers.invalidate({ inputs: [toUrlKey(url)], signal }))[0];
    expect(await remove()).toEqual({ kind: 'done', receipt: { removed: true } });
    expect(await remove()).toEqual({ kind: 'done', receipt: { removed: false } });
    expect(await readdir(join(cache.paths.folder, 'html_content'))).toHaveLength(1);
  });
});
