// The direct lane against yoga: the same requests to both, and no client can tell which of them answered.

import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AbortSignalLike } from '../../src/domain/abort.js';
import { CrawlgateError } from '../../src/errors.js';
import { createRecordingWriters, recordOf } from '../graphql/gateway-fixture.js';
import { type Answer, call, openSocket } from '../support/raw-http.js';
import { type LaneWorld, maxBodyBytes, startLaneWorld } from './lane-world.js';

let world: LaneWorld;
beforeAll(async () => {
  world = await startLaneWorld({
    writers: createRecordingWriters().writers,
    readFeed: async ({ first }) => {
      if (first === 13) throw new Error('a bug');
      return { entries: [], hasNextPage: false, endCursor: null, scanned: true };
    },
  });
  const { fixture } = world;
  fixture.store(
    recordOf('https://a.example/', {
      fields: new Map([
        ['html', '<p>"€"\ud800</p>'],
        ['metadata', JSON.parse('{ "then": 1, "a": [null, { "b": "\u2028" }] }')],
      ]),
      failed: new Map([['pdf', new CrawlgateError('MALFORMED_ITEM', 'pdf', { url: 'a', attribute: 'pdf' })]]),
    }),
  );
  fixture.results.set('https://down.example/' as never, {
    kind: 'failed',
    error: new CrawlgateError('STORE_UNAVAILABLE', 'The store is down.', {}),
  });
  fixture.results.set('https://bug.example/' as never, {
    kind: 'failed',
    error: new Error('secret') as never,
  });
});
afterAll(() => world[Symbol.asyncDispose]());

const lookup = 'query One($u: String!) { crawlResult(url: $u) { url html metadata cache { age } } }';
const many = 'query ($u: [String!]!) { crawlResults(urls: $u) { url pdf } }';
const urls = [
  'https://a.example/',
  'https://down.example/',
  'nonsense',
  'https://bug.example/',
  'https://gone.example/',
];
const two = `${lookup} query Two { __typename }`;

/** Parameters of operations, good and bad. */
const operations: readonly object[] = [
  { query: '{ __typename }' },
  { query: '{ __typename }', variables: null, operationName: null, extensions: null },
  { query: '{ __typename }', variables: {}, extensions: {} },
  { query: lookup, variables: { u: urls[0] } },
  { query: lookup, variables: { u: urls[4] } },
  { query: lookup, variables: { u: urls[1] } },
  { query: lookup, variables: { u: urls[3] } },
  { query: lookup, variables: { u: '\ud800' } },
  { query: lookup, variables: { u: 7 } },
  { query: lookup, variables: {} },
  { query: lookup, variables: { u: urls[0], other: 1 } },
  { query: lookup },
  { query: many, variables: { u: urls } },
  { query: many, variables: { u: [] } },
  { query: many, variables: { u: null } },
  { query: many, variables: { u: urls[0] } },
  { query: two, operationName: 'One', variables: { u: urls[0] } },
  { query: two, operationName: 'Two' },
  { query: two, operationName: 'Three' },
  { query: two, operationName: '' },
  { query: two },
  { query: two, operationName: 7 },
  { query: '{ crawlFeed { edges { cursor } pageInfo { hasNextPage } } }' },
  { query: '{ crawlFeed(first: 13) { edges { cursor } } }' },
  { query: '{ crawlFeed(first: 0) { edges { cursor } } }' },
  { query: '{ stats { lookups } health { status } }' },
  {
    query:
      '{ crawlResult(url: "https://a.example/") { ...F @skip(if: true) ... @include(if: true) { url } } } fragment F on CrawlResult { html }',
  },
  { query: '{ a: crawlResult(url: "https://a.example/") { crawl4ai } b: crawlResult(url: "x") { url } }' },
  { query: 'mutation { invalidateCrawlResults(urls: ["https://a.example/", "x"]) { url removed error { code } } }' },
  { query: 'mutation { cacheCrawlResults(results: [{ url: "https://b.example/", success: true }]) { stored } }' },
  { query: 'subscription { __typename }' },
  { query: '{ __schema { queryType { name } types { name } } }' },
  { query: '{ nope }' },
  { query: '{ nope crawlResult { url } }' },
  { query: '{ crawlResult(url: 7) { url } }' },
  { query: '{' },
  { query: '' },
  { query: ' ' },
  { query: '# nothing' },
  { query: 'fragment F on Query { __typename }' },
  { query: '{ __typename @defer }' },
  { query: '{ ... @defer { __typename } }' },
  { query: `{ ${'a: __typename '.repeat(500)} }` },
  { query: `${'{ crawlResult(url: "x") '.repeat(50)}` },
  { query: '{ __typename }', unknown: 1 },
  { query: '{ __typename }', id: '1' },
  { query: '{ __typename }', __proto__: null, constructor: 1 },
  { query: null },
  { query: 7 },
  { query: ['{ __typename }'] },
  { query: { a: 1 } },
  {},
  { variables: {} },
  { query: '{ __typename }', variables: [] },
  { query: '{ __typename }', variables: 'x' },
  { query: '{ __typename }', variables: 0 },
  { query: '{ __typename }', extensions: [] },
  { query: '{ __typename }', extensions: 'x' },
  { query: '{ __typename }', extensions: { persistedQuery: { version: 1, sha256Hash: 'ab' } } },
  { extensions: { persistedQuery: { version: 1, sha256Hash: 'ab' } } },
  { query: '{ __typename }', operationName: {} },
  [],
  [{ query: '{ __typename }' }],
  [{ query: '{ __typename }' }, { query: '{ stats { lookups } }' }],
];

