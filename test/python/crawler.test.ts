// Real Python beside the gateway: boto3 writes what the gateway reads and reads what it wrote, Crawl4AI's own model takes both.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newResultOfCrawl4ai } from '../../src/domain/crawl4ai-input.js';
import { groups } from '../../src/domain/fields.js';
import type { JsonValue } from '../../src/domain/packed-text.js';
import { engines, isEngine } from '../conformance/engines.js';
import { openWorld, type World } from '../conformance/world.js';
import { at, failed, noise } from '../dynamo/writing/pages.js';
import { type Accepted, type Crawler, type PythonRead, python, type Step, startCrawler } from './python.js';

const [first] = engines;
const engine = engines.find((candidate) => isEngine(candidate, 'DynamoDB Local')) ?? first;
if (engine === undefined) throw new Error('TEST_ENGINES names no engine');
if (python === '') process.stderr.write('Python is left out here: npm run test:conformance brings one.\n');

/** All that a crawler can find on a page. */
const everything = (url: string): Record<string, JsonValue> => ({
  url,
  success: true,
  status_code: 200,
  html: `<p>é ${noise(2000, url)}</p>`,
  fit_html: '<p>fit</p>',
  cleaned_html: '<p>clean</p>',
  markdown: {
    ...{ raw_markdown: '# T', markdown_with_citations: '# T⟨1⟩', references_markdown: '', fit_markdown: 'T' },
    fit_html: '<p>',
  },
  links: { internal: [{ href: '/x', text: '', base_domain: 'x', intrinsic_score: 0.1 }], external: [] },
  media: { images: [{ src: 'a.png', score: 5, desc: null, width: '480' }], videos: [], audios: [] },
  metadata: { title: 'A title', description: null, 'og:image': '', depth: 2, score: 0.30000000000000004, tiny: 1e-7 },
  response_headers: { etag: '"x"', 'x-empty': '' },
  tables: [{ headers: ['a'], rows: [['1', '']], caption: '', summary: '' }],
  js_execution_result: { success: true, results: [null, 1.5] },
  downloaded_files: ['/tmp/a.pdf'],
  screenshot: 'aGVsbG8=',
  pdf: 'aGVsbG8=',
  mhtml: 'From: x',
  extracted_content: '[{"a":1}]',
  error_message: '',
  session_id: 'night',
  redirected_url: `${url}/`,
  redirected_status_code: 200,
  network_requests: [{ event_type: 'request', url: 'x', timestamp: 1763892672.123456 }],
  console_messages: [{ type: 'log', text: '' }],
  dispatch_result: {
    ...{ task_id: 't', memory_usage: 1.5, peak_memory: 2.25, start_time: 1763892672.5, end_time: 1763892673.5 },
    error_message: '',
  },
  head_fingerprint: 'f',
  cached_at: 1763892672.123456,
  cache_status: 'miss',
  crawl_stats: { retries: 0, proxies: [] },
});
const certificate = { subject: { CN: 'a.example' }, issuer: { O: 'x' }, version: 2, serial_number: 'ff' };

