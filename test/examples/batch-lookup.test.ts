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
    if (request.url !== '/graphql') {
      response.writeHead(404).end('{}');
      return;
    }
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

interface Example {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
}

/** As its README says; npm finds the tools among the project's own. */
const typescript: Example = { command: 'npm', args: ['start', '--silent'], cwd: `${root}examples/typescript` };
const curl: Example = { command: 'bash', args: ['batch-lookup.sh'], cwd: `${root}examples/curl` };

async function run({ command, args, cwd }: Example, asked = urls, url = frontUrl) {
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env.PATH ?? '', CRAWLGATE_URL: url, CRAWLGATE_KEY: 'secret' },
  });
  const code = once(child, 'close');
  child.stdin.end(`${asked.join('\n')}\n`);
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
  beforeAll(async () => {
    for (const script of ['codegen', 'build']) {
      await promisify(execFile)('npm', ['run', '--silent', script], { cwd: typescript.cwd });
    }
  }, 120_000);

  it('in TypeScript', { timeout: 120_000 }, async () => {
    // The address alone, as the command line and the Python client take it.
    expectAll(await run(typescript, urls, frontUrl.replace('/graphql', '')));
  });

  it.skipIf(tools.length > 0 && !isCi)('in curl and jq', { timeout: 120_000 }, async () => {
    expectAll(await run(curl, urls, frontUrl.replace('/graphql', '/')));
  });
});

describe.each([
  ['URLs', { CRAWLGATE_MAX_URLS: '300' }],
  ['cost', { CRAWLGATE_MAX_COST: '500' }],
  // On loopback a body may be twice a result.
  ['bytes', { CRAWLGATE_MAX_BODY_BYTES: '8192', CRAWLGATE_MAX_RESULT_BYTES: '1024' }],
])('where a gateway takes less, of %s, they ask in smaller parts', (_, env) => {
  const asked = urls.slice(2, 1302);
  let small: StartedGateway;
  beforeAll(async () => {
    small = await startGateway(env);
  });
  afterAll(() => small[Symbol.asyncDispose]());

  it.each([
    ['in TypeScript', typescript],
    ['in curl and jq', curl],
  ])('%s', { timeout: 120_000 }, async (_name, example) => {
    if (example === curl && tools.length > 0 && !isCi) return;
    const { code, lines, stderr } = await run(example, asked, small.url);
    expect([code, lines.length], stderr).toEqual([0, asked.length]);
    expect(lines.map(({ url }) => url).sort()).toEqual([...asked].sort());
    expect(lines.filter(({ result }) => result !== null)).toEqual([]);
  });
});
