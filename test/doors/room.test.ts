// What all requests together may hold, from outside: places, bytes of bodies, connections. Each is counted and given back.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { startFakeDynamo } from '../support/fake-dynamo.js';
import { type StartedGateway, startGateway } from '../support/gateway.js';
import { readMetrics } from '../support/prometheus.js';
import { call, openSocket } from '../support/raw-http.js';
import { ask, codesOf, headersOf, type Lane, lanes } from './two-lanes.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const body = { query: '{ __typename }' };
const MB = 1024 * 1024;

/** A gateway over a store that answers lookups when told to, and what tells it. */
async function startHeldBack(env: Readonly<Record<string, string>>) {
  let go = (): void => undefined;
  const told = new Promise<void>((resolve) => {
    go = resolve;
  });
  const dynamo = await startFakeDynamo({
    answer: async ({ input }) => {
      if (JSON.stringify(input).includes('held-back')) await told;
      return null;
    },
  });
  const started = await startGateway({ DYNAMODB_ENDPOINT: dynamo.endpoint, ...env });
  return {
    started,
    go,
    async [Symbol.asyncDispose]() {
      go();
      await started[Symbol.asyncDispose]();
      await dynamo[Symbol.asyncDispose]();
    },
  };
}

/** A POST whose headers were sent; what it says of its body it does not send. */
async function begin(port: number, lane: Lane, framing: string): Promise<{ socket: Socket; heard: Promise<string> }> {
  const opened = await openSocket(port);
  const headers = Object.entries(headersOf(lane)).map(([name, value]) => `${name}: ${value}\r\n`);
  opened.socket.write(`POST /graphql HTTP/1.1\r\nHost: localhost\r\n${headers.join('')}${framing}\r\n\r\n`);
  return opened;
}

/** Reads what is held until it is this much: bytes that were sent are there a moment later. */
async function holds({ port }: StartedGateway, name: string, value: number): Promise<void> {
  for (let look = 0; look < 2_000; look += 1) {
    if ((await readMetrics(port)).value(name) === value) return;
  }
  expect((await readMetrics(port)).value(name)).toBe(value);
}

const padded = (bytes: number): string => JSON.stringify(body).padEnd(bytes);

describe.each(lanes)('through the %s', (lane) => {
  it('one request too many at once is answered 503, and room is made when one ends', async () => {
    await using world = await startHeldBack({ CRAWLGATE_MAX_IN_FLIGHT: '1' });
    const { started } = world;
    const held = { query: '{ crawlResult(url: "https://held-back.example/") { url } }' };
    const first = ask({ port: started.port, lane, body: held });
    await holds(started, 'crawlgate_requests_in_flight', 1);
    const refused = await ask({ port: started.port, lane, body });
    expect([refused.status, codesOf(refused), refused.headers['retry-after']]).toEqual([503, ['TOO_BUSY'], '1']);
    expect((await call({ port: started.port, path: '/ready' })).status).toBe(200);
    world.go();
    expect((await first).status).toBe(200);
    await holds(started, 'crawlgate_requests_in_flight', 0);
    expect((await ask({ port: started.port, lane, body })).status).toBe(200);
  });

  it('bodies that come slowly take no place of those that are answered', async () => {
    await using started = await startGateway({ CRAWLGATE_MAX_IN_FLIGHT: '2' });
    const slow = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        begin(started.port, lane, index % 2 === 0 ? 'Content-Length: 100' : 'Transfer-Encoding: chunked'),
      ),
    );
    for (const [index, { socket }] of slow.entries()) socket.write(index % 2 === 0 ? '{' : '1\r\n{\r\n');
    await holds(started, 'crawlgate_request_body_bytes', 10);
    for (let one = 0; one < 5; one += 1) {
      expect((await ask({ port: started.port, lane, body })).status).toBe(200);
    }
    expect((await readMetrics(started.port)).value('crawlgate_requests_in_flight')).toBe(0);
    for (const { socket } of slow) socket.destroy();
    await holds(started, 'crawlgate_request_body_bytes', 0);
  });

  it.each([
    ['told by its length', {}],
    ['found out as it comes', { 'transfer-encoding': 'chunked' }],
  ])('a body that does not fit with all others is answered 503, %s', async (_, framing) => {
    await using started = await startGateway({ CRAWLGATE_MAX_BODIES_BYTES: String(MB) });
    const most = await begin(started.port, lane, `Content-Length: ${MB}`);
    most.socket.write(padded(MB - 1000));
    await holds(started, 'crawlgate_request_body_bytes', MB - 1000);
    const asked = (bytes: number) => ask({ port: started.port, lane, body: padded(bytes), headers: framing });
    expect((await asked(1000)).status).toBe(200);
    const refused = await asked(1001);
    expect([refused.status, codesOf(refused), refused.headers['retry-after']]).toEqual([503, ['TOO_BUSY'], '1']);
    // Nothing of the refused one is held, and what it said it would send never was.
    await holds(started, 'crawlgate_request_body_bytes', MB - 1000);
    most.socket.destroy();
    await holds(started, 'crawlgate_request_body_bytes', 0);
    // Alone it is let in, whatever its size.
    expect((await asked(2 * MB)).status).toBe(200);
    expect((await readMetrics(started.port)).value('crawlgate_refused_requests_total', { code: 'TOO_BUSY' })).toBe(1);
    await holds(started, 'crawlgate_request_body_bytes', 0);
  });
});

