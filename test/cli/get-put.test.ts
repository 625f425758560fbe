// `crawlgate get` and `crawlgate put` as a shell runs them, against a gateway that runs.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StartedGateway, startGateway } from '../support/gateway.js';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const page = (name: string): string => `https://shell.example/${name}`;

let gateway: StartedGateway;
let folder: string;
beforeAll(async () => {
  [gateway, folder] = await Promise.all([
    startGateway({ CRAWLGATE_MAX_URLS: '50' }),
    mkdtemp(join(tmpdir(), 'crawlgate-shell-')),
  ]);
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Runs the command with `input` on standard input, to its end. */
async function run(args: readonly string[], input = '', env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env.PATH ?? '', CRAWLGATE_URL: gateway.url, ...env },
  });
  const code = new Promise((resolve) => child.once('close', resolve));
  // A command that does not read its input closes it.
  child.stdin.on('error', () => undefined).end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}

const documents = [
  { url: page('a'), success: true, html: '<p>a</p>\n<p>é</p>', status_code: 200, metadata: { title: 'A\tpage' } },
  { url: page('b'), success: true, html: '', status_code: 404, links: { internal: [{ href: '/x' }], external: [] } },
];

describe('both, where the gateway asks for keys', () => {
  it('send the key of CRAWLGATE_KEY, and say that it was refused', async () => {
    const hash = createHash('sha256').update('a-key').digest('hex');
    await using closed = await startGateway({ CRAWLGATE_API_KEYS: `shell:write:${hash}` });
    const env = { CRAWLGATE_URL: closed.url, CRAWLGATE_KEY: 'a-key' };
    const document = JSON.stringify({ ...documents[0], url: page('keyed') });
    expect(await run(['put'], document, env)).toMatchObject({ code: 0, stdout: '1 of 1 stored\n' });
    expect(await run(['get', page('keyed'), '--fields', 'url'], '', env)).toMatchObject({ code: 0 });
    const refused = await run(['get', page('keyed')], '', { ...env, CRAWLGATE_KEY: 'another' });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/keyed: [A-Z_]+: /);
    expect(await run(['put'], document, { ...env, CRAWLGATE_KEY: '' })).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/0 of 1 stored/),
    });
  });
});

