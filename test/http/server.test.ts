// The HTTP edge: what reaches GraphQL, what is answered before it, and how it ends.
import { once } from 'node:events';
import { Agent, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { anyone } from '../../src/domain/caller.js';
import { authorizeAnyone } from '../../src/http/auth/authorize.js';
import { createHostPolicy } from '../../src/http/host-policy.js';
import { createProbes } from '../../src/http/probes.js';
import { createRoom } from '../../src/http/room.js';
import { createHttpServer, type HttpServer, type HttpServerDeps } from '../../src/http/server.js';
import { silentEvents } from '../../src/observability/events.js';
import { noPage } from '../support/no-page.js';
import { call, openSocket, post } from '../support/raw-http.js';

const servers: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close(0)));
});

interface Started {
  readonly port: number;
  readonly server: HttpServer;
  /** What reached GraphQL. */
  readonly reached: { method: string | undefined; url: string | undefined; body: string | null }[];
  readonly errors: unknown[];
}

async function start(changed: Partial<HttpServerDeps> = {}): Promise<Started> {
  const reached: Started['reached'] = [];
  const errors: unknown[] = [];
  const server = createHttpServer({
    handleGraphql: async (incoming, response, { body }) => {
      const { method, url } = incoming;
      reached.push({ method, url, body });
      response.setHeader('content-type', 'application/json');
      response.end('{"data":{}}');
    },
    graphiqlPage: {
      respond: async () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: Buffer.from('<page>') }),
    },
    authorize: authorizeAnyone,
    allowOrigin: null,
    admit: () => ({ kind: 'entered', caller: anyone }),
    room: createRoom({ maxInFlight: 1000, maxBodiesBytes: 10_000_000 }),
    maxConnections: 1000,
    maxBodyBytes: 1000,
    page: noPage,
    maxWriterBodyBytes: 1000,
    headersTimeoutMs: 15_000,
    bodyTimeoutMs: 120_000,
    probes: createProbes({ checkReady: async () => null, now: () => 0, elapsed: () => 0 }),
    hostPolicy: createHostPolicy({ isLoopback: true, publicHosts: [] }),
    events: { ...silentEvents, unexpectedError: ({ error }) => errors.push(error) },
    ...changed,
  });
  servers.push(server);
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  return { port, server, reached, errors };
}

/** The one code of a refusal. */
function codeOf(body: string): string {
  return JSON.parse(body).errors[0].extensions.code;
}

