// Crawl4AI's own caches, made by the package of PyPI, oldest and newest: read, imported, compared, and written for it.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newResultOfCrawl4ai } from '../../src/domain/crawl4ai-input.js';
import { crawl4aiOf } from '../../src/domain/crawl4ai-output.js';
import { groups } from '../../src/domain/fields.js';
import type { JsonValue } from '../../src/domain/packed-text.js';
import { plainWant } from '../../src/domain/read-many.js';
import { latestKey } from '../../src/domain/result-key.js';
import { toUrlKey } from '../../src/domain/url-key.js';
import { cacheIn } from '../../src/migration/cache-paths.js';
import { compareRows } from '../../src/migration/compare-rows.js';
import { createContentFiles } from '../../src/migration/content-files.js';
import { importRows, noImports } from '../../src/migration/import-rows.js';
import { rowPages } from '../../src/migration/row-pages.js';
import { openSqlite } from '../../src/migration/sqlite-connection.js';
import { createSqliteReader } from '../../src/migration/sqlite-reader.js';
import { createSqliteWriter } from '../../src/migration/sqlite-writer.js';
import { silentEvents } from '../../src/observability/events.js';
import { engines } from '../conformance/engines.js';
import { openWorld } from '../conformance/world.js';
import { python } from './python.js';

type Document = Readonly<Record<string, JsonValue>>;

const script = fileURLToPath(new URL('sqlite_cache.py', import.meta.url));
const [engine] = engines;
const signal = new AbortController().signal;

/** Null is the version that the interpreter itself has: the newest. */
const versions = ['0.3.0', '0.7.8', '0.8.0', null] as const;

const documents: readonly Document[] = [
  {
    url: 'https://example.com/whole',
    html: '<p>é 😀 \u2028</p>'.repeat(1000),
    cleaned_html: '<p>c</p>',
    markdown: '# T\n\n{"a": 1}',
    extracted_content: '[{"a": 1}]',
    screenshot: 'aGVsbG8=',
    success: true,
    links: { internal: [{ href: '/x', text: 'é' }], external: [] },
    media: { images: [{ src: 'a.png', score: 5 }] },
    metadata: { title: 'T é', depth: 0.1 },
  },
  // Crawl4AI itself finds nothing in a row without a markdown: its model refuses the {} that it reads there.
  { url: 'https://example.com/empty', html: '', markdown: '-', success: true },
  { url: 'https://example.com/failed', html: '', markdown: '-', success: false },
];

let base: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'crawlgate-python-cache-'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

