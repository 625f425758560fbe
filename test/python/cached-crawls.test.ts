// The package of clients/python under the real Crawl4AI: it crawls a small site with the gateway as its cache.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonValue } from '../../src/domain/packed-text.js';
import { type StartedGateway, startGateway } from '../support/gateway.js';
import { python, type Script, startScript } from './python.js';
import { type Recorder, startRecorder } from './recorder.js';
import { type Site, startSite } from './site.js';

const package_ = fileURLToPath(new URL('../../clients/python/', import.meta.url));

/** See cached_crawls.py. */
type Doing = { readonly do: string; readonly [option: string]: unknown };
type Page = Readonly<Record<string, JsonValue>>;
interface Crawled {
  readonly prefetched: number | null;
  readonly pages: readonly Page[];
}

const isHere = python !== '';

/** A Crawl4AI of this version, or of the newest; its home is `home`, so that nothing of the machine's own is read. */
function startCrawls(home: string, version: string | null = null): Script<Doing> {
  const older = version === null ? [] : [join(dirname(dirname(python)), `crawl4ai-${version}`)];
  return startScript('cached_crawls.py', [], {
    PYTHONPATH: [join(package_, 'src'), ...older].join(':'),
    CRAWL4_AI_BASE_DIRECTORY: home,
    CRAWL4AI_NO_CLOUD_NOTICE: '1',
  });
}

/** Without what tells a hit from a miss, and when it was stored. */
function content({ cache_status: _, cached_at: __, ...rest }: Page): Page {
  return rest;
}

const statuses = ({ pages }: Crawled): JsonValue[] => pages.map((page) => page.cache_status ?? null);

// Importing Crawl4AI takes seconds, on a busy machine many.
const patience = { timeout: 120_000 };