describe('a path', () => {
  it('is /graphql, which hands a POST with its body to GraphQL', async () => {
    const { port, reached } = await start();
    const answer = await post(port, '{ a }');
    expect(answer).toMatchObject({ status: 200, body: '{"data":{}}' });
    expect(reached).toEqual([{ method: 'POST', url: '/graphql', body: '{"query":"{ a }"}' }]);
  });

  it('is exact: nothing in the query string makes it another one', async () => {
    const { port, reached } = await start();
    const body = '{"query":"{ a }"}';
    const headers = { 'content-type': 'application/json' };
    await call({ port, method: 'POST', path: '/graphql?x=/health', headers, body });
    await call({ port, path: '/graphql?query=%7Ba%7D&x=/health' });
    expect(reached).toEqual([
      { method: 'POST', url: '/graphql', body },
      { method: 'GET', url: '/graphql?query=%7Ba%7D&x=/health', body: null },
    ]);
  });

  it.each(['/graphql/', '/GraphQL', '/health/', '/ready/x', '/graphql%2f', '//graphql', '/x/health', '/favicon.ico'])(
    'like %s is nothing: 404 as JSON',
    async (path) => {
      const { port, reached } = await start();
      const answer = await call({ port, path });
      expect(answer).toMatchObject({ status: 404, headers: { 'content-type': 'application/json; charset=utf-8' } });
      expect(codeOf(answer.body)).toBe('NOT_FOUND');
      expect(reached).toEqual([]);
    },
  );

  it('of / leads to /graphql where the page was not built', async () => {
    const { port } = await start();
    expect(await call({ port })).toMatchObject({ status: 302, headers: { location: '/graphql' } });
  });

  it.each([
    ['DELETE', '/graphql', 'GET, HEAD, POST, OPTIONS'],
    ['PUT', '/graphql', 'GET, HEAD, POST, OPTIONS'],
    ['POST', '/health', 'GET, HEAD, OPTIONS'],
    ['POST', '/', 'GET, HEAD, OPTIONS'],
  ])('answers %s %s with 405 and what it takes', async (method, path, allow) => {
    const { port } = await start();
    const answer = await call({ port, method, path });
    expect(answer).toMatchObject({ status: 405, headers: { allow } });
    expect(codeOf(answer.body)).toBe('METHOD_NOT_ALLOWED');
  });

  it('answers OPTIONS with what it takes, and allows no other origin anything', async () => {
    const { port } = await start();
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const answer = await call({ port, method: 'OPTIONS', path: '/graphql', headers });
    expect(answer).toMatchObject({ status: 204, headers: { allow: 'GET, HEAD, POST, OPTIONS' } });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('may be given as a whole URL', async () => {
    const { port, reached } = await start();
    expect(await call({ port, path: `http://localhost:${port}/graphql?query=x` })).toMatchObject({ status: 200 });
    expect(await call({ port, path: `http://localhost:${port}` })).toMatchObject({ status: 302 });
    expect(reached).toMatchObject([{ url: '/graphql?query=x' }]);
  });

  it('answers HEAD as GET without the body', async () => {
    const { port, reached } = await start();
    expect(await call({ port, method: 'HEAD', path: '/health' })).toMatchObject({ status: 200, body: '' });
    expect(await call({ port, method: 'HEAD', path: '/graphql?query=x' })).toMatchObject({ status: 200, body: '' });
    expect(reached).toMatchObject([{ method: 'GET' }]);
  });

  it('answers everything with headers that forbid guessing types and passing on addresses', async () => {
    const { port } = await start();
    const safe = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'x-request-id': 'mine' };
    for (const path of ['/', '/health', '/nothing', '/graphql?query=x']) {
      const { headers } = await call({ port, path, headers: { 'x-request-id': 'mine' } });
      expect(headers).toMatchObject(safe);
    }
  });
});

describe('GraphiQL', () => {
  const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

  it('is what a browser gets', async () => {
    const { port } = await start();
    expect(await call({ port, path: '/graphql', headers: browser })).toMatchObject({ status: 200, body: '<page>' });
  });

  it('is not what a browser gets that asks a query', async () => {
    const { port, reached } = await start();
    await call({ port, path: '/graphql?query=%7Ba%7D', headers: browser });
    expect(reached).toHaveLength(1);
  });

  it.each(['*/*', 'application/json', 'text/html;q=0, application/json', ''])(
    'is not what a client gets that accepts %j',
    async (accept) => {
      const { port, reached } = await start();
      await call({ port, path: '/graphql', headers: { accept } });
      expect(reached).toHaveLength(1);
    },
  );
});

describe('a body', () => {
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonx'])(
    'of %s is refused with 415 before it is read',
    async (type) => {
      const { port, reached } = await start();
      const answer = await post(port, 'mutation { a }', { 'content-type': type });
      expect(answer).toMatchObject({ status: 415, headers: { accept: 'application/json' } });
      expect(codeOf(answer.body)).toBe('UNSUPPORTED_MEDIA_TYPE');
      expect(reached).toEqual([]);
    },
  );

  it('of no type is refused with 415', async () => {
    const { port } = await start();
    expect(await call({ port, method: 'POST', path: '/graphql', body: '{}' })).toMatchObject({ status: 415 });
  });

  it('of JSON with a charset is taken', async () => {
    const { port } = await start();
    const headers = { 'content-type': 'Application/JSON ; charset=utf-8' };
    expect(await post(port, '{ a }', headers)).toMatchObject({ status: 200 });
  });

  it('whose sender takes no type that answers have is refused with 406 before it is run', async () => {
    const { port, reached } = await start();
    for (const accept of ['text/html', 'image/png, application/xml', 'application/json; charset=latin1']) {
      const answer = await post(port, 'mutation { a }', { accept });
      expect(answer).toMatchObject({ status: 406 });
      expect(codeOf(answer.body)).toBe('NOT_ACCEPTABLE');
      expect(await call({ port, path: '/graphql?query=%7Ba%7D', headers: { accept } })).toMatchObject({ status: 406 });
    }
    expect(reached).toEqual([]);
    for (const accept of ['*/*', 'text/html, */*;q=0.1', 'text/event-stream', 'multipart/mixed', 'application/*']) {
      expect(await post(port, '{ a }', { accept })).toMatchObject({ status: 200 });
    }
  });

  it('that is compressed is refused with 415', async () => {
    const { port } = await start();
    expect(await post(port, '{ a }', { 'content-encoding': 'gzip' })).toMatchObject({ status: 415 });
  });

  it('that says it is over the limit is refused with 413, and the connection goes on', async () => {
    const { port, reached } = await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const send = (body: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const options = { agent, port, host: '127.0.0.1', method: 'POST', path: '/graphql' };
        request({ ...options, headers: { 'content-type': 'application/json', 'content-length': body.length } })
          .on('response', (response) => response.resume().on('end', () => resolve(response.statusCode)))
          .on('error', reject)
          .end(body);
      });
    expect(await send('x'.repeat(200_000))).toBe(413);
    expect(await send('{}')).toBe(200);
    expect(reached).toHaveLength(1);
    agent.destroy();
  });

  it('is not asked for where it is announced as too large', async () => {
    const { port } = await start();
    const { socket, heard } = await openSocket(port);
    const head =
      'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n';
    socket.write(`${head}Content-Length: 2000\r\nConnection: close\r\n\r\n`);
    expect(await heard).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('is asked for where it is announced and fits', async () => {
    const { port } = await start();
    const { socket, heard } = await openSocket(port);
    const head =
      'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n';
    socket.write(`${head}Content-Length: 2\r\nConnection: close\r\n\r\n`);
    socket.once('data', () => socket.write('{}'));
    expect(await heard).toMatch(/^HTTP\/1\.1 100 .*HTTP\/1\.1 200 /s);
  });
});

describe('a host', () => {
  const names = [
    'localhost',
    'localhost:4000',
    'LocalHost.',
    'app.localhost:1',
    '127.0.0.1',
    '127.9.9.9:80',
    '[::1]:4000',
  ];
  const foreign = [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.1',
    'localhost@evil',
    '[::2]',
  ];

  it.each(names)('of %s is this machine', async (host) => {
    const { port } = await start();
    expect(await call({ port, path: '/health', headers: { host } })).toMatchObject({ status: 200 });
  });

  it.each(foreign)(
    'of %s is refused on a loopback address: it may be a web page that points its name here',
    async (host) => {
      const { port, reached } = await start();
      const answer = await post(port, '{ a }', { host });
      expect(answer.status).toBe(403);
      expect(codeOf(answer.body)).toBe('HOST_NOT_ALLOWED');
      expect(await call({ port, path: '/health', headers: { host } })).toMatchObject({ status: 403 });
      expect(reached).toEqual([]);
    },
  );

  it('in the request line counts more than the header', async () => {
    const { port } = await start();
    expect(await call({ port, path: 'http://evil.example/health' })).toMatchObject({ status: 403 });
  });

  it('that is configured is answered too, on any port', async () => {
    const hostPolicy = createHostPolicy({ isLoopback: true, publicHosts: ['crawl.example.com'] });
    const { port } = await start({ hostPolicy });
    const headers = { host: 'Crawl.Example.com:8443' };
    expect(await call({ port, path: '/health', headers })).toMatchObject({ status: 200 });
  });

  it.each([
    [[], 'anything.example', '10.0.0.7', false],
    [[], '10.0.0.7', '10.0.0.7', true],
    [['crawl.example.com'], 'crawl.example.com', '10.0.0.7', true],
    [['crawl.example.com'], 'other.example', '10.0.0.7', false],
    [['crawl.example.com'], '10.0.0.7:4000', '::ffff:10.0.0.7', true],
    [['crawl.example.com'], '10.0.0.8', '10.0.0.7', false],
    [['crawl.example.com'], '[fd00::1]:4000', 'fd00::1', true],
    [['crawl.example.com'], 'localhost', '127.0.0.1', true],
  ])('on an open address with public hosts %j: %s at %s is answered: %s', (publicHosts, host, address, expected) => {
    expect(createHostPolicy({ isLoopback: false, publicHosts })(host, address)).toBe(expected);
  });
});

describe('the probes', () => {
  it('say in JSON that the process lives and that it can answer', async () => {
    const clock = { elapsed: 0 };
    const probes = createProbes({
      checkReady: async () => {
        clock.elapsed += 2.5;
        return null;
      },
      now: () => Date.UTC(2026, 4, 1),
      elapsed: () => clock.elapsed,
    });
    const { port } = await start({ probes });
    const health = await call({ port, path: '/health?verbose=1' });
    expect(health).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect(JSON.parse(health.body)).toEqual({
      status: 'healthy',
      response_time_ms: 0,
      timestamp: '2026-05-01T00:00:00.000Z',
      error: null,
    });
    const ready = await call({ port, path: '/ready' });
    expect(JSON.parse(ready.body)).toMatchObject({ status: 'healthy', response_time_ms: 2.5, error: null });
  });

  it('answer 503 with the reason where the store cannot be read, while the process lives', async () => {
    const probes = createProbes({ checkReady: async () => 'STORE_UNAVAILABLE: no', now: () => 0, elapsed: () => 0 });
    const { port } = await start({ probes });
    const ready = await call({ port, path: '/ready' });
    expect(ready.status).toBe(503);
    expect(JSON.parse(ready.body)).toMatchObject({ status: 'unhealthy', error: 'STORE_UNAVAILABLE: no' });
    expect(await call({ port, path: '/health' })).toMatchObject({ status: 200 });
  });

  it('ask the store once in a second while it can be read, and each time while it cannot', async () => {
    const clock = { elapsed: 0 };
    const answers = [null, 'down', 'down', null];
    const asked: (string | null)[] = [];
    const checkReady = async (): Promise<string | null> => {
      const answer = answers[asked.length] ?? null;
      asked.push(answer);
      return answer;
    };
    const { port } = await start({ probes: createProbes({ checkReady, now: () => 0, elapsed: () => clock.elapsed }) });
    const statuses: number[] = [];
    for (const passed of [0, 0, 999, 1, 0, 0, 0]) {
      clock.elapsed += passed;
      statuses.push((await call({ port, path: '/ready' })).status);
    }
    expect(statuses).toEqual([200, 200, 200, 503, 503, 200, 200]);
    expect(asked).toEqual(answers);
  });

  it('make one check for all who ask at the same time', async () => {
    let checks = 0;
    const checkReady = async (): Promise<null> => {
      checks += 1;
      return null;
    };
    const clock = { elapsed: 0 };
    const probes = createProbes({ checkReady, now: () => 0, elapsed: () => clock.elapsed });
    await Promise.all([probes.ready(), probes.ready(), probes.ready()]);
    expect(checks).toBe(1);
    clock.elapsed = 1_000;
    await probes.ready();
    expect(checks).toBe(2);
  });
});

describe('what is no proper request', () => {
  it.each([
    ['no HTTP at all', 'nonsense\r\n\r\n', 400, 'BAD_REQUEST'],
    ['HTTP/1.1 without a host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400, null],
    ['no path', 'GET x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', 400, 'BAD_REQUEST'],
    [
      'endless headers',
      `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
      'BAD_REQUEST',
    ],
  ])('(%s) is answered and the connection closed', async (_, text, status, code) => {
    const { port, errors } = await start();
    const { socket, heard } = await openSocket(port);
    socket.write(text);
    const answer = await heard;
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    if (code !== null) expect(codeOf(answer.slice(answer.indexOf('\r\n\r\n')))).toBe(code);
    expect(errors).toEqual([]);
  });

  it('does not get into an answer under way on its connection', async () => {
    const { port } = await start({
      handleGraphql: (_, response) => {
        response.writeHead(200, { 'content-length': 10 });
        response.write('12345');
        return undefined;
      },
    });
    const { socket, heard } = await openSocket(port);
    socket.write('GET /graphql?query=x HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'data');
    socket.write('nonsense\r\n\r\n');
    expect((await heard).match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});

describe('a failure of what is behind', () => {
  it('is one sentence outside and told inside', async () => {
    const failure = new Error('secret detail');
    const { port, errors } = await start({
      handleGraphql: async () => {
        throw failure;
      },
    });
    const answer = await post(port, '{ a }');
    expect(answer.status).toBe(500);
    expect(JSON.parse(answer.body)).toEqual({
      errors: [{ message: 'Unexpected error.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    });
    expect(errors).toEqual([failure]);
  });
});

describe('closing', () => {
  /** A GraphQL that answers when told to, and tells when it was asked. */
  function slowGraphql() {
    let askedOne = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      askedOne = resolve;
    });
    const open: ServerResponse[] = [];
    return {
      asked,
      open,
      handleGraphql: (_: IncomingMessage, response: ServerResponse) => {
        open.push(response);
        askedOne();
        return undefined;
      },
    };
  }

  it('lets a request under way be answered, and tells its client not to keep the connection', async () => {
    const { asked, open, handleGraphql } = slowGraphql();
    const { port, server } = await start({ handleGraphql });
    const answered = post(port, '{ slow }', { connection: 'keep-alive' });
    await asked;
    const closed = server.close(60_000);
    open[0]?.end('{"data":"late"}');
    expect(await answered).toMatchObject({ status: 200, body: '{"data":"late"}', headers: { connection: 'close' } });
    await closed;
  });

  it('lets an answer be finished whose headers have gone out already', async () => {
    const { asked, open, handleGraphql } = slowGraphql();
    const { port, server } = await start({ handleGraphql });
    const { socket, heard } = await openSocket(port);
    socket.write('GET /graphql?query=x HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await asked;
    open[0]?.writeHead(200, { 'content-length': 4 });
    open[0]?.write('ab');
    await once(socket, 'data');
    const closed = server.close(60_000);
    open[0]?.end('cd');
    expect(await heard).toMatch(/abcd$/);
    await closed;
  });

  it('accepts nobody new', async () => {
    const { port, server } = await start();
    await server.close(0);
    await expect(post(port, '{ a }')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('closes idle connections at once, those on which nothing was ever asked too', async () => {
    const { port, server } = await start();
    const silent = await openSocket(port);
    const used = await openSocket(port);
    used.socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(used.socket, 'data');
    await server.close(60_000);
    expect(await silent.heard).toBe('');
    expect(await used.heard).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('cuts off what is not answered within its limit', async () => {
    const { asked, handleGraphql } = slowGraphql();
    const { port, server } = await start({ handleGraphql });
    const answered = post(port, '{ never }').catch((error: unknown) => error);
    await asked;
    await server.close(1);
    expect(await answered).toMatchObject({ code: 'ECONNRESET' });
  });

  it('may be asked for twice', async () => {
    const { server } = await start();
    await Promise.all([server.close(0), server.close(60_000)]);
  });
});
