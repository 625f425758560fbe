// A crowd of hostile requests, after which the gateway answers as before, has read nothing for them, and has not grown.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StartedGateway, startGateway } from '../support/gateway.js';
import { parseMetrics, readMetrics } from '../support/prometheus.js';
import { call, openSocket } from '../support/raw-http.js';
import { hostileBodies } from './hostile-bodies.js';
import { ask, codesOf, lanes } from './two-lanes.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

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

/** A gateway that the crowd comes to, and the key that it sends. */
interface World {
  readonly started: StartedGateway;
  readonly key: string | undefined;
}

/** Sends all of them; what was answered otherwise than by a refusal in 4xx or with GraphQL's own errors. */
async function sendAll({
  started,
  key,
}: World): Promise<{ readonly count: number; readonly wrong: readonly string[] }> {
  const { port } = started;
  const authorization: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const wrong: string[] = [];
  let count = 0;
  for (const lane of lanes) {
    for (const { name, body, code } of hostileBodies) {
      count += 1;
      const answer = await ask({ port, lane, body, key });
      const [first] = codesOf(answer);
      const isRefused = answer.status < 500 && first !== undefined && first !== 'INTERNAL_SERVER_ERROR';
      const isShort = answer.body.length < 4 * body.length + 20_000;
      if (isRefused && isShort && (code === null || first === code)) continue;
      wrong.push(`${name}, ${lane}: ${answer.status} ${answer.body.slice(0, 200)}, not ${code}`);
    }
  }
  for (const request of edgeRequests) {
    count += 1;
    const headers = { ...('headers' in request ? request.headers : {}), ...authorization };
    const { status } = await call({ port, ...request, headers });
    if (status < 400 || status >= 500) wrong.push(`${JSON.stringify(request)}: ${status}`);
  }
  for (const raw of rawRequests) {
    count += 1;
    const { socket, heard } = await openSocket(port);
    socket.end(Buffer.from(raw, 'latin1'));
    const answer = await heard;
    if (!/^(HTTP\/1\.1 4\d\d |$)/.test(answer))
      wrong.push(`${JSON.stringify(raw.slice(0, 60))}: ${answer.slice(0, 60)}`);
  }
  // Where callers are known, nobody else comes as far as GraphQL, whatever they send.
  if (key !== undefined) {
    for (const guess of [undefined, 'cg_guess', 'a.b.c', 'x'.repeat(10_000)]) {
      for (const { name, body } of hostileBodies.slice(0, 20)) {
        count += 1;
        const answer = await ask({ port, lane: 'direct lane', body, key: guess });
        if (codesOf(answer)[0] !== 'UNAUTHENTICATED') wrong.push(`${name} with a wrong key: ${answer.status}`);
      }
    }
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

/** CPU that a lookup in memory takes, client and all: the least of several rounds, in microseconds. */
async function cpuOfLookup({ started, key }: World): Promise<number> {
  const body = { query: '{ crawlResult(url: "https://warm.example/") { url title } }' };
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 6; round += 1) {
    const before = process.cpuUsage();
    for (let one = 0; one < 100; one += 1) await ask({ port: started.port, lane: 'direct lane', body, key });
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 100);
  }
  return least;
}

const admin = 'cg_admin';
const settings = {
  CRAWLGATE_MAX_BODY_BYTES: '1048576',
  CRAWLGATE_HEADERS_TIMEOUT_MS: '1000',
  CRAWLGATE_MEMORY_ABSENT_SECONDS: '3600',
  CRAWLGATE_MAX_REQUESTS_PER_MINUTE: '1000000',
};
const adminLine = `ops:admin:${createHash('sha256').update(admin).digest('hex')}`;

describe.each<[string, Record<string, string>, string | undefined]>([
  ['an open gateway', {}, undefined],
  ['a gateway with keys', { CRAWLGATE_API_KEYS: adminLine }, admin],
])('hostile requests to %s', (_, env, key) => {
  let world: World;
  beforeAll(async () => {
    world = { started: await startGateway({ ...settings, ...env }), key };
  });
  afterAll(() => world.started[Symbol.asyncDispose]());

  const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const said = async (query: string): Promise<unknown> =>
    JSON.parse((await ask({ port: world.started.port, lane: 'direct lane', body: { query }, key })).body);

  it('are at least 150, each is refused, and none is resolved or reads a key', { timeout: 120_000 }, async () => {
    expect(hostileBodies.length).toBeGreaterThan(110);
    const before = await said('{ stats { lookups storeCalls } }');
    const { count, wrong } = await sendAll(world);
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThanOrEqual(150);
    expect(await said('{ stats { lookups storeCalls } }')).toEqual(before);
    expect(world.started.calls).toEqual([]);
    expect(world.started.log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('leave memory, sockets, timers, room and the work of a lookup as they were', { timeout: 120_000 }, async () => {
    await cpuOfLookup(world);
    const cpu = await cpuOfLookup(world);
    const heap = heapBytes();
    const things = openThings();
    await sendAll(world);
    const growth = heapBytes() - heap;
    // Known documents and their errors are kept, within bounds; what came once more was known already.
    expect(growth).toBeLessThan(8_000_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(openThings()).toBeLessThanOrEqual(things);
    const { body } = await call({ port: world.started.port, path: '/metrics', headers });
    const metrics = parseMetrics(body);
    expect(metrics.value('crawlgate_requests_in_flight')).toBe(0);
    expect(metrics.value('crawlgate_request_body_bytes')).toBe(0);
    // The one that asks.
    expect(metrics.value('crawlgate_connections')).toBe(1);
    // CPU, not time, and a wide bound: other processes may be in the way, a list that grew with every request would not be.
    expect((await cpuOfLookup(world)) / cpu).toBeLessThan(3);
  });

  it('leave a gateway that answers', async () => {
    const answer = await said('{ crawlResult(url: "https://a.example/") { url } health { status } }');
    expect(answer).toEqual({ data: { crawlResult: null, health: { status: 'HEALTHY' } } });
  });
});

describe('hostile requests', () => {
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
    expect(await body.heard).toMatch(/^HTTP\/1\.1 408 .*"REQUEST_TIMEOUT"/s);
    const { value } = await readMetrics(slow.port);
    expect(value('crawlgate_refused_requests_total', { code: 'REQUEST_TIMEOUT' })).toBe(2);
  });
});