describe('crawlgate put', () => {
  it('stores a list, a single result and a result a line', async () => {
    const files = { 'list.json': documents, 'one.json': { ...documents[0], url: page('one') } };
    for (const [name, value] of Object.entries(files)) {
      await writeFile(join(folder, name), JSON.stringify(value, null, 2));
    }
    expect(await run(['put', join(folder, 'list.json')])).toEqual({ code: 0, stdout: '2 of 2 stored\n', stderr: '' });
    expect(await run(['put', join(folder, 'one.json')])).toMatchObject({ code: 0, stdout: '1 of 1 stored\n' });
    const many = Array.from({ length: 120 }, (_, index) =>
      JSON.stringify({ url: page(`many-${index}`), success: true, html: 'x' }),
    );
    // Fewer URLs fit a request of this gateway than of others: what it refuses is told.
    await writeFile(join(folder, 'many.jsonl'), `${many.join('\n')}\n`);
    expect(await run(['put', join(folder, 'many.jsonl'), '--ttl-days', '1'])).toMatchObject({
      code: 0,
      stdout: '120 of 120 stored\n',
    });
    expect(await run(['put', '--json'], `${many[0]}\n${many[1]}\n`)).toMatchObject({ code: 0, stderr: '' });
  });

  it('says for each result why it is not stored, and ends with 1', async () => {
    const given = [
      { ...documents[0], created_at: '2020-01-01T00:00:00Z' },
      { url: page('no-success') },
      { ...documents[0], url: page('good') },
    ];
    const { code, stdout } = await run(['put'], JSON.stringify(given));
    expect(code).toBe(1);
    expect(stdout).toMatch(/shell\.example\/a: SUPERSEDED: /);
    expect(stdout).toMatch(/no-success: BAD_USER_INPUT: .*success/);
    expect(stdout).toMatch(/1 of 3 stored\n$/);
    const json = await run(['put', '--json'], JSON.stringify([given[0]]));
    expect(json.code, 'superseded is no failure').toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject([{ stored: false, error: { code: 'SUPERSEDED' } }]);
  });

  it('names what has no URL by its place in the list, or by its line', async () => {
    const nameless = { success: true, html: 'x' };
    const list = await run(['put'], JSON.stringify([documents[0], nameless, 7]));
    expect(list.code).toBe(1);
    expect(list.stdout).toMatch(/^#2: BAD_USER_INPUT: .*url/m);
    expect(list.stdout).toMatch(/^#3: BAD_USER_INPUT: /m);
    const lines = `${JSON.stringify(documents[0])}\n\n${JSON.stringify(nameless)}\n`;
    await writeFile(join(folder, 'nameless.jsonl'), lines);
    const [named, piped] = [await run(['put', join(folder, 'nameless.jsonl')]), await run(['put'], lines)];
    expect(named.stdout).toMatch(/^line 3: BAD_USER_INPUT: .*url/m);
    expect(piped.stdout).toBe(named.stdout);
  });

  it('says which line is no JSON', async () => {
    const lines = `${JSON.stringify(documents[0])}\n\n{"url": \n`;
    const path = join(folder, 'broken.jsonl');
    await writeFile(path, lines);
    const named = await run(['put', path]);
    expect(named.code).toBe(2);
    expect(named.stderr).toContain(`${path}, line 3, is not JSON: `);
    expect((await run(['put'], lines)).stderr).toMatch(/^standard input, line 3, is not JSON: /);
  });

  it('says what was stored before a line that is no JSON', async () => {
    const good = Array.from({ length: 250 }, (_, at) => JSON.stringify({ url: page(`before-${at}`), success: true }));
    const path = join(folder, 'breaks-off.jsonl');
    await writeFile(path, `${good.join('\n')}\n{"url": `);
    const { code, stdout, stderr } = await run(['put', path]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/line 251, is not JSON: .*\nBefore that: 200 of 200 stored\.\n$/);
  });

  it.each([
    ['no JSON', ['put'], '{"url": ', /standard input is not JSON/],
    ['a file that is not there', ['put', '/nowhere/x.json'], '', /cannot be read/],
    ['a wrong number of days', ['put', '--ttl-days', 'ten'], '[]', /--ttl-days: must be a whole number/],
    ['a wrong URL', ['put', '--url', 'gateway:4000'], '[]', /begins with http/],
  ])('ends with 2 for %s', async (_, args, input, problem) => {
    const { code, stdout, stderr } = await run(args, input);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(problem);
  });
});

describe('crawlgate get', () => {
  it('prints a line for each URL that is found, and ends with 1 where one is not', async () => {
    const { code, stdout, stderr } = await run(['get', page('a'), page('nothing'), page('b')]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: `${page('nothing')}: not stored\n` });
    expect(stdout.split('\n')[0]).toMatch(/^https:\/\/shell\.example\/a\t200\tA page\t20\S+Z$/);
    expect(stdout.trim().split('\n')).toHaveLength(2);
  });

  it('prints one field alone as it is', async () => {
    expect(await run(['get', page('a'), '--fields', 'html'])).toEqual({
      ...{ code: 0, stdout: '<p>a</p>\n<p>é</p>\n', stderr: '' },
    });
    const { stdout } = await run(['get', page('b'), '--fields', 'links.internal.href']);
    expect(JSON.parse(stdout)).toEqual(['/x']);
  });

  it('takes whole objects, and JSON', async () => {
    const fields = 'links,metadata,markdown,cache';
    const { stdout } = await run(['get', page('b'), page('gone'), '--fields', fields, '--json']);
    expect(JSON.parse(stdout)).toMatchObject([
      { url: page('b'), outcome: 'found', result: { links: { internal: [{ href: '/x' }] }, markdown: null } },
      { url: page('gone'), outcome: 'absent', result: null, error: null },
    ]);
  });

  it('reads lists of any length from standard input, in as many requests as the gateway takes', async () => {
    const urls = Array.from({ length: 120 }, (_, index) => page(`many-${index}`));
    const { code, stdout } = await run(['get', '--fields', 'url'], `${urls.join('\r\n')}\n\n`);
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toEqual(urls);
    const mixed = await run(['get', page('a'), '-', '--fields', 'url'], page('b'));
    expect(mixed.stdout).toBe(`${page('a')}\n${page('b')}\n`);
  });

  it('looks whole results up, a thousand of them, and in parts where they cost too much or are too long', async () => {
    const urls = Array.from({ length: 1000 }, (_, index) => (index === 999 ? page('a') : page(`none-${index}`)));
    // On loopback a body may be twice a result.
    const few = { CRAWLGATE_MAX_BODY_BYTES: '16384', CRAWLGATE_MAX_RESULT_BYTES: '1024' };
    for (const limits of [{}, { CRAWLGATE_MAX_COST: '9999' }, few]) {
      await using other = await startGateway(limits);
      const stored = await other.ask('mutation ($r: [JSON!]!) { cacheCrawl4aiResults(results: $r) { stored } }', {
        r: [{ url: page('a'), html: '<p>', success: true }],
      });
      expect(stored.errors).toBeUndefined();
      const env = { CRAWLGATE_URL: other.url };
      const { stdout } = await run(['get', '--json', '--fields', 'crawl4ai'], urls.join('\n'), env);
      const outcomes = JSON.parse(stdout).map(({ outcome }: { outcome: string }) => outcome);
      expect(outcomes).toEqual([...Array(999).fill('absent'), 'found']);
    }
  });

  it('tells what the schema does not have, before it asks', async () => {
    const { code, stdout, stderr } = await run(['get', page('a'), '--fields', 'titel,links.inside,html.x,versions']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/CrawlResult has no "titel"; it has url, .*title/),
      expect.stringMatching(/Links has no "inside"; it has internal, external/),
      expect.stringMatching(/html has no fields of its own/),
      expect.stringMatching(/versions needs a path into it/),
    ]);
  });

  it('says which URL could not be looked up, and asks again for what may pass', async () => {
    const asked: string[][] = [];
    let isBusy = true;
    const server = createServer(async (request, response) => {
      const { variables } = JSON.parse(await text(request));
      if (isBusy) {
        isBusy = false;
        response.writeHead(429, { 'retry-after': '0' }).end('{"errors":[{"message":"too many"}]}');
        return;
      }
      asked.push([...variables.urls, request.headers.authorization ?? '']);
      const isFirst = asked.length === 1;
      const data = {
        crawlResults: variables.urls.map((url: string) => (isFirst && url === page('b') ? null : { url })),
      };
      const error = { message: 'down', path: ['crawlResults', 1], extensions: { code: 'STORE_UNAVAILABLE' } };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isFirst ? { data, errors: [error] } : { data }));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const args = ['get', page('a'), page('b'), '--fields', 'url'];
      const { code, stdout } = await run(args, '', { CRAWLGATE_URL: url, CRAWLGATE_KEY: 'secret' });
      expect({ code, stdout }).toEqual({ code: 0, stdout: `${page('a')}\n${page('b')}\n` });
      expect(asked).toEqual([
        [page('a'), page('b'), 'Bearer secret'],
        [page('b'), 'Bearer secret'],
      ]);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  it('says where nothing answers, and ends with 1', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const { code, stderr } = await run(['get', page('a'), '--url', `http://127.0.0.1:${port}`]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^No gateway answers at http:\/\/127\.0\.0\.1:\d+\/graphql: .*ECONNREFUSED/);
  });
});