async function runPython(version: string | null, ...steps: object[]): Promise<readonly (Document | null)[]> {
  const folder = version === null ? '' : join(dirname(dirname(python)), `crawl4ai-${version}`);
  const args = ['-B', script, base, folder, JSON.stringify(steps)];
  const { stdout } = await promisify(execFile)(python, args, { maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout.slice(stdout.lastIndexOf('ANSWERS') + 'ANSWERS'.length));
}

const put = (document: Document) => ({ do: 'put', document });
const get = (document: Document) => ({ do: 'get', url: document.url });

function openCache() {
  const paths = cacheIn(join(base, '.crawl4ai'));
  const files = createContentFiles(paths.folder);
  const connection = openSqlite({ path: paths.database, readOnly: true });
  const clocks = { now: Date.now, elapsed: () => 0, events: silentEvents };
  return { paths, files, connection, read: createSqliteReader({ connection, files, paths, ...clocks }) };
}

async function documentOf(cache: ReturnType<typeof openCache>, url: string): Promise<Document> {
  const key = latestKey(toUrlKey(url));
  const outcome = (await cache.read({ keys: [key], want: { ...plainWant, groups: groups.all }, signal })).get(key);
  const record = outcome?.kind === 'found' ? (outcome.value.success ?? outcome.value.failure) : null;
  if (record === null) throw new Error(`${url} was not read`);
  return (await crawl4aiOf(record)) as Document;
}

/** What is empty Crawl4AI and its cache do not tell apart. */
function withoutEmpty(document: Document | null): Document {
  const isEmpty = (value: JsonValue): boolean =>
    value === '' || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
  return Object.fromEntries(
    Object.entries(document ?? {})
      .filter(([, value]) => !isEmpty(value))
      .map(([name, value]) => [name, name === 'success' ? Boolean(value) : value]),
  );
}

describe.skipIf(python === '')('a cache that Crawl4AI made', { timeout: 120_000 }, () => {
  it.each(versions)(
    'of version %s is read as Crawl4AI reads it, imported whole, and then found equal',
    async (version) => {
      const read = (await runPython(version, ...documents.map(put), ...documents.map(get))).slice(documents.length);
      const cache = openCache();
      await using world = await openWorld(engine ?? { name: '', endpoint: null }, { layout: 'document' });
      world.now = Date.now();
      try {
        for (const [index, document] of documents.entries()) {
          const url = String(document.url);
          const ours = withoutEmpty(await documentOf(cache, url));
          expect(ours).toEqual(withoutEmpty(read[index] ?? null));
          for (const [name, value] of Object.entries(withoutEmpty(document))) expect(ours[name], name).toEqual(value);
        }
        const target = {
          ...{ ...cache, put: world.access.writers.put, maxUrlBytes: world.access.maxUrlBytes },
          ...{ read: world.access.read, wait: async () => undefined },
        };
        const counts = await importRows(target, {
          ...{ from: null, counts: noImports, ttlDays: 30, force: false, partial: false, signal },
          onBatch: async () => undefined,
          onAnew: () => undefined,
          onProblem: ({ message }) => expect.unreachable(message),
        });
        expect(counts).toMatchObject({ rows: documents.length, imported: documents.length, failures: 1 });
        // cached_at came with 0.8.
        expect(counts.untimed).toBe(version === '0.3.0' || version === '0.7.8' ? documents.length : 0);
        const compared = await compareRows(target, {
          ...{ repair: false, ttlDays: 30, signal, onCounts: () => undefined },
          pages: rowPages(cache.connection, cache.paths.database, null, signal),
          onFinding: (finding) => expect.unreachable(JSON.stringify(finding)),
        });
        expect(compared).toMatchObject({ rows: documents.length, equal: documents.length });
      } finally {
        await cache.connection[Symbol.asyncDispose]();
      }
    },
  );

  it('and that its migration took for texts once more is followed to the text', async () => {
    const [whole] = documents;
    if (whole === undefined) throw new Error('no document');
    await runPython(null, put(whole), { do: 'upgrade' }, { do: 'upgrade' });
    const cache = openCache();
    try {
      const document = await documentOf(cache, String(whole.url));
      expect(document).toMatchObject({ html: whole.html, markdown: whole.markdown });
      // There are chains indeed.
      expect(await readdir(join(cache.paths.folder, 'html_content'))).toHaveLength(3);
    } finally {
      await cache.connection[Symbol.asyncDispose]();
    }
  });

  it.each(['0.7.8', null])('of version %s is written by the hybrid store as Crawl4AI reads it', async (version) => {
    const [whole, , failed] = documents;
    if (whole === undefined || failed === undefined) throw new Error('no document');
    await runPython(version, put({ ...whole, html: 'older' }));
    const cache = openCache();
    const connection = openSqlite({ path: cache.paths.database, readOnly: false });
    try {
      const writers = createSqliteWriter({ ...cache, connection, events: silentEvents, elapsed: () => 0 });
      const options = { nowMs: Date.now() + 1000, ttlDays: 30, maxUrlBytes: 2048 };
      const inputs = [whole, failed].map((document) => newResultOfCrawl4ai(document, options));
      expect((await writers.put({ inputs, signal })).map(({ kind }) => kind)).toEqual(['done', 'done']);
    } finally {
      await connection[Symbol.asyncDispose]();
      await cache.connection[Symbol.asyncDispose]();
    }
    const [read, readFailed] = await runPython(version, get(whole), get(failed));
    expect(withoutEmpty(read ?? null)).toEqual(withoutEmpty(whole));
    expect(withoutEmpty(readFailed ?? null)).toEqual(withoutEmpty(failed));
  });
});
