// Large texts spliced into answers: whatever they hold, the client reads what yoga's own answer says.
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FieldValue } from '../../src/domain/crawl-result.js';
import type { FieldName } from '../../src/domain/fields.js';
import { type JsonValue, PackedText, pack } from '../../src/domain/packed-text.js';
import { CrawlgateError } from '../../src/errors.js';
import { recordOf } from '../graphql/gateway-fixture.js';
import { type LaneWorld, postRaw, startLaneWorld, textOf } from './lane-world.js';

const run = promisify(execFile);
const gzip = { 'accept-encoding': 'gzip' };
const page = 'https://a.example/';

let world: LaneWorld;
beforeAll(async () => {
  world = await startLaneWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

async function storePacked(url: string, fields: Readonly<Partial<Record<FieldName, JsonValue>>>): Promise<void> {
  const packed = new Map<FieldName, FieldValue>();
  for (const [name, value] of Object.entries(fields)) packed.set(name as FieldName, await pack(value));
  world.fixture.store(recordOf(url, { fields: packed }));
}

/** What the client reads, from the lane with and without gzip and from yoga. */
async function answersTo(
  query: string,
): Promise<{ readonly gzipped: string; readonly plain: string; readonly yoga: string }> {
  const body = JSON.stringify({ query });
  const [gzipped, plain, yoga] = await Promise.all([
    postRaw(world.lanePort, body, gzip),
    postRaw(world.lanePort, body),
    postRaw(world.yogaPort, body),
  ]);
  for (const { headers, body: bytes } of [gzipped, plain]) expect(Number(headers['content-length'])).toBe(bytes.length);
  return { gzipped: textOf(gzipped), plain: textOf(plain), yoga: textOf(yoga) };
}

async function expectEqualAnswers(query: string): Promise<void> {
  const { gzipped, plain, yoga } = await answersTo(query);
  // Not toBe alone: where two long texts differ, nobody wants to see both.
  expect(gzipped === yoga).toBe(true);
  expect(plain === yoga).toBe(true);
  expect(JSON.parse(gzipped)).toHaveProperty('data.a');
}

const padding = 'p'.repeat(300);
const units = fc.oneof(
  fc.integer({ min: 0, max: 0xffff }),
  fc.integer({ min: 0, max: 0x1f }),
  fc.integer({ min: 0xd7fe, max: 0xe001 }),
  fc.constantFrom(0x22, 0x5c, 0x2028, 0x2029, 0x7f),
);
const texts = fc
  .tuple(fc.string({ unit: units.map((unit) => String.fromCharCode(unit)), size: 'medium' }), fc.boolean())
  .map(([text, isLong]) => (isLong ? text + padding : text));

describe('answers with packed texts read as yoga answers them', () => {
  it('for any text and any JSON, by aliases, in fragments, in lists and twice', async () => {
    await fc.assert(
      fc.asyncProperty(texts, texts, fc.jsonValue(), async (html, markdown, value) => {
        const metadata = JSON.parse(JSON.stringify({ value, padding }));
        await storePacked(page, { html, raw_markdown: markdown, metadata, links: { internal: [markdown] } });
        await expectEqualAnswers(`
          query { a: crawlResult(url: "${page}") { ...F html again: html inner: markdown { rawMarkdown } }
                  crawlResults(urls: ["${page}", "https://gone.example/", "${page}"]) { ... { html } ...F } }
          fragment F on CrawlResult { html metadata pdf markdown { rawMarkdown fitMarkdown } links { internal { href } }
                                      crawl4ai tables }`);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['', 'no text'],
    ['x', 'one letter'],
    ['"0b5b4c4e-6c7a-4f6e-9d55-5f6c4f1f7a60.0"'.repeat(20), 'what looks like a placeholder'],
    ['\u0000\u001f\u007f"\\/\b\f\n\r\t\u2028\u2029</script>'.repeat(30), 'everything that is escaped'],
    ['\ud800 \udc00 \ud83d\ude00'.repeat(60), 'lone surrogates'],
    ['€'.repeat(100_000), 'more than a block of bytes'],
  ])('for a text of its kind (case %#)', async (text) => {
    await storePacked(page, { html: text, fit_html: text });
    await expectEqualAnswers(`{ a: crawlResult(url: "${page}") { html fitHtml crawl4ai } }`);
  });

  it('for 20 MB', async () => {
    const text = '<p class="x">twenty\n</p>'.repeat(20_000_000 / 24);
    await storePacked(page, { html: text });
    const body = JSON.stringify({ query: `{ a: crawlResult(url: "${page}") { html } }` });
    for (const headers of [gzip, {}]) {
      const answer = await postRaw(world.lanePort, body, headers);
      expect(JSON.parse(textOf(answer)).data.a.html === text).toBe(true);
    }
  });

  it('beside errors, and with what a null above them took away', async () => {
    await storePacked(page, { html: `<p>${padding}` });
    const record = recordOf('https://b.example/', {
      fields: new Map([['html', await pack(padding)]]),
      failed: new Map([['pdf', new CrawlgateError('MALFORMED_ITEM', 'pdf is a set', { url: 'b', attribute: 'pdf' })]]),
      sizeBytes: null,
    });
    world.fixture.store(record);
    await expectEqualAnswers(`{
      a: crawlResult(url: "${page}") { html }
      b: crawlResult(url: "https://b.example/") { html pdf }
      c: crawlResult(url: "https://b.example/") { html sizeBytes }
      d: crawlResult(url: "nonsense") { html } }`);
  });

  it('where the packed bytes are damaged: that field is an error, the rest is there', async () => {
    const { deflated, crc32, length } = await pack(padding);
    const fields = new Map([
      ['html', new PackedText(deflated, crc32 ^ 1, length)],
      ['fit_html', await pack(padding)],
    ] as const);
    world.fixture.store(recordOf(page, { fields }));
    const query = `{ a: crawlResult(url: "${page}") { html fitHtml } }`;
    await expectEqualAnswers(query);
    await expectEqualAnswers(query);
    expect(JSON.parse((await answersTo(query)).gzipped).errors).toMatchObject([
      { path: ['a', 'html'], extensions: { code: 'MALFORMED_ITEM' } },
    ]);
  });

  it('where a text field holds packed JSON of another kind', async () => {
    await storePacked(page, { html: [padding], metadata: padding });
    await expectEqualAnswers(`{ a: crawlResult(url: "${page}") { html metadata } }`);
  });

  it('asked for over GET, which is not spliced', async () => {
    await storePacked(page, { html: padding });
    const query = `{ crawlResult(url: "${page}") { html } }`;
    const url = `http://127.0.0.1:${world.lanePort}/graphql?query=${encodeURIComponent(query)}`;
    expect(await (await fetch(url)).json()).toEqual({ data: { crawlResult: { html: padding } } });
    const events = await fetch(`http://127.0.0.1:${world.lanePort}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query }),
    });
    expect(await events.text()).toContain(padding);
  });
});

describe('the encoding', () => {
  const query = `{ crawlResult(url: "${page}") { html } }`;
  const body = JSON.stringify({ query });

  it.each([
    ['gzip', 'gzip'],
    ['br, gzip;q=0.5', 'gzip'],
    ['*', 'gzip'],
    ['gzip;q=0', undefined],
    ['identity', undefined],
    ['identity;q=0.5, gzip;q=0.2', undefined],
    ['*;q=0', undefined],
    ['br, deflate', undefined],
  ])('under Accept-Encoding: %s is %s', async (header, encoding) => {
    await storePacked(page, { html: padding });
    const answer = await postRaw(world.lanePort, body, { 'accept-encoding': header });
    expect(answer.headers['content-encoding']).toBe(encoding);
    expect(answer.headers.vary).toBe('accept-encoding');
    expect(JSON.parse(textOf(answer)).data.crawlResult.html).toBe(padding);
  });

  it('is none for a small answer, and gzip for a large one that nothing was packed for', async () => {
    world.fixture.store(recordOf(page, { fields: new Map([['html', 'small']]) }));
    const small = await postRaw(world.lanePort, body, gzip);
    expect([small.headers['content-encoding'], small.headers.vary]).toEqual([undefined, undefined]);
    const large = `<p>"€"${padding}</p>`.repeat(1000);
    world.fixture.store(recordOf(page, { fields: new Map([['html', large]]) }));
    const answer = await postRaw(world.lanePort, body, gzip);
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(answer.body.length).toBeLessThan(large.length / 10);
    expect(JSON.parse(textOf(answer)).data.crawlResult.html).toBe(large);
    expect(textOf(await postRaw(world.lanePort, body))).toBe(textOf(answer));
  });
});

describe('gzip answers are accepted by', () => {
  const text = `"€"\n${padding}`.repeat(5000);
  const query = `{ crawlResults(urls: ["${page}", "${page}"]) { html url } }`;
  const expected = { data: { crawlResults: [1, 2].map(() => ({ html: text, url: page })) } };
  let folder: string;
  let file: string;
  let bytes: Buffer;

  beforeAll(async () => {
    await storePacked(page, { html: text });
    bytes = (await postRaw(world.lanePort, JSON.stringify({ query }), gzip)).body;
    folder = await mkdtemp(join(tmpdir(), 'crawlgate-wire-'));
    file = join(folder, 'answer.json.gz');
    await writeFile(file, bytes);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("Node's zlib and fetch", async () => {
    expect(JSON.parse(gunzipSync(bytes).toString())).toEqual(expected);
    const answer = await fetch(`http://127.0.0.1:${world.lanePort}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(await answer.json()).toEqual(expected);
  });

  it.skipIf(!isThere('gzip'))('gzip -t', async () => {
    await run('gzip', ['-t', file]);
  });

  it.skipIf(!isThere('python3'))("Python's gzip", async () => {
    const script =
      'import gzip, json, sys; print(len(json.load(gzip.open(sys.argv[1]))["data"]["crawlResults"][1]["html"]))';
    expect(Number((await run('python3', ['-c', script, file])).stdout)).toBe(text.length);
  });

  it.skipIf(!isThere('curl'))('curl', async () => {
    const url = `http://127.0.0.1:${world.lanePort}/graphql`;
    const args = ['-sS', '--compressed', '-H', 'content-type: application/json', '-d', JSON.stringify({ query }), url];
    const { stdout } = await run('curl', args, { maxBuffer: 10_000_000 });
    expect(JSON.parse(stdout)).toEqual(expected);
  });
});

describe('slow readers', () => {
  it('of one large answer share its bytes', async () => {
    const text = randomLetters(6_000_000);
    await storePacked(page, { html: text });
    const query = `{ crawlResults(urls: ["${page}", "${page}", "${page}", "${page}", "${page}"]) { html } }`;
    const body = JSON.stringify({ query });
    await postRaw(world.lanePort, body, gzip);
    const before = memory();
    const readers = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const socket = connect(world.lanePort, '127.0.0.1');
        const encoding = index % 4 === 0 ? 'identity' : 'gzip';
        socket.write(
          `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept-Encoding: ${encoding}\r\n` +
            `Content-Length: ${body.length}\r\n\r\n${body}`,
        );
        // Without a listener for data nothing more is read than the socket buffers.
        await once(socket, 'readable');
        return socket;
      }),
    );
    // 40 answers of 22 to 30 MB each; two copies would already be more.
    const used = memory() - before;
    expect(used).toBeLessThan(60_000_000);
    for (const socket of readers) socket.destroy();
    const again = await postRaw(world.lanePort, body, gzip);
    expect(again.status).toBe(200);
  });
});

function memory(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function randomLetters(length: number): string {
  const letters = Buffer.allocUnsafe(length);
  let state = 1;
  for (let index = 0; index < length; index += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    letters[index] = 97 + ((state >>> 16) % 26);
  }
  return letters.toString('latin1');
}

function isThere(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