/** Bodies that are no such parameters, or written in an unusual way. */
const bodies: readonly (string | Buffer)[] = [
  '',
  ' ',
  'null',
  'true',
  '0',
  '"text"',
  '[]',
  '[null]',
  '{',
  '{}{}',
  '{"query":"{ __typename }",}',
  "{'query':'{ __typename }'}",
  '{"query":"{ __typename }"} ',
  '\n{"query":"{ __typename }"}',
  '\ufeff{"query":"{ __typename }"}',
  '{"query":"{ __typename }","query":"{ stats { lookups } }"}',
  '{"__proto__":{"query":"{ __typename }"}}',
  '{"query":"{ __typename }","__proto__":{"x":1}}',
  '{"query":"{ \\u005f_typename }"}',
  '{"query":"{ a: crawlResult(url: \\"\\ud800\\") { url } }"}',
  '{"query":"{ a: crawlResult(url: \\"https://a.example/\\\\u0000\\") { url } }"}',
  '{"query":"# \u2028\\n{ __typename }"}',
  Buffer.concat([Buffer.from('{"query":"{ __typename } # '), Buffer.from([0xff, 0xfe, 0xc3, 0x28]), Buffer.from('"}')]),
  Buffer.from([0xff, 0x00, 0x80]),
  Buffer.from('{"query":"{ __typename }"}', 'utf16le'),
  `{"query":"${' '.repeat(maxBodyBytes)}"}`,
  `{"query":"{ __typename }${' '.repeat(maxBodyBytes - 26)}"}`,
  `{"query":"{ __typename }${' '.repeat(maxBodyBytes - 25)}"}`,
  `${'['.repeat(20_000)}`,
  `{"query":"{ __typename }","variables":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`,
];

const accepts = [
  '*/*',
  '',
  'application/json',
  'application/graphql-response+json',
  'application/graphql-response+json, application/json;q=0.9',
  'application/json, application/graphql-response+json',
  'application/json;q=0.1, application/graphql-response+json;q=0.9',
  'application/*',
  '*/json',
  'APPLICATION/JSON',
  ' application / json ',
  'application/json; charset=utf-8',
  'application/json; charset=latin1',
  'application/json;charset=UTF-8',
  'text/event-stream',
  'text/event-stream, application/json',
  'application/json, text/event-stream',
  'multipart/mixed',
  'multipart/mixed, application/json',
  'multipart/mixed;deferSpec=20220824, application/graphql-response+json, application/json',
  'multipart/*',
  'text/html',
  'text/*, */*;q=0.1',
  'image/png',
  'nonsense',
  ',,',
  'application',
  'application/json;q=0',
];

