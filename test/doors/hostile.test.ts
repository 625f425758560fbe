// A crowd of hostile requests, after which the gateway answers as before, has read nothing for them, and has not grown.
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StartedGateway, startGateway } from '../support/gateway.js';
import { call, openSocket } from '../support/raw-http.js';
import { hostileBodies } from './hostile-bodies.js';
import { ask, codesOf, lanes } from './two-lanes.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

let started: StartedGateway;
beforeAll(async () => {
  started = await startGateway({ CRAWLGATE_MAX_BODY_BYTES: '1048576', CRAWLGATE_HEADERS_TIMEOUT_MS: '1000' });
});
afterAll(() => started[Symbol.asyncDispose]());

/** What is refused by HTTP itself, as it stands on the wire. */
const rawRequests: readonly string[] = [
  'nonsense\r\n\r\n',
  '\r\n\r\n\r\n',
  'GET\r\n\r\n',
  'GET / HTTP/9.9\r\n\r\n',
  'GET /graphql HTTP/1.1\r\n\r\n',
  'GET /graphql HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
  'GET graphql HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'GET http://evil.example/graphql?query={__typename} HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'CONNECT localhost:443 HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'TRACE /graphql HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n',
  'GET /graphql HTTP/1.1\r\nHost: localhost\r\nbad header\r\n\r\n',
  'GET /graphql HTTP/1.1\r\nHost: localhost\r\n folded: yes\r\n\r\n',
  `GET /graphql HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
  `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
  'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: -1\r\n\r\n',
  'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1, 2\r\n\r\n{}',
  'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'POST /graphql HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n',
  'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n',
  'POST /graphql HTTP/1.1\r\nHost: localhost\r\nExpect: miracles\r\nContent-Length: 2\r\n\r\n{}',
];

/** What is refused by the edge: hosts, paths, methods, types. */
const edgeRequests = [
  ...['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '192.0.2.1', 'localhost@evil.example'].map(
    (host) => ({ headers: { host } }),
  ),
  ...[
    '/graphql/',
    '//graphql',
    '/GRAPHQL',
    '/graphql/..',
    '/../etc/passwd',
    '/%2e%2e/etc/passwd',
    '/graphql%00',
    '/.env',
    '/page/../../package.json',
    '/page/%2e%2e/main.js',
  ].map((path) => ({ path })),
  ...['PUT', 'DELETE', 'PATCH', 'PROPFIND'].map((method) => ({ method, path: '/graphql' })),
  ...['gzip', 'br', 'deflate, identity'].map((encoding) => ({
    method: 'POST',
    path: '/graphql',
    headers: { 'content-type': 'application/json', 'content-encoding': encoding },
    body: '{}',
  })),
  { method: 'POST', path: '/graphql', headers: { 'content-type': 'text/plain' }, body: '{"query":"{ __typename }"}' },
  { method: 'POST', path: '/graphql?query={__typename}', body: '' },
  { path: '/graphql?query=mutation{invalidateCrawlResults(urls:["a"]){removed}}' },
  { path: '/graphql?query={__typename}&variables={' },
];

/** Sends all of them; what was answered otherwise than by a refusal in 4xx or with GraphQL's own errors. */
async function sendAll(): Promise<{ readonly count: number; readonly wrong: readonly string[] }> {
  const wrong: string[] = [];
  let count = 0;
  for (const lane of lanes) {
    for (const { name, body, code } of hostileBodies) {
      count += 1;
      const answer = await ask({ port: started.port, lane, body });
      const [first] = codesOf(answer);
      const isRefused = answer.status < 500 && first !== undefined && first !== 'INTERNAL_SERVER_ERROR';
      const isShort = answer.body.length < 4 * body.length + 20_000;
      if (isRefused && isShort && (code === null || first === code)) continue;
      wrong.push(`${name}, ${lane}: ${answer.status} ${answer.body.slice(0, 200)}, not ${code}`);
    }
  }
  for (const request of edgeRequests) {
    count += 1;
    const { status } = await call({ port: started.port, ...request });
    if (status < 400 || status >= 500) wrong.push(`${JSON.stringify(request)}: ${status}`);
  }
  for (const raw of rawRequests) {
    count += 1;
    const { socket, heard } = await openSocket(started.port);
    socket.end(Buffer.from(raw, 'latin1'));
    const answer = await heard;
    if (!/^(HTTP\/1\.1 4\d\d |$)/.test(answer))
      wrong.push(`${JSON.stringify(raw.slice(0, 60))}: ${answer.slice(0, 60)}`);
  }
  return { count, wrong };
}

/** Sockets and timers that the process has open; its own streams are none of the gateway's. */
function openThings(): number {
  return process.getActiveResourcesInfo().filter((kind) => /^(TCPSocketWrap|Timeout)$/.test(kind)).length;
}

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

describe('hostile requests', () => {
  it('are at least 150, each is refused, and none is resolved or reads a key', { timeout: 120_000 }, async () => {
    expect(hostileBodies.length).toBeGreaterThan(110);
    const before = await started.ask('{ stats { lookups storeCalls } }');
    const { count, wrong } = await sendAll();
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThanOrEqual(150);
    expect(await started.ask('{ stats { lookups storeCalls } }')).toEqual(before);
    expect(started.calls).toEqual([]);
    expect(started.log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('leave neither memory nor sockets nor timers behind', { timeout: 120_000 }, async () => {
    const heap = heapBytes();
    const things = openThings();
    await sendAll();
    const growth = heapBytes() - heap;
    // Known documents and their errors are kept, within bounds; what came once more was known already.
    expect(growth).toBeLessThan(8_000_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(openThings()).toBeLessThanOrEqual(things);
  });

  it('leave a gateway that answers', async () => {
    const answer = await started.ask('{ crawlResult(url: "https://a.example/") { url } health { status } }');
    expect(answer).toEqual({ data: { crawlResult: null, health: { status: 'HEALTHY' } } });
  });

  it('that come slowly are cut off, the headers and the body', { timeout: 30_000 }, async () => {
    await using slow = await startGateway({ CRAWLGATE_HEADERS_TIMEOUT_MS: '1000', CRAWLGATE_BODY_TIMEOUT_MS: '1000' });
    const headers = await openSocket(slow.port);
    headers.socket.write('POST /graphql HTTP/1.1\r\nHost: localhost\r\nX: ');
    const body = await openSocket(slow.port);
    body.socket.write(
      'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    );
    await Promise.all([once(headers.socket, 'close'), once(body.socket, 'close')]);
    expect(await headers.heard).toMatch(/^HTTP\/1\.1 408 .*"REQUEST_TIMEOUT"/s);
    expect(await body.heard).toMatch(/^(HTTP\/1\.1 408 |$)/);
  });
});
