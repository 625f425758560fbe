// What web pages of other origins can do: nothing, unless their origin is named.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StartedGateway, startGateway } from '../support/gateway.js';
import { call } from '../support/raw-http.js';
import { ask, codesOf, lanes } from './two-lanes.js';

const named = 'https://dash.example.com';
const preflight = (origin: string) => ({
  origin,
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'authorization,content-type',
});
const corsNames = (headers: object): readonly string[] =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-'));

let started: StartedGateway;
beforeAll(async () => {
  started = await startGateway({ CRAWLGATE_CORS_ORIGINS: `${named}, http://localhost:3000` });
});
afterAll(() => started[Symbol.asyncDispose]());

describe('a page of a named origin', () => {
  it('may ask: its preflight says what it may send', async () => {
    const answer = await call({ port: started.port, method: 'OPTIONS', path: '/graphql', headers: preflight(named) });
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': named,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': expect.stringMatching(/authorization, content-type/),
      'access-control-max-age': '600',
      vary: 'origin',
    });
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
  });

  it.each(lanes)('may read the answer of the %s, and a refusal too', async (lane) => {
    for (const query of ['{ stats { lookups } }', '{ nope }', '{']) {
      const answer = await ask({ port: started.port, lane, body: { query }, headers: { origin: named } });
      expect(answer.headers).toMatchObject({ 'access-control-allow-origin': named, vary: 'origin' });
    }
    const refused = await call({ port: started.port, method: 'POST', path: '/graphql', headers: { origin: named } });
    expect(refused).toMatchObject({ status: 415, headers: { 'access-control-allow-origin': named } });
  });
});

it('every answer at /graphql says that it differs by origin, GraphiQL and large answers too', async () => {
  const ofType = 'query { __type(name: "Query") { fields { description args { description } } } }';
  const many = `{ ${Array.from({ length: 40 }, (_, index) => `a${index}: ${ofType.slice(8, -2)}`).join(' ')} }`;
  const page = await call({ port: started.port, path: '/graphql', headers: { accept: 'text/html' } });
  const etag = page.headers.etag ?? '';
  const answers = [
    page,
    await call({ port: started.port, path: '/graphql', headers: { accept: 'text/html', 'if-none-match': etag } }),
    await call({ port: started.port, path: '/graphql?query={__typename}' }),
    await call({ port: started.port, method: 'PUT', path: '/graphql' }),
    await ask({ port: started.port, lane: 'direct lane', body: { query: many } }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 304, 200, 405, 200]);
  expect(answers.at(-1)?.body.length).toBeGreaterThan(32_768);
  expect(answers.map(({ headers }) => headers.vary)).toEqual([
    'origin, Accept-Encoding, Accept',
    'origin, Accept-Encoding, Accept',
    'origin',
    'origin',
    'origin, accept-encoding',
  ]);
});

describe.each(['https://evil.example', 'null', `${named}.evil.example`, 'http://dash.example.com', `${named}:8443`])(
  'a page of %s',
  (origin) => {
    it('is told nothing that a browser would let it read', async () => {
      const asked = [
        await call({ port: started.port, method: 'OPTIONS', path: '/graphql', headers: preflight(origin) }),
        await ask({ port: started.port, lane: 'direct lane', body: { query: '{ __typename }' }, headers: { origin } }),
      ];
      expect(asked.map(({ headers }) => [corsNames(headers), headers.vary])).toEqual([
        [[], 'origin'],
        [[], 'origin'],
      ]);
    });
  },
);

it('without a named origin there is no header of CORS', async () => {
  await using closed = await startGateway();
  const answer = await call({ port: closed.port, method: 'OPTIONS', path: '/graphql', headers: preflight(named) });
  expect(answer.status).toBe(204);
  expect(corsNames(answer.headers)).toEqual([]);
  expect(answer.headers.vary).toBeUndefined();
});

describe('a request that a browser sends without asking first', () => {
  const mutation = 'mutation { invalidateCrawlResults(urls: ["https://a.example/"]) { removed } }';
  const json = JSON.stringify({ query: mutation });

  it.each([
    ['a form', 'application/x-www-form-urlencoded', `query=${encodeURIComponent(mutation)}`],
    ['plain text that is JSON', 'text/plain', json],
    ['plain text that claims to be JSON', 'text/plain; application/json', json],
    ['two types at once', 'text/plain, application/json', json],
    [
      'a multipart form',
      'multipart/form-data; boundary=x',
      `--x\r\ncontent-disposition: form-data; name="query"\r\n\r\n${mutation}\r\n--x--`,
    ],
    ['GraphQL as a type', 'application/graphql', mutation],
    ['no type', '', json],
  ])('mutates nothing: %s', async (_, type, body) => {
    const before = started.calls.length;
    const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
    const answer = await call({ port: started.port, method: 'POST', path: '/graphql', headers, body });
    expect(answer.status).toBe(415);
    expect(codesOf(answer)).toEqual(['UNSUPPORTED_MEDIA_TYPE']);
    expect(started.calls).toHaveLength(before);
  });

  it.each(['GET', 'HEAD'])('mutates nothing by %s', async (method) => {
    const before = started.calls.length;
    const path = `/graphql?query=${encodeURIComponent(mutation)}`;
    expect((await call({ port: started.port, method, path })).status).toBe(405);
    expect(started.calls).toHaveLength(before);
  });
});