const contentTypes = [
  'application/json',
  'application/json;charset=utf-8',
  'application/json; charset=latin1',
  'application/json ; charset=utf-8',
  'Application/JSON',
  ' application/json',
  'application/json, text/plain',
  'application/json;a=b,text/plain',
  'application/graphql+json',
  'application/graphql',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  '',
];

type Request = Omit<Parameters<typeof call>[0], 'port'>;

function postOf(body: string | Buffer, headers: Readonly<Record<string, string>> = {}): Request {
  return { method: 'POST', path: '/graphql', headers: { 'content-type': 'application/json', ...headers }, body };
}

/** Asks both, and compares all that a client can see. */
async function compare(request: Request): Promise<Answer> {
  const [lane, yoga] = await Promise.all([world.lanePort, world.yogaPort].map((port) => call({ port, ...request })));
  if (lane === undefined || yoga === undefined) throw new Error('both answer');
  const name = JSON.stringify(request).slice(0, 300);
  expect(visible(lane), name).toEqual(visible(yoga));
  return lane;
}

function visible({ status, headers: { date, 'x-request-id': _id, ...headers }, body }: Answer): object {
  return { status, headers, body };
}

describe('the direct lane answers as yoga does', () => {
  it('to every operation, in both types of JSON, new, known and compiled', async () => {
    const types = ['application/json', 'application/graphql-response+json'];
    for (const params of operations) {
      for (const accept of [...types, ...types, ...types]) await compare(postOf(JSON.stringify(params), { accept }));
    }
  });

  it('to every body', async () => {
    for (const body of bodies) await compare(postOf(body));
    for (const body of bodies) {
      await compare(postOf(body, { accept: 'application/graphql-response+json', 'transfer-encoding': 'chunked' }));
    }
  });

  it('to a body that is no JSON, saying nothing of the body', async () => {
    for (const body of ['s3cret', '{"query":"s3cret"', "{'s3cret':1}", `{"a":"${'s3cret '.repeat(5000)}`]) {
      const { status, body: answer } = await compare(postOf(body));
      expect(status).toBe(400);
      expect(JSON.parse(answer.toString())).toEqual({
        errors: [{ message: 'POST body sent invalid JSON.', extensions: { code: 'BAD_REQUEST' } }],
      });
    }
  });

  it('under every Accept', async () => {
    const asked = ['{ __typename }', '{ nope }', '{', lookup, '{ crawlResult(url: "x") { url } }'];
    for (const query of asked) {
      for (const accept of accepts) await compare(postOf(JSON.stringify({ query }), { accept }));
      await compare(postOf(JSON.stringify({ query })));
    }
  });

  it('to every Content-Type', async () => {
    for (const type of contentTypes) {
      await compare(postOf('{"query":"{ __typename }"}', { 'content-type': type }));
      await compare(postOf('{"query":', { 'content-type': type }));
    }
  });

  it('to JSON however its type is written', async () => {
    for (const type of ['APPLICATION/JSON', 'Application/Json;Charset=UTF-8', 'application/json ;x=y']) {
      for (const accept of ['*/*', 'text/event-stream']) {
        const answer = await compare(postOf('{"query":"{ __typename }"}', { 'content-type': type, accept }));
        expect(answer.status).toBe(200);
      }
    }
  });

  it('to every method, target and header besides', async () => {
    const body = '{"query":"{ __typename }"}';
    const query = encodeURIComponent('{ __typename }');
    const mutation = encodeURIComponent('mutation { invalidateCrawlResults(urls: ["https://a.example/"]) { url } }');
    for (const request of [
      { path: `/graphql?query=${query}` },
      { path: `/graphql?query=${query}&variables=%7B` },
      { path: `/graphql?query=${mutation}` },
      { path: '/graphql' },
      { method: 'HEAD', path: `/graphql?query=${query}` },
      { ...postOf(body), path: '/graphql?query=%7Bstats%7Blookups%7D%7D' },
      { ...postOf(body), path: '/graphql?' },
      { ...postOf(body), path: '/graphql/' },
      { ...postOf(body), method: 'PUT' },
      { ...postOf(body), method: 'PATCH' },
      { ...postOf(body), method: 'OPTIONS' },
      postOf(body, { 'content-encoding': 'gzip' }),
      postOf(body, { 'content-encoding': 'identity' }),
      postOf(body, { expect: '100-continue' }),
      postOf(body, { 'accept-encoding': 'gzip, br' }),
      postOf(body, { origin: 'https://evil.example' }),
      postOf(body, { cookie: 'a=b', authorization: 'Bearer x' }),
      postOf(body, { 'x-http-method-override': 'GET' }),
      postOf(body, { 'content-length': '26', host: 'localhost' }),
    ]) {
      await compare(request);
    }
  });

  it.each(serverAudits({ url: 'http://127.0.0.1' }).map(({ id, name }) => [name, id]))(
    'to the audit: %s',
    async (_, id) => {
      const [lane, yoga] = await Promise.all(
        [world.lanePort, world.yogaPort].map(async (port) => {
          const audit = serverAudits({ url: `http://127.0.0.1:${port}/graphql` }).find((one) => one.id === id);
          const result = await audit?.fn();
          return result?.status === 'ok' ? 'ok' : `${result?.status}: ${result?.reason}`;
        }),
      );
      expect(lane).toBe(yoga);
    },
  );

  const head = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
  const body = '{"query":"{ __typename }"}';
  it.each([
    ['in many pieces', [`${head}Connection: close\r\nContent-Length: 26\r\n\r\n`, ...body]],
    [
      'chunked',
      [
        `${head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n`,
        `a\r\n${body.slice(0, 10)}\r\n`,
        `10\r\n${body.slice(10)}\r\n0\r\n\r\n`,
      ],
    ],
    [
      'two on one connection',
      [`${head}Content-Length: 26\r\n\r\n${body}${head}Connection: close\r\nContent-Length: 26\r\n\r\n${body}`],
    ],
    ['with a body shorter than it says', [`${head}Connection: close\r\nContent-Length: 20\r\n\r\n${body}`]],
    [
      'with a body longer than it says',
      [
        `${head}Content-Length: 30\r\n\r\n${body}GET `,
        '/graphql?query={__typename} HTTP/1.1\r\nConnection: close\r\n\r\n',
      ],
    ],
    ['with two lengths', [`${head}Content-Length: 26\r\nContent-Length: 27\r\n\r\n${body}`]],
    ['with a length and chunks', [`${head}Content-Length: 26\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`]],
    ['with a length that is none', [`${head}Content-Length: x\r\n\r\n${body}`]],
    [
      'over HTTP/1.0',
      [
        `POST /graphql HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 26\r\n\r\n${body}`,
      ],
    ],
    ['with broken chunks', [`${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n${body}`]],
    [
      'with more in chunks than fits',
      [`${head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n20000\r\n${'x'.repeat(0x20000)}\r\n0\r\n\r\n`],
    ],
  ])('to requests %s', async (_name, pieces) => {
    const heard = await Promise.all(
      [world.lanePort, world.yogaPort].map(async (port) => {
        const connection = await openSocket(port);
        for (const piece of pieces) {
          if (!connection.socket.writable) break;
          await new Promise((resolve) => connection.socket.write(piece, resolve));
        }
        return (await connection.heard).replace(/(Date|x-request-id): .*\r\n/g, '');
      }),
    );
    expect(heard[0]).toBe(heard[1]);
  });
});