it('what pipelined requests hold is given back where their connection goes before their turn', async () => {
  await using world = await startHeldBack({});
  const { started } = world;
  const { socket, heard } = await openSocket(started.port);
  const requestOf = (query: string) => {
    const text = JSON.stringify({ query });
    const head = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json';
    return `${head}\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
  };
  const held = requestOf('{ crawlResult(url: "https://held-back.example/") { url } }');
  socket.write(held + held + requestOf('{ __typename }'));
  await holds(started, 'crawlgate_requests_in_flight', 3);
  socket.destroy();
  await heard;
  await holds(started, 'crawlgate_requests_in_flight', 0);
  await holds(started, 'crawlgate_request_body_bytes', 0);
});

it('a connection that waits for its next request holds nothing of its last', { timeout: 60_000 }, async () => {
  await using started = await startGateway();
  const sizeOf = (): number => {
    collectGarbage();
    return process.memoryUsage().arrayBuffers;
  };
  const text = padded(MB - 1000);
  const ask = async (): Promise<Socket> => {
    const { socket } = await openSocket(started.port);
    const head = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json';
    socket.write(`${head}\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
    await once(socket, 'data');
    return socket;
  };
  (await ask()).destroy();
  const before = sizeOf();
  const idle = await Promise.all(Array.from({ length: 20 }, ask));
  await holds(started, 'crawlgate_request_body_bytes', 0);
  // Buffers that nobody holds are let go beside the program: Node 24 takes more than one collection for it.
  for (let look = 0; look < 20 && sizeOf() - before >= 4 * MB; look += 1) await readMetrics(started.port);
  expect(sizeOf() - before).toBeLessThan(4 * MB);
  for (const socket of idle) socket.destroy();
});

it('a body of single bytes takes no more memory than its bytes, and comes whole', { timeout: 60_000 }, async () => {
  await using started = await startGateway();
  const opened = await begin(started.port, 'direct lane', 'Connection: close\r\nTransfer-Encoding: chunked');
  const bytes = 200_000;
  const text = padded(bytes);
  collectGarbage();
  const before = process.memoryUsage();
  for (let at = 0; at < bytes; at += 1000) {
    const piece = [...text.slice(at, at + 1000)].map((byte) => `1\r\n${byte}\r\n`).join('');
    if (!opened.socket.write(piece)) await once(opened.socket, 'drain');
  }
  await holds(started, 'crawlgate_request_body_bytes', bytes);
  collectGarbage();
  const after = process.memoryUsage();
  expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(20 * bytes);
  opened.socket.write('0\r\n\r\n');
  expect(await opened.heard).toMatch(/^HTTP\/1\.1 200 .*\{"data":\{"__typename":"Query"\}\}/s);
});

it('a connection above the most is closed unheard, and others are taken when one ends', async () => {
  await using started = await startGateway({ CRAWLGATE_MAX_CONNECTIONS: '10' });
  const open = await Promise.all(Array.from({ length: 10 }, () => openSocket(started.port)));
  const surplus = await openSocket(started.port);
  surplus.socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
  expect(await surplus.heard).toBe('');
  open[0]?.socket.destroy();
  await open[0]?.heard;
  open[1]?.socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const [text] = await once(open[1]?.socket ?? process, 'data');
  expect(String(text)).toMatch(/^HTTP\/1\.1 200 /);
  const { socket, heard } = await openSocket(started.port);
  socket.end('GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  expect(await heard).toMatch(/^HTTP\/1\.1 200 /);
  for (const { socket: each } of open) each.destroy();
});