describe.skipIf(!isHere)('Crawl4AI with the gateway as its cache', patience, () => {
  let home: string;
  let site: Site;
  let gateway: StartedGateway;
  let recorder: Recorder;
  let crawls: Script<Doing>;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'crawlgate-crawls-'));
    [site, gateway] = await Promise.all([startSite(), startGateway()]);
    recorder = await startRecorder(gateway.url);
    crawls = startCrawls(home);
  });
  afterAll(async () => {
    await crawls[Symbol.asyncDispose]();
    await Promise.all([recorder[Symbol.asyncDispose](), gateway[Symbol.asyncDispose](), site[Symbol.asyncDispose]()]);
    await rm(home, { recursive: true, force: true });
  });
  beforeEach(async () => {
    const [isInPlace] = await crawls.run<[boolean]>({ do: 'use', url: recorder.url }, { do: 'said' });
    expect(isInPlace).toBe(true);
    recorder.requests.length = 0;
    site.requests.length = 0;
  });

  it('answers the second crawl from the gateway alone, equal to the first in every field', async () => {
    const urls = ['/a', '/b', '/tables', '/moved', '/é?q=1#part'].map((path) => site.url + path);
    const [first] = await crawls.run<[Crawled]>({ do: 'crawl', urls });
    expect(statuses(first)).toEqual(urls.map(() => 'miss'));
    const fetched = site.requests.length;
    const [second, said] = await crawls.run<[Crawled, string[]]>({ do: 'crawl', urls }, { do: 'said' });
    expect(statuses(second)).toEqual(urls.map(() => 'hit'));
    expect(site.requests).toHaveLength(fetched);
    expect(second.pages.map(content)).toEqual(first.pages.map(content));
    // What Crawl4AI's own cache loses of a result, and so would not be equal.
    expect(second.pages[0]).toMatchObject({
      status_code: 200,
      markdown: { fit_markdown: expect.stringContaining('tides'), references_markdown: expect.any(String) },
    });
    expect(second.pages[2]?.tables).toMatchObject([{ rows: [['High water', '09:12']] }]);
    expect(second.pages[3]).toMatchObject({ redirected_url: `${site.url}/a` });
    expect(second.pages.every((page) => typeof page.cached_at === 'number')).toBe(true);
    expect(said).toEqual([]);
  });

  it.each(['0.8.0', '0.7.8'])('does so for Crawl4AI %s too', async (version) => {
    const older = startCrawls(home, version);
    try {
      const urls = ['/older', '/older-tables'].map((path) => `${site.url}${path}-${version}`);
      const [found, , first, second] = await older.run<[string, boolean, Crawled, Crawled]>(
        { do: 'version' },
        { do: 'use', url: recorder.url },
        { do: 'crawl', urls },
        { do: 'crawl', urls },
      );
      expect(found).toBe(version);
      expect(site.requests).toHaveLength(2);
      expect(second.pages.map(content)).toEqual(first.pages.map(content));
    } finally {
      await older[Symbol.asyncDispose]();
    }
  });

  it('validates what it has: kept where the origin confirms it, crawled anew where it changed', async () => {
    const [kept, changing, plain] = ['/kept', '/changing', '/no-validators'].map((path) => site.url + path);
    const urls = [kept, changing, plain] as string[];
    await crawls.run({ do: 'crawl', urls });
    site.change('/changing');
    site.requests.length = 0;
    const [again] = await crawls.run<[Crawled]>({ do: 'crawl', urls, check: true });
    expect(statuses(again)).toEqual(['hit_validated', 'miss', 'hit_validated']);
    expect(site.requests).toContain('HEAD /kept 304');
    const [hit] = await crawls.run<[Crawled]>({ do: 'crawl', urls: [changing] });
    expect(hit.pages[0]?.html).toContain('version 2');
    expect(hit.pages[0]?.cache_status).toBe('hit');
  });

  it('notes what an origin confirmed, and says what is known of a result', async () => {
    const url = `${site.url}/confirmed`;
    const [, , , metadata] = await crawls.run<[unknown, unknown, unknown, Page]>(
      { do: 'crawl', urls: [url] },
      { do: 'update', url, given: { etag: '"new"', last_modified: 'Tue, 03 Nov 2026 08:00:00 GMT' } },
      { do: 'update', url: `${url}/unknown`, given: { etag: '"new"' } },
      { do: 'metadata', url },
    );
    expect(metadata).toMatchObject({
      ...{ url, etag: '"new"', last_modified: 'Tue, 03 Nov 2026 08:00:00 GMT', cached_at: expect.any(Number) },
      ...{ head_fingerprint: expect.stringMatching(/./), response_headers: { Etag: '"1"' } },
    });
    const body = await gateway.ask(`{ crawlResult(url: ${JSON.stringify(url)}) { validatedAt } }`);
    expect(body.data?.crawlResult).toMatchObject({ validatedAt: expect.stringMatching(/Z$/) });
    const [unknown, said] = await crawls.run<[null, string[]]>(
      { do: 'metadata', url: `${url}/unknown` },
      { do: 'said' },
    );
    expect([unknown, said]).toEqual([null, []]);
  });

  it('fetches a thousand URLs in one request before they are crawled', async () => {
    const urls = ['/many-1', '/many-2', '/many-3'].map((path) => site.url + path);
    await crawls.run({ do: 'crawl', urls });
    recorder.requests.length = 0;
    const rest = Array.from({ length: 997 }, (_, index) => `https://nowhere.example/${index}`);
    const [, crawled] = await crawls.run<[unknown, Crawled]>(
      { do: 'use', url: recorder.url },
      { do: 'crawl', urls, prefetch: true },
    );
    expect(crawled.prefetched).toBe(3);
    expect(statuses(crawled)).toEqual(['hit', 'hit', 'hit']);
    expect(recorder.requests).toHaveLength(1);
    recorder.requests.length = 0;
    const [batch] = await crawls.run<[Record<string, Page | null>]>({ do: 'get_batch', urls: [...urls, ...rest] });
    expect(recorder.requests.map(({ urls: asked }) => asked)).toEqual([1000]);
    expect(Object.keys(batch)).toEqual([...urls, ...rest]);
    expect(Object.values(batch).filter((page) => page !== null)).toHaveLength(3);
  });

  it('sends what is asked at the same time together', async () => {
    const urls = Array.from({ length: 20 }, (_, index) => `${site.url}/together-${index}`);
    const [first] = await crawls.run<[Crawled]>({ do: 'crawl', urls });
    // Crawl4AI's dispatcher starts its crawls one after another.
    const reads = recorder.requests.filter(({ operation }) => operation === 'Crawl4aiCached');
    expect(reads.reduce((sum, { urls: asked }) => sum + asked, 0)).toBe(20);
    expect(reads.length).toBeLessThan(20);
    recorder.requests.length = 0;
    const given = first.pages.map(({ url, html }) => ({ url: `${url}/again`, html, success: true }));
    await crawls.run({ do: 'put', given }, { do: 'get_batch', urls: given.map(({ url }) => url) });
    expect(recorder.requests.map(({ operation, urls: asked }) => [operation, asked])).toEqual([
      ['Crawl4aiCache', 0],
      ['Crawl4aiCached', 20],
    ]);
  });

  it('honours the cache mode', async () => {
    const url = `${site.url}/modes`;
    const crawl = async (mode: string, prefetch = true): Promise<[JsonValue | undefined, string[]]> => {
      recorder.requests.length = 0;
      const [{ pages }] = await crawls.run<[Crawled]>({ do: 'crawl', urls: [url], mode, prefetch });
      return [pages[0]?.cache_status, recorder.requests.map(({ operation }) => operation)];
    };
    expect(await crawl('BYPASS')).toEqual(['miss', []]);
    expect(await crawl('DISABLED')).toEqual(['miss', []]);
    expect(await crawl('READ_ONLY')).toEqual(['miss', ['Crawl4aiCached']]);
    expect(await crawl('WRITE_ONLY')).toEqual(['miss', ['Crawl4aiCache']]);
    expect(await crawl('READ_ONLY')).toEqual(['hit', ['Crawl4aiCached']]);
    expect(await crawl('ENABLED', false)).toEqual(['hit', ['Crawl4aiCached']]);
  });

  it('brings back bytes, certificates and what JSON has no word for', async () => {
    const url = 'https://crawled.example/everything';
    const certificate = { subject: { CN: 'crawled.example' }, raw_cert: 'AAAA' };
    const given = {
      ...{ url, html: '<p>x</p>', success: true, status_code: 203, pdf: '255044462dffFE00'.toLowerCase() },
      ...{ mhtml: 'From: x', error_message: '', screenshot: 'aGk=', redirected_url: `${url}/`, session_id: null },
      ...{ ssl_certificate: certificate, metadata: { cut: '\ud83d' }, extracted_content: '[]' },
    };
    const [, , found, said] = await crawls.run<[unknown, unknown, Record<string, Page>, string[]]>(
      { do: 'put', given: [given], nan: true },
      { do: 'put', given: [{ url: `${url}/bare`, html: '', success: true }] },
      { do: 'get_batch', urls: [url, `${url}/bare`] },
      { do: 'said' },
    );
    expect(said).toEqual([]);
    expect(found[url]).toMatchObject({ ...given, metadata: { cut: '\ud83d', score: null } });
    expect(found[`${url}/bare`]).toMatchObject({ success: true, pdf: null, markdown: null, tables: [] });
  });

  it('answers the last success unless it is told to answer the newest crawl', async () => {
    const url = 'https://crawled.example/failing';
    const failure = { url, html: '', success: false, status_code: 503, error_message: 'down' };
    const [, , success] = await crawls.run<[unknown, unknown, Record<string, Page>]>(
      { do: 'put', given: [{ url, html: '<p>good</p>', success: true, status_code: 200 }] },
      { do: 'put', given: [failure] },
      { do: 'get_batch', urls: [url] },
    );
    expect(success[url]).toMatchObject({ success: true, html: '<p>good</p>' });
    const [, any] = await crawls.run<[unknown, Record<string, Page>]>(
      { do: 'use', url: recorder.url, options: { outcome: 'ANY' } },
      { do: 'get_batch', urls: [url] },
    );
    expect(any[url]).toMatchObject({ success: false, error_message: 'down' });
  });

  it('takes a result older than max_age for a miss, and stores for ttl_days', async () => {
    const url = 'https://crawled.example/ages';
    await crawls.run(
      { do: 'use', url: recorder.url, options: { ttl_days: 1 } },
      { do: 'put', given: [{ url, html: '<p>', success: true, cached_at: Date.now() / 1000 - 100 }] },
    );
    const found = async (seconds: number): Promise<boolean> => {
      const options = { max_age: seconds };
      const [, batch] = await crawls.run<[unknown, Record<string, Page | null>]>(
        { do: 'use', url: recorder.url, options },
        { do: 'get_batch', urls: [url] },
      );
      return batch[url] !== null;
    };
    expect([await found(1000), await found(50)]).toEqual([true, false]);
    const body = await gateway.ask(`{ crawlResult(url: ${JSON.stringify(url)}) { expiresAt } }`);
    const days = (Date.parse(String(Object(body.data?.crawlResult).expiresAt)) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(0.9);
    expect(days).toBeLessThan(1.1);
  });

  it('sends its key, and takes a refusal for misses that it speaks of once', async () => {
    await crawls.run(
      { do: 'use', url: recorder.url, options: { api_key: 'secret' } },
      { do: 'get_batch', urls: ['https://a.example/'] },
    );
    expect(recorder.requests[0]?.authorization).toBe('Bearer secret');
    recorder.refuse(401);
    try {
      const [, first, second, said] = await crawls.run<[unknown, object, object, string[]]>(
        { do: 'use', url: recorder.url, options: { api_key: 'wrong' } },
        { do: 'get_batch', urls: ['https://a.example/'] },
        { do: 'get_batch', urls: ['https://b.example/'] },
        { do: 'said' },
      );
      expect([first, second]).toEqual([{ 'https://a.example/': null }, { 'https://b.example/': null }]);
      expect(said).toEqual([expect.stringMatching(/^WARNING .*HTTP 401, it refuses the API key/)]);
    } finally {
      recorder.refuse(null);
    }
  });

  it('asks in smaller requests where the gateway allows fewer URLs', async () => {
    await using small = await startGateway({ CRAWLGATE_MAX_URLS: '5' });
    const urls = Array.from({ length: 12 }, (_, index) => `https://crawled.example/limit-${index}`);
    const [, , found, said] = await crawls.run<[unknown, unknown, Record<string, Page | null>, string[]]>(
      { do: 'use', url: small.url },
      { do: 'put', given: [{ url: urls[11], html: '<p>', success: true }] },
      { do: 'get_batch', urls },
      { do: 'said' },
    );
    expect(Object.values(found).map((page) => page !== null)).toEqual([...Array(11).fill(false), true]);
    expect(said).toEqual([]);
  });

  it.each([
    ['so many whole results cost too much', { CRAWLGATE_MAX_COST: '1000' }],
    ['so many URLs are too long', { CRAWLGATE_MAX_BODY_BYTES: '2048', CRAWLGATE_MAX_RESULT_BYTES: '1024' }],
  ])('asks in smaller requests where %s', async (_, limits) => {
    await using small = await startGateway(limits);
    const urls = Array.from({ length: 90 }, (_, index) => `https://crawled.example/cost-${index}`);
    const [, , stored, found, said] = await crawls.run<[unknown, unknown, number[], object, string[]]>(
      { do: 'use', url: small.url },
      { do: 'put', given: [urls[0], urls[89]].map((url) => ({ url, html: '<p>', success: true })) },
      { do: 'prefetch', urls },
      { do: 'get_batch', urls },
      { do: 'said' },
    );
    expect(stored).toEqual([2, 90]);
    expect(Object.values(found).filter((page) => page !== null)).toHaveLength(2);
    expect(said).toEqual([]);
  });

  it('never takes a request that was refused as a whole for pages that are not stored', async () => {
    const [, first, said] = await crawls.run<[unknown, number[], string[]]>(
      { do: 'use', url: recorder.url, options: { max_age: -1 } },
      { do: 'prefetch', urls: ['https://a.example/', 'https://b.example/'] },
      { do: 'said' },
    );
    expect(first).toEqual([0, 0]);
    expect(said).toEqual([expect.stringMatching(/^WARNING pages could not be looked up.*BAD_USER_INPUT/)]);
  });

  it('reads on with a key that may only read, and says that it may not write', async () => {
    const hash = createHash('sha256').update('reader').digest('hex');
    await using guarded = await startGateway({ CRAWLGATE_API_KEYS: `reader:read:${hash}` });
    const url = 'https://crawled.example/read-only';
    const given = [{ url, html: '<p>', success: true }];
    const [, , found, , said] = await crawls.run<[unknown, unknown, object, unknown, string[]]>(
      { do: 'use', url: guarded.url, options: { api_key: 'reader' } },
      { do: 'put', given },
      { do: 'get_batch', urls: [url] },
      { do: 'put', given },
      { do: 'said' },
    );
    expect(found).toEqual({ [url]: null });
    expect(said).toEqual([expect.stringMatching(/^WARNING results are not stored \(FORBIDDEN\): .*scope write/)]);
  });

  it('asks again for what was prefetched and is too old by now', async () => {
    const url = `${site.url}/aging`;
    await crawls.run({ do: 'crawl', urls: [url] });
    recorder.requests.length = 0;
    await crawls.run(
      { do: 'use', url: recorder.url, options: { max_age: 3600 } },
      { do: 'prefetch', urls: [url] },
      { do: 'get_batch', urls: [url] },
    );
    expect(recorder.requests).toHaveLength(1);
    await crawls.run({ do: 'prefetch', urls: [url] }, { do: 'later', seconds: 4000 }, { do: 'get_batch', urls: [url] });
    await crawls.run({ do: 'later', seconds: -4000 });
    expect(recorder.requests).toHaveLength(3);
  });

  it('goes on crawling while the gateway is gone, and uses it again when it is back', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'crawlgate-middle-'));
    const first = await startGateway({ CRAWLGATE_DATA_DIR: dataDir });
    const env = { CRAWLGATE_DATA_DIR: dataDir, CRAWLGATE_PORT: String(first.port) };
    const urls = Array.from({ length: 6 }, (_, index) => `${site.url}/middle-${index}`);
    // The gateway goes while the third page is fetched.
    site.before('/middle-2', () => first.gateway.close());
    const [, crawled, said] = await crawls.run<[unknown, Crawled, string[]]>(
      { do: 'use', url: first.url },
      { do: 'crawl', urls, one_by_one: true },
      { do: 'said' },
    );
    expect(crawled.pages.map(({ success, cache_status: status }) => [success, status])).toEqual(
      urls.map(() => [true, 'miss']),
    );
    expect(said).toEqual([expect.stringMatching(/^WARNING .* does not answer .*misses until it does$/)]);
    const [while_, quiet] = await crawls.run<[Crawled, string[]]>(
      { do: 'crawl', urls: urls.slice(0, 2) },
      { do: 'said' },
    );
    expect([statuses(while_), quiet]).toEqual([['miss', 'miss'], []]);
    await using second = await startGateway(env);
    expect(second.port).toBe(first.port);
    const [, back, heard] = await crawls.run<[unknown, Crawled, string[]]>(
      { do: 'later', seconds: 60 },
      { do: 'crawl', urls },
      { do: 'said' },
    );
    expect(statuses(back)).toEqual(['hit', 'hit', 'miss', 'miss', 'miss', 'miss']);
    expect(heard).toEqual([expect.stringMatching(/^INFO .* answers again$/)]);
    await second.gateway.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('refuses to clear what others use, closes more than once, and gives Crawl4AI its own cache back', async () => {
    const [cleared, flushed, count, , , found] = await crawls.run<[string, string, number, unknown, unknown, object]>(
      { do: 'clear', method: 'aclear_db' },
      { do: 'clear', method: 'aflush_db' },
      { do: 'count' },
      { do: 'close' },
      { do: 'close' },
      { do: 'get_batch', urls: ['https://nowhere.example/'] },
    );
    expect(cleared).toMatch(/others share it.*invalidateCrawlResults/s);
    expect(flushed).toBe(cleared);
    expect(Number.isInteger(count)).toBe(true);
    expect(found).toEqual({ 'https://nowhere.example/': null });
    const [name, isInPlace] = await crawls.run<[string, boolean]>(
      { do: 'stop_using' },
      { do: 'use', url: recorder.url },
    );
    expect([name, isInPlace]).toEqual(['AsyncDatabaseManager', true]);
  });
});