describe('a client that goes', () => {
  it.each(['lane', 'yoga'] as const)(
    'in the middle of its body is forgotten by the %s',
    async (way) => {
      const port = way === 'lane' ? world.lanePort : world.yogaPort;
      const { socket, heard } = await openSocket(port);
      const begun =
        'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"query"';
      await new Promise((resolve) => socket.write(begun, resolve));
      socket.resetAndDestroy();
      await heard;
      expect((await call({ port, ...postOf('{"query":"{ __typename }"}') })).status).toBe(200);
    },
    5_000,
  );

  it('before it is answered aborts its operation', async () => {
    let reading: (signal: AbortSignalLike) => void = () => undefined;
    const asked = new Promise<AbortSignalLike>((resolve) => {
      reading = resolve;
    });
    await using other = await startLaneWorld({
      readResults: ({ keys, signal }) => {
        reading(signal);
        return new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(new Map(keys.map((key) => [key, { kind: 'absent' }]))));
        });
      },
    });
    const { socket, heard } = await openSocket(other.lanePort);
    const body = JSON.stringify({ query: lookup, variables: { u: 'https://a.example/' } });
    socket.write(
      `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    const signal = await asked;
    expect(signal.aborted).toBe(false);
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', resolve));
    socket.destroy();
    await aborted;
    expect(signal.reason).toMatchObject({ name: 'AbortError' });
    await heard;
  });
});

describe('answers on one connection', () => {
  const big = `${'é€'.repeat(2_000)}${'x'.repeat(16_000)}`;
  const plain = 'x'.repeat(30_000);
  const titles: Readonly<Record<string, string>> = { 'https://big.example/': big, 'https://plain.example/': plain };
  const message = (url: string, version = '1.1', more = ''): string => {
    const body = JSON.stringify({
      query: 'query ($u: String!) { crawlResult(url: $u) { title } }',
      variables: { u: url },
    });
    return `POST /graphql HTTP/${version}\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`;
  };
  const heardOf = (text: string): (string | undefined)[] =>
    text
      .split(/HTTP\/1\.1 200 OK\r\n/)
      .slice(1)
      .map((answer) => {
        const [head = '', body = ''] = answer.split('\r\n\r\n');
        expect(Number(/content-length: (\d+)/i.exec(head)?.[1])).toBe(Buffer.byteLength(body));
        return JSON.parse(body).data.crawlResult?.title;
      });

  beforeAll(() => {
    for (const [url, title] of Object.entries(titles)) world.fixture.store(recordOf(url, { title }));
  });

  it('come whole and in order, however many were asked at once and however late they are read', async () => {
    const { socket, heard } = await openSocket(world.lanePort);
    socket.setEncoding('utf8');
    socket.pause();
    const each = [...Object.keys(titles), 'https://gone.example/'];
    const asked = Array.from({ length: 120 }, (_, index) => each[index % 3]);
    const last = asked.length - 1;
    socket.write(asked.map((url = '', at) => message(url, '1.1', at === last ? 'Connection: close\r\n' : '')).join(''));
    // Whatever the kernel takes is taken by then; the rest waits in the server.
    for (let times = 0; times < 20; times += 1) await call({ port: world.lanePort, path: '/nothing' });
    socket.resume();
    expect(heardOf(await heard)).toEqual(asked.map((url = '') => titles[url]));
  });

  it('are ended by the end of the connection for HTTP/1.0', async () => {
    for (const [url, title] of Object.entries(titles)) {
      const { socket, heard } = await openSocket(world.lanePort);
      socket.setEncoding('utf8');
      socket.write(message(url, '1.0'));
      expect(heardOf(await heard)).toEqual([title]);
    }
  });

  it('of several pieces are ended by the end of the connection, where that is how it is to end', async () => {
    for (const accept of ['text/event-stream', 'multipart/mixed']) {
      for (const version of ['1.0', '1.1']) {
        const { socket, heard } = await openSocket(world.lanePort);
        socket.setEncoding('utf8');
        const close = version === '1.1' ? 'Connection: close\r\n' : '';
        socket.write(message('https://plain.example/', version, `Accept: ${accept}\r\n${close}`));
        const answer = await heard;
        expect(answer).toContain('{"data":{"crawlResult":{"title":');
        expect(answer).not.toMatch(/keep-alive/i);
        if (version === '1.0') expect(answer).not.toMatch(/chunked/i);
      }
    }
  });

  it('spare those of other connections where a client goes in the middle', async () => {
    const { socket, heard } = await openSocket(world.lanePort);
    socket.write(message('https://big.example/').repeat(50));
    await call({ port: world.lanePort, path: '/nothing' });
    socket.resetAndDestroy();
    await heard;
    const { socket: other, heard: answer } = await openSocket(world.lanePort);
    other.setEncoding('utf8');
    other.write(message('https://plain.example/', '1.1', 'Connection: close\r\n'));
    expect(heardOf(await answer)).toEqual([plain]);
  });
});