describe.skipIf(python === '')('a Python crawler', () => {
  describe.each(['maps', 'json'] as const)('beside a gateway that writes %s', (dialect) => {
    let world: World;
    let crawler: Crawler;
    beforeAll(async () => {
      world = await openWorld(engine, { layout: 'document', dialect });
      crawler = startCrawler(world.endpoint ?? '', world.table.name);
    });
    afterAll(async () => {
      expect(world.errors).toEqual([]);
      await crawler[Symbol.asyncDispose]();
      await world[Symbol.asyncDispose]();
    });

    const run = <Answers>(...steps: Step[]): Promise<Answers> => crawler.run(...steps);
    const reading = (url: string): Step => ({ do: `read_${dialect}`, url });

    it('writes both dialects, and the gateway reads them', async () => {
      const urls = { maps: 'https://python.example/maps', json: 'https://python.example/json' };
      await run(
        { do: 'put_maps', at: at(10), given: everything(urls.maps) },
        { do: 'put_json', at: at(10), given: everything(urls.json), nan: true },
      );
      for (const url of Object.values(urls)) {
        const record = (await world.stored(url))?.success;
        expect(record).toMatchObject({
          ...{ title: 'A title', statusCode: 200, redirectedStatusCode: 200, truncatedFields: [], success: true },
          failed: new Map(),
          createdAt: Date.UTC(2026, 10, 23, 11, 0, 10) * 1000 + 1,
          expiresAt: url === urls.maps ? Date.UTC(2026, 10, 23, 11, 0, 10) / 1000 + 30 * 86_400 : null,
        });
        const given = everything(url);
        const back = (await world.document(url)) as Readonly<Record<string, JsonValue>>;
        for (const name of ['url', 'html', 'cleaned_html', 'screenshot', 'extracted_content', 'session_id']) {
          expect(back[name], name).toEqual(given[name]);
        }
        // The model makes bytes of a PDF, boto3 a binary of these.
        expect(back.pdf).toBe(Buffer.from(String(given.pdf)).toString('base64'));
        expect(back.links).toMatchObject({ internal: [{ href: '/x', intrinsic_score: 0.1 }] });
        expect(back.markdown).toMatchObject({ raw_markdown: '# T', markdown_with_citations: '# T⟨1⟩' });
        expect(back.metadata).toMatchObject({
          title: 'A title',
          score: url === urls.maps ? 0.30000000000000004 : null,
        });
        expect(back.network_requests).toEqual([expect.objectContaining({ timestamp: 1763892672.123456 })]);
        const [taken] = await run<[Accepted]>({ do: 'accept', value: back });
        expect(taken.error).toBeNull();
      }
    });

    it('has its results replaced by newer ones of the gateway, and not by older ones', async () => {
      const url = 'https://python.example/turns';
      // Bytes that boto3 stored come back as an object of its own, which the model refuses: Python cannot read its own PDF.
      const { pdf: _, ...rest } = everything(url);
      // Nor an item whose Markdown lost a text because it was empty.
      const texts = { raw_markdown: 'a', markdown_with_citations: 'b', references_markdown: 'c' };
      const given: Record<string, JsonValue> = { ...rest, markdown: texts };
      await run({ do: `put_${dialect}`, at: at(20), given });
      expect(await world.put({ ...given, created_at: at(10) })).toMatchObject([
        { kind: 'failed', error: { code: 'SUPERSEDED' } },
      ]);
      expect(await world.put(failed(url, 25))).toMatchObject([{ kind: 'done' }]);
      const [beside] = await run<[PythonRead]>(reading(url));
      expect(beside.plain.error).toBeNull();
      expect(beside.plain).toMatchObject({ value: { success: true, session_id: 'night' } });
      expect(await world.put({ ...given, created_at: at(30), session_id: 'day' })).toMatchObject([{ kind: 'done' }]);
      // A put of Python's is not conditional: whatever is there is theirs then.
      await run({ do: `put_${dialect}`, at: at(40), given: { ...given, session_id: 'dusk' } });
      expect((await world.stored(url, groups.head))?.success?.fields.get('session_id')).toBe('dusk');
    });

    it.each([
      ['everything', {}],
      ['a page too large for plain text', { html: noise(500_000, 'h') }],
      ['a page too large for one item', { html: noise(900_000, 'h'), screenshot: noise(800_000, 's') }],
      ['large links, media, tables and Markdown', largeLists()],
      ['nothing that is not required', null],
      ['a failure', { success: false, error_message: 'down', status_code: null, html: '' }],
      ['a certificate', { ssl_certificate: certificate }],
      [
        'numbers and texts that DynamoDB cannot hold',
        { metadata: { a: 1e-200, b: 'cut \ud83d' }, crawl_stats: { a: 1e300 } },
      ],
      ['nulls', { markdown: null, metadata: null, pdf: null, response_headers: null, fit_html: null, cached_at: null }],
    ] as const)('reads what the gateway wrote: %s', async (what, more) => {
      const url = `https://gateway.example/${encodeURIComponent(what)}`;
      const document: Record<string, JsonValue> =
        more === null ? { url, html: '', success: true } : { ...everything(url), ...more };
      expect(await world.put(document)).toMatchObject([{ kind: 'done' }]);
      expect(await world.document(url)).toEqual(document);
      const [read, types] = await run<[PythonRead, Record<string, [string, string]>]>(reading(url), {
        do: 'read_raw',
        url,
      });
      expect(read.asIs.error, 'CrawlResult(**item)').toBeNull();
      expect(read.plain.error, 'CrawlResult(**item), numbers unwrapped').toBeNull();
      const { value } = read.plain;
      expect(value).toMatchObject({ url, success: document.success });
      // Nothing that Python reads is bytes, NULL, or cut short: it is the text, or none.
      for (const [name, [kind]] of Object.entries(types)) {
        expect(kind, name).not.toBe('NULL');
        if (kind === 'B') expect(name).toMatch(/_packed$/);
      }
      for (const name of ['html', 'cleaned_html', 'screenshot', 'extracted_content', 'session_id']) {
        expect([document[name] ?? null, '', null], name).toContainEqual(value?.[name] ?? null);
      }
    });

    it('hands in what its own model dumps, and gets it back as its model takes it', async () => {
      const plain = { ...everything('https://dump.example/plain') };
      const { fit_html: _, ...withoutFitHtml } = everything('https://dump.example/without');
      const least = { url: 'https://dump.example/least', html: '', success: false, error_message: 'x' };
      const dumped = await run<{ mode: string; value: Record<string, JsonValue> }[]>(
        ...[plain, withoutFitHtml, least].map((given): Step => ({ do: 'dump', given })),
      );
      for (const [index, { value }] of dumped.entries()) {
        expect(await world.put({ ...value })).toMatchObject([{ kind: 'done' }]);
        const back = await world.document(String(value.url));
        // Where fit_html was not given, Crawl4AI prints a property in its place.
        const { fit_html: fitHtml, ...rest } = value;
        expect(back).toEqual(String(fitHtml).startsWith('<property object') ? rest : value);
        expect(index === 0 ? fitHtml : String(fitHtml)).toMatch(index === 0 ? '<p>fit</p>' : /^<property object at 0x/);
        const [taken, again] = await run<[Accepted, Accepted]>(
          { do: 'accept', value: back },
          { do: 'accept', value: rest },
        );
        expect(taken.error).toBeNull();
        expect({ ...taken.value, fit_html: null }).toEqual({ ...again.value, fit_html: null });
      }
    });

    it('has a model that refuses a certificate which it dumped itself, so that the gateway packs it away', async () => {
      const url = 'https://dump.example/certificate';
      const given = { ...everything(url), ssl_certificate: certificate };
      const [dumped] = await run<[{ value: JsonValue }]>({ do: 'dump', given });
      const [theirs] = await run<[Accepted]>({ do: 'accept', value: dumped.value });
      expect(theirs.error).toMatch(/ssl_certificate\n.*instance of SSLCertificate/);
      await world.put(dumped.value);
      expect(await world.document(url)).toEqual(dumped.value);
      const [read] = await run<[PythonRead]>(reading(url));
      expect(read.plain).toMatchObject({ error: null, value: { ssl_certificate: null } });
    });

    it('takes the results that the API makes of what it is given', async () => {
      const value = { url: 'https://api.example/', success: true, links: { internal: [], external: [] } };
      const options = { nowMs: world.now, ttlDays: 0, maxUrlBytes: 2048 };
      const signal = AbortSignal.timeout(10_000);
      await world.access.writers.put({ inputs: [newResultOfCrawl4ai(value, options)], signal });
      const [read, taken] = await run<[PythonRead, Accepted]>(reading(value.url), {
        do: 'accept',
        value: await world.document(value.url),
      });
      expect([read.asIs.error, read.plain.error, taken.error]).toEqual([null, null, null]);
    });
  });
});

function largeLists(): Record<string, JsonValue> {
  const many = (name: string): Record<string, JsonValue>[] =>
    Array.from({ length: 3000 }, (_, index) => ({ [name]: noise(50, `${name}${index}`) }));
  return {
    links: { internal: many('href'), external: many('text') },
    media: { images: many('src'), videos: [], audios: [] },
    tables: many('caption'),
    markdown: {
      ...{ raw_markdown: noise(300_000, 'r'), markdown_with_citations: noise(300_000, 'c') },
      ...{ references_markdown: noise(300_000, 'f'), fit_markdown: null, fit_html: null },
    },
  };
}