describe.skipIf(!isHere)('the package crawlgate', patience, () => {
  const run = promisify(execFile);

  it('has types that hold under mypy --strict, and nothing for ruff to say', async () => {
    const checks = [
      ['mypy', '--strict', '--cache-dir', '/dev/null'],
      ['ruff', 'check', '--no-cache', '.'],
      ['ruff', 'format', '--check', '--no-cache', '.'],
    ];
    const said = await Promise.all(
      checks.map(([tool = '', ...args]) =>
        run(python, ['-m', tool, ...args], { cwd: package_ }).then(
          ({ stdout }) => stdout,
          (error: { stdout: string; stderr: string }) => `failed: ${error.stdout}${error.stderr}`,
        ),
      ),
    );
    expect(said).toEqual([
      expect.stringMatching(/^Success: no issues/),
      expect.stringMatching(/^All checks passed/),
      expect.stringMatching(/already formatted/),
    ]);
  });

  it('installs with its types', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'crawlgate-wheel-'));
    try {
      const pip = ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', '--no-deps', '--no-build-isolation'];
      await run(python, [...pip, '--target', folder, package_]);
      expect(await readFile(join(folder, 'crawlgate/py.typed'), 'utf8')).toBe('');
      const code = 'import crawlgate; print(crawlgate.__file__)';
      const { stdout } = await run(python, ['-c', code], { env: { PYTHONPATH: folder } });
      expect(stdout).toContain(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
