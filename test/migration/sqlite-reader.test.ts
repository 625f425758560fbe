// What every version of Crawl4AI leaves in its cache is read as the crawler gave it.
import { rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import type { CrawlResult } from '../../src/domain/crawl-result.js';
import { crawl4aiOf } from '../../src/domain/crawl4ai-output.js';
import { type FieldGroups, groupOf, groups, union } from '../../src/domain/fields.js';
import { instantOfMillis, instantOfSeconds } from '../../src/domain/instant.js';
import { plainWant, type ReadMany } from '../../src/domain/read-many.js';
import { healthKey, latestKey, type ResultKey, versionKey } from '../../src/domain/result-key.js';
import { toUrlKey } from '../../src/domain/url-key.js';
import { openSqlite } from '../../src/migration/sqlite-connection.js';
import { type CacheFixture, makeCache } from './cache-fixture.js';

const url = 'https://example.com/é?a=1#b';

async function outcomeOf(read: CacheFixture['read'], wanted: FieldGroups = groups.all, of: string = url) {
  const key = latestKey(toUrlKey(of));
  const want = { ...plainWant, groups: wanted };
  return (await read({ keys: [key], want, signal: new AbortController().signal })).get(key);
}

async function recordOf(
  read: CacheFixture['read'],
  wanted: FieldGroups = groups.all,
  of: string = url,
): Promise<CrawlResult> {
  const outcome = await outcomeOf(read, wanted, of);
  if (outcome?.kind !== 'found') throw new Error(JSON.stringify(outcome));
  const record = outcome.value.success ?? outcome.value.failure;
  if (record === null) throw new Error('no record');
  return record;
}

describe('a row whose texts lie in files', () => {
  it('is read whole, and says that it comes from SQLite', async () => {
    await using cache = await makeCache();
    await cache.crawl({
      url,
      html: '<p>é\r\n</p>',
      cleaned_html: '<p>c</p>',
      markdown: '# T',
      extracted_content: '[1]',
      screenshot: 'aGVsbG8=',
      success: 1,
      media: '{"images": [{"src": "a.png", "score": NaN}]}',
      links: '{"internal": [], "external": []}',
      metadata: '{"title": "T é"}',
      response_headers: '{"ETag": "\\"x\\"", "content-type": "text/html"}',
      downloaded_files: '["/tmp/a.pdf"]',
      etag: '"x"',
      last_modified: 'Tue, 01 Jan 2030 00:00:00 GMT',
      head_fingerprint: 'f',
      cached_at: 1_700_000_000.123456,
    });
    const outcome = await outcomeOf(cache.read);
    expect(outcome).toMatchObject({
      kind: 'found',
      provenance: { source: 'SQLITE', status: 'FRESH', readAt: 1_700_000_000_000 },
    });
    const record = await recordOf(cache.read);
    expect(record).toMatchObject({ url, success: true, statusCode: null, title: 'T é', expiresAt: null });
    expect(record.createdAt).toBe(instantOfSeconds(1_700_000_000.123456));
    expect(await crawl4aiOf(record)).toEqual({
      url,
      success: true,
      html: '<p>é\r\n</p>',
      cleaned_html: '<p>c</p>',
      markdown: '# T',
      extracted_content: '[1]',
      screenshot: 'aGVsbG8=',
      media: { images: [{ src: 'a.png', score: null }] },
      links: { internal: [], external: [] },
      metadata: { title: 'T é' },
      response_headers: { ETag: '"x"', 'content-type': 'text/html' },
      downloaded_files: ['/tmp/a.pdf'],
      // The etag is the headers' own; this one is not.
      last_modified: 'Tue, 01 Jan 2030 00:00:00 GMT',
      head_fingerprint: 'f',
    });
    expect(record.fields.get('etag')).toBe('"x"');
    expect(record.sizeBytes).toBeGreaterThan(50);
  });

  it('has markdown as JSON of its parts, as versions before 0.9 keep it', async () => {
    await using cache = await makeCache('0.3.74');
    const markdown = {
      raw_markdown: '# T',
      markdown_with_citations: '# T⟨1⟩',
      references_markdown: '',
      fit_markdown: null,
    };
    await cache.crawl({
      url,
      html: '<p>',
      success: 1,
      markdown: JSON.stringify({ ...markdown, fit_html: '<b>', more: 1 }),
    });
    const record = await recordOf(cache.read);
    expect(record.fields.get('raw_markdown')).toBe('# T');
    expect(record.fields.get('markdown_with_citations')).toBe('# T⟨1⟩');
    expect(record.fields.get('markdown_fit_html')).toBe('<b>');
    expect(record.fields.has('fit_markdown')).toBe(false);
    expect(await crawl4aiOf(record)).toMatchObject({
      markdown: {
        raw_markdown: '# T',
        markdown_with_citations: '# T⟨1⟩',
        references_markdown: '',
        fit_html: '<b>',
        more: 1,
      },
    });
  });

  it.each(['{"a": 1}', '{"raw_markdown', '[1]', 'null', '42', '"x"'])(
    'has markdown that only looks like JSON, %s, as the text that it is',
    async (text) => {
      await using cache = await makeCache();
      await cache.crawl({ url, html: '<p>', success: 1, markdown: text });
      expect(await crawl4aiOf(await recordOf(cache.read))).toMatchObject({ markdown: text });
    },
  );

  it('is read as far as it is asked: no file of another field is opened', async () => {
    await using cache = await makeCache();
    cache.insert({
      url,
      html: 'aaaaaaaaaaaaaaaa',
      markdown: 'bbbbbbbbbbbbbbbb',
      success: 1,
      metadata: '{"title": "T"}',
    });
    await cache.file('html', 'aaaaaaaaaaaaaaaa', '<p>');
    const head = await recordOf(cache.read, groups.head);
    expect(head.failed.size).toBe(0);
    expect(head.fields.size).toBe(0);
    expect((await recordOf(cache.read, groupOf('html'))).fields.get('html')).toBe('<p>');
    expect((await recordOf(cache.read, groups.title)).title).toBe('T');
  });

  it('whose file is gone, or is no UTF-8, fails in that field alone', async () => {
    await using cache = await makeCache();
    await cache.file('cleaned_html', 'cccccccccccccccc', Buffer.from([0xff, 0xfe]));
    await cache.file('markdown', 'bbbbbbbbbbbbbbbb', '# T');
    cache.insert({
      url,
      html: 'aaaaaaaaaaaaaaaa',
      cleaned_html: 'cccccccccccccccc',
      markdown: 'bbbbbbbbbbbbbbbb',
      success: 1,
      links: '{broken',
    });
    const record = await recordOf(cache.read);
    expect(record.fields.get('raw_markdown')).toBe('# T');
    expect([...record.failed].map(([name, { code, message }]) => [name, code, message])).toEqual([
      ['html', 'MALFORMED_ITEM', 'The stored html is kept in a file that is gone, html_content/aaaaaaaaaaaaaaaa.'],
      ['cleaned_html', 'MALFORMED_ITEM', expect.stringContaining('no UTF-8')],
      ['links', 'MALFORMED_ITEM', 'The stored links is a text that is no JSON.'],
    ]);
  });

  it('is followed through the files of hashes that an upgrade of Crawl4AI leaves', async () => {
    await using cache = await makeCache();
    await cache.file('html', '1111111111111111', '<p>');
    await cache.file('html', '2222222222222222', '1111111111111111');
    await cache.file('html', '3333333333333333', '2222222222222222');
    await cache.file('markdown', '4444444444444444', '5555555555555555');
    await cache.file('screenshot', '6666666666666666', '7777777777777777');
    await cache.file('screenshot', '7777777777777777', '6666666666666666');
    cache.insert({
      url,
      html: '3333333333333333',
      markdown: '4444444444444444',
      screenshot: '6666666666666666',
      success: 1,
    });
    const record = await recordOf(cache.read);
    expect(record.fields.get('html')).toBe('<p>');
    // No such file: then that is the text.
    expect(record.fields.get('raw_markdown')).toBe('5555555555555555');
    expect(record.failed.get('screenshot')?.message).toContain('name one another');
  });
});

describe('a row of a very old database', () => {
  it('holds the texts itself, and columns that came later are missing', async () => {
    await using cache = await makeCache('0.3.0');
    cache.insert({
      url,
      html: '<p>old</p>',
      cleaned_html: '',
      markdown: '# old',
      extracted_content: null,
      success: 1,
      media: '{}',
      links: '{"internal": []}',
      metadata: null,
      screenshot: '',
    });
    const record = await recordOf(cache.read);
    expect(await crawl4aiOf(record)).toEqual({
      url,
      success: true,
      html: '<p>old</p>',
      markdown: '# old',
      links: { internal: [] },
    });
  });

  it('gets columns while the gateway runs, when a newer crawler upgrades it', async () => {
    await using cache = await makeCache('0.3.0');
    cache.insert({ url, html: '<p>', success: 1 });
    expect((await recordOf(cache.read)).fields.has('etag')).toBe(false);
    cache.database.exec('ALTER TABLE crawled_data ADD COLUMN etag TEXT DEFAULT ""');
    cache.database.exec(`UPDATE crawled_data SET etag = 'e'`);
    expect((await recordOf(cache.read)).fields.get('etag')).toBe('e');
  });
});

describe('what is empty', () => {
  it('is nothing: "", {}, [], null and NULL alike', async () => {
    await using cache = await makeCache();
    cache.insert({ url, html: '', success: 1, media: '{}', links: '[]', metadata: 'null', downloaded_files: '{}' });
    expect(await crawl4aiOf(await recordOf(cache.read))).toEqual({ url, success: true, html: '' });
  });

  it.each([
    [1, '<p>', true],
    [0, '<p>', false],
    ['True', '', true],
    ['False', '<p>', false],
    [null, '<p>', true],
    [null, '', false],
  ])('a success of %j beside the html %j is %j', async (success, html, expected) => {
    await using cache = await makeCache();
    cache.insert({ url, html, success });
    const outcome = await outcomeOf(cache.read);
    if (outcome?.kind !== 'found') throw new Error('not found');
    expect(outcome.value.success !== null).toBe(expected);
    expect(outcome.value.failure !== null).toBe(!expected);
  });
});

describe('the time of a row', () => {
  it('is cached_at where it is above 0, else that of its newest file, else that of the database', async () => {
    await using cache = await makeCache();
    await cache.file('html', 'aaaaaaaaaaaaaaaa', '<p>', 1_600_000_000_000);
    await cache.file('markdown', 'bbbbbbbbbbbbbbbb', '#', 1_650_000_000_000);
    const texts = { html: 'aaaaaaaaaaaaaaaa', markdown: 'bbbbbbbbbbbbbbbb', success: 1 };
    cache.insert({ url: 'https://e.com/own', ...texts, cached_at: 1_500_000_000.5 });
    cache.insert({ url: 'https://e.com/zero', ...texts, cached_at: 0 });
    cache.insert({ url: 'https://e.com/null', ...texts, cached_at: null });
    cache.insert({ url: 'https://e.com/text', html: '<p>', success: 1, cached_at: 0 });
    await utimes(cache.paths.database, 1_400_000_000, 1_400_000_000);
    const times = await Promise.all(
      ['own', 'zero', 'null', 'text'].map(async (name) => {
        return (await recordOf(cache.read, groups.head, `https://e.com/${name}`)).createdAt;
      }),
    );
    expect(times).toEqual([
      instantOfSeconds(1_500_000_000.5),
      instantOfMillis(1_650_000_000_000),
      instantOfMillis(1_650_000_000_000),
      instantOfMillis(1_400_000_000_000),
    ]);
  });
});

describe('versions of readings', () => {
  it('are equal for the same row and differ once it was crawled again, whatever is asked', async () => {
    await using cache = await makeCache();
    await cache.crawl({ url, html: '<p>1', markdown: '1', success: 1, cached_at: 1 });
    const first = await recordOf(cache.read, groups.head);
    expect((await recordOf(cache.read, union(groups.head, groupOf('links')))).version).toBe(first.version);
    await cache.crawl({ url, html: '<p>2', markdown: '1', success: 1, cached_at: 1 });
    expect((await recordOf(cache.read, groups.head)).version).not.toBe(first.version);
  });
});

describe('the database', () => {
  it('is only ever read: a write through the connection is refused', async () => {
    await using cache = await makeCache();
    for (const sql of ['DELETE FROM crawled_data', 'CREATE TABLE t (a)', 'PRAGMA user_version = 3', 'VACUUM']) {
      await expect(cache.connection.run(sql)).rejects.toMatchObject({ code: 'STORE_READ_ONLY' });
    }
  });

  it('is read while a crawler is in the midst of writing, and what it has written is seen at once', async () => {
    await using cache = await makeCache();
    cache.insert({ url, html: '<p>1', success: 1 });
    cache.database.exec('BEGIN IMMEDIATE');
    cache.database.exec(`UPDATE crawled_data SET html = '<p>2'`);
    expect((await recordOf(cache.read)).fields.get('html')).toBe('<p>1');
    cache.database.exec('COMMIT');
    expect((await recordOf(cache.read)).fields.get('html')).toBe('<p>2');
  });

  it('may be deleted and begun anew', async () => {
    await using cache = await makeCache();
    cache.insert({ url, html: '<p>1', success: 1 });
    expect((await outcomeOf(cache.read))?.kind).toBe('found');
    cache.database.close();
    for (const end of ['', '-wal', '-shm']) await rm(`${cache.paths.database}${end}`, { force: true });
    expect(await outcomeOf(cache.read)).toMatchObject({ kind: 'failed', error: { code: 'STORE_MISCONFIGURED' } });
    await using other = await makeCache();
    other.insert({ url, html: '<p>2', success: 1 });
    other.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    await rename(other.paths.database, cache.paths.database);
    expect((await recordOf(cache.read)).fields.get('html')).toBe('<p>2');
  });

  it('that is missing, no database or no cache is said to be that, and is found once it is there', async () => {
    await using cache = await makeCache();
    const broken = async (path: string) => {
      await using connection = openSqlite({ path, readOnly: true });
      return connection.all('SELECT * FROM crawled_data').catch((error: unknown) => error);
    };
    const missing = join(cache.paths.folder, 'none.db');
    expect(await broken(missing)).toMatchObject({
      code: 'STORE_MISCONFIGURED',
      message: expect.stringContaining(missing),
    });
    await cache.file('html', 'garbage.db', 'x'.repeat(5000));
    const garbage = join(cache.paths.folder, 'html_content', 'garbage.db');
    expect(await broken(garbage)).toMatchObject({ code: 'STORE_MISCONFIGURED' });
    const other = join(cache.paths.folder, 'a b%3f?.db');
    const empty = new Database(other);
    empty.exec('CREATE TABLE t (a)');
    empty.close();
    expect(await broken(other)).toMatchObject({
      code: 'STORE_MISCONFIGURED',
      message: expect.stringContaining('no such table'),
    });
  });

  it('locked by another program is waited for without holding up the event loop, and said to be locked', async () => {
    await using cache = await makeCache();
    cache.insert({ url, html: '<p>', success: 1 });
    cache.database.exec('PRAGMA journal_mode = DELETE');
    cache.database.exec('PRAGMA locking_mode = EXCLUSIVE');
    cache.database.exec('BEGIN EXCLUSIVE');
    cache.database.exec(`UPDATE crawled_data SET html = 'x'`);
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 5);
    const waiting = outcomeOf(cache.read);
    // Crawl4AI's busy timeout is 5 s; the loop turns all the while.
    expect(await waiting).toMatchObject({ kind: 'failed', error: { code: 'STORE_UNAVAILABLE' } });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(50);
    cache.database.exec('COMMIT');
  });
});

describe('keys that SQLite has nothing for', () => {
  it('are absent: versions, and the health probe, which reads the table', async () => {
    await using cache = await makeCache();
    const keys: ResultKey[] = [healthKey, versionKey(toUrlKey(url), 'x')];
    const ask = (read: ReadMany<ResultKey, unknown>) =>
      read({ keys, want: { ...plainWant, groups: groups.none }, signal: new AbortController().signal });
    expect([...(await ask(cache.read)).values()].map(({ kind }) => kind)).toEqual(['absent', 'absent']);
    await rm(cache.paths.database);
    expect((await ask(cache.read)).get(healthKey)?.kind).toBe('failed');
  });
});
