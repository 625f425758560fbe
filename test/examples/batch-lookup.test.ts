// The examples as somebody would run them: ten thousand URLs in, a line for each out, though a request and a URL fail at first.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type StartedGateway, startGateway } from '../support/gateway.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const stored = 'https://examples.example/stored';
const throttled = 'https://examples.example/throttled';
const urls = [stored, throttled, ...Array.from({ length: 9998 }, (_, index) => `https://examples.example/${index}`)];

const tools = ['curl', 'jq'].filter((tool) => {
  try {
    execFileSync(tool, ['--version'], { stdio: 'ignore' });
    return false;
  } catch {
    return true;
  }
});
const isCi = (process.env.CI ?? '') !== '';
if (tools.length > 0) process.stderr.write(`${tools.join(' and ')} missing: the example in curl is left out.\n`);

let gateway: StartedGateway;
let front: Server;
let frontUrl: string;
let requests: { readonly urls: readonly string[]; readonly authorization: string | undefined }[];

beforeAll(async () => {
  gateway = await startGateway({ CRAWLGATE_MEMORY_ABSENT_SECONDS: '60' });
  const document = { url: stored, success: true, html: '', status_code: 200, markdown: 'The tides' };
  await gateway.ask('mutation ($r: [JSON!]!) { cacheCrawl4aiResults(results: $r) { stored } }', { r: [document] });
  // Stands before the gateway: the first request has no answer, and one URL is throttled the first time.
  let isThrottled = false;
  front = createServer(async (request, response) => {
    const body = await text(request);
    const asked: string[] = JSON.parse(body).variables.urls;
    requests.push({ urls: asked, authorization: request.headers.authorization });
    if (requests.length === 1) {
      isThrottled = false;
      response.writeHead(503, { 'retry-after': '0' }).end('busy');
      return;
    }
    const answer = await fetch(gateway.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const result = (await answer.json()) as { data: { crawlResults: unknown[] }; errors?: unknown[] };
    const place = asked.indexOf(throttled);
    if (place >= 0 && !isThrottled) {
      isThrottled = true;
      result.errors = [{ message: 'x', path: ['crawlResults', place], extensions: { code: 'STORE_THROTTLED' } }];
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
  }).listen(0, '127.0.0.1');
  await once(front, 'listening');
  frontUrl = `http://127.0.0.1:${(front.address() as AddressInfo).port}/graphql`;
});
afterAll(async () => {
  front.close();
  front.closeAllConnections();
  await gateway[Symbol.asyncDispose]();
});
beforeEach(() => {
  requests = [];
});

async function run(command: string, args: readonly string[]) {
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH ?? '', CRAWLGATE_URL: frontUrl, CRAWLGATE_KEY: 'secret' },
  });
  const code = once(child, 'close');
  child.stdin.end(`${urls.join('\n')}\n`);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return {
    code: (await code)[0],
    lines: stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
    stderr,
  };
}

function expectAll({ code, lines, stderr }: Awaited<ReturnType<typeof run>>): void {
  expect(stderr).toMatch(/\d/);
  expect(code).toBe(0);
  expect(lines.map(({ url }) => url).sort()).toEqual([...urls].sort());
  const found = lines.filter(({ result }) => result !== null && result !== undefined);
  expect(found).toMatchObject([{ url: stored, result: { statusCode: 200, cache: {} } }]);
  expect(lines.filter(({ error }) => error !== undefined)).toEqual([]);
  // Ten full requests, the one that had no answer, and the URL that was throttled.
  expect(requests.map(({ urls: asked }) => asked.length).sort((a, b) => a - b)).toEqual([1, ...Array(11).fill(1000)]);
  expect(new Set(requests.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer secret']));
}

describe('the examples look ten thousand URLs up', () => {
  it('in TypeScript', { timeout: 120_000 }, async () => {
    const tsc = fileURLToPath(new URL('node_modules/typescript/bin/tsc', new URL('../../', import.meta.url)));
    await promisify(execFile)(process.execPath, [tsc, '-p', 'examples/typescript/tsconfig.json'], { cwd: root });
    expectAll(await run(process.execPath, [`${root}examples/typescript/dist/batch-lookup.js`]));
  });

  it.skipIf(tools.length > 0 && !isCi)('in curl and jq', { timeout: 120_000 }, async () => {
    expectAll(await run('bash', [`${root}examples/curl/batch-lookup.sh`]));
  });
});
