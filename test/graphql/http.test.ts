// The server over fetch: which requests it takes, and what becomes of those whose time is up.

import { auditServer } from 'graphql-http';
import { describe, expect, it, vi } from 'vitest';
import type { AbortSignalLike } from '../../src/domain/abort.js';
import { CrawlgateError } from '../../src/errors.js';
import { createContextFactory } from '../../src/graphql/context.js';
import { createGatewaySchema } from '../../src/graphql/schema.js';
import { createGatewayYoga } from '../../src/graphql/yoga.js';
import { silentEvents } from '../../src/observability/events.js';
import { createFixture, createRecordingWriters } from './gateway-fixture.js';

const endpoint = 'http://gateway/graphql';
const invalidate = 'mutation { invalidateCrawlResults(urls: ["https://a.example/"]) { removed } }';

describe('the server', () => {
  it('passes the audits of the GraphQL over HTTP specification', async () => {
    const { yoga } = createFixture();
    const results = await auditServer({ url: endpoint, fetchFn: yoga.fetch });
    expect(results.filter(({ status }) => status !== 'ok').map((result) => `${result.status}: ${result.name}`)).toEqual(
      [],
    );
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/graphql',
    'application/graphql+json',
    'application/jsonp',
    '',
  ])('refuses a POST of %j with 415 and runs nothing', async (type) => {
    const { calls, writers } = createRecordingWriters();
    const { yoga } = createFixture({ writers });
    const response = await yoga.fetch(endpoint, {
      method: 'POST',
      headers: type === '' ? {} : { 'content-type': type },
      body: Buffer.from(JSON.stringify({ query: invalidate })),
    });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
    expect(calls.other).toEqual([]);
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'application/json;charset=UTF-8'])(
    'takes a POST of %s',
    async (type) => {
      const { yoga } = createFixture();
      const body = JSON.stringify({ query: '{ stats { lookups } }' });
      const response = await yoga.fetch(endpoint, { method: 'POST', headers: { 'content-type': type }, body });
      expect(await response.json()).toEqual({ data: { stats: { lookups: 1 } } });
    },
  );

  it('refuses a mutation by GET with 405 and runs nothing', async () => {
    const { calls, writers } = createRecordingWriters();
    const { yoga } = createFixture({ writers });
    const response = await yoga.fetch(`${endpoint}?query=${encodeURIComponent(invalidate)}`);
    expect(response.status).toBe(405);
    expect(calls.other).toEqual([]);
  });

  it('answers broken JSON in the parameters of a GET with 400', async () => {
    const gateway = createFixture();
    const response = await gateway.yoga.fetch(`${endpoint}?query={stats{lookups}}&variables={`);
    expect(response.status).toBe(400);
    expect(gateway.unexpected).toEqual([]);
  });

  it('refuses lists of operations', async () => {
    const { yoga } = createFixture();
    const body = JSON.stringify([{ query: '{ stats { lookups } }' }]);
    const headers = { 'content-type': 'application/json' };
    expect((await yoga.fetch(endpoint, { method: 'POST', headers, body })).status).toBe(400);
  });

  it('refuses a body over its limit with 413', async () => {
    const { services } = createFixture();
    const yoga = createGatewayYoga({ schema: createGatewaySchema(), services, maxBodyBytes: 100 });
    const body = JSON.stringify({ query: `{ stats { lookups } } #${'x'.repeat(100)}` });
    const headers = { 'content-type': 'application/json' };
    expect((await yoga.fetch(endpoint, { method: 'POST', headers, body })).status).toBe(413);
  });

  it('has no health check of its own that could swallow a query, no GraphiQL, no CORS header', async () => {
    const { yoga } = createFixture();
    const body = JSON.stringify({ query: '{ stats { lookups } }' });
    const headers = { 'content-type': 'application/json', origin: 'https://evil.example' };
    const response = await yoga.fetch(`${endpoint}?x=/health`, { method: 'POST', headers, body });
    expect(await response.json()).toEqual({ data: { stats: { lookups: 1 } } });
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    const page = await yoga.fetch(endpoint, { headers: { accept: 'text/html' } });
    expect(await page.text()).not.toContain('<html');
  });
});

describe('the signal of an operation', () => {
  function createTimers() {
    const timers: { ms: number; due: () => void; stopped: boolean }[] = [];
    const startTimer = (ms: number, due: () => void) => {
      const timer = { ms, due, stopped: false };
      timers.push(timer);
      return () => {
        timer.stopped = true;
      };
    };
    return { timers, startTimer };
  }

  it('aborts at the deadline with DEADLINE_EXCEEDED', () => {
    const { timers, startTimer } = createTimers();
    const { signal } = createContextFactory({ services: createFixture().services, startTimer })({});
    expect([timers[0]?.ms, signal.aborted]).toEqual([10_000, false]);
    timers[0]?.due();
    expect(signal.reason).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  });

  it('aborts when the client goes, also when it went before', () => {
    const createContext = createContextFactory({ services: createFixture().services, ...createTimers() });
    const client = new AbortController();
    const { signal } = createContext({ request: client });
    client.abort('gone');
    expect(signal.reason).toBe('gone');
    expect(createContext({ request: client }).signal.aborted).toBe(true);
  });

  it('leaves neither timer nor listener once the operation is answered', async () => {
    const { timers, startTimer } = createTimers();
    const { services } = createFixture();
    const yoga = createGatewayYoga({ schema: createGatewaySchema(), services, maxBodyBytes: 1000, startTimer });
    const client = new AbortController();
    const listeners = { added: 0, removed: 0 };
    const { addEventListener, removeEventListener } = client.signal;
    client.signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listeners.added += 1;
      addEventListener.apply(client.signal, args);
    };
    client.signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listeners.removed += 1;
      removeEventListener.apply(client.signal, args);
    };
    const context = createContextFactory({ services, startTimer })({ request: client });
    expect([timers.length, listeners.added]).toEqual([0, 0]);
    expect(context.signal.aborted).toBe(false);
    context.release();
    context.release();
    expect(listeners).toEqual({ added: 1, removed: 1 });
    client.abort();
    expect(context.signal.aborted).toBe(false);
    await yoga.fetch(`${endpoint}?query={stats{lookups}}`);
    await yoga.fetch(`${endpoint}?query=query($u:String!){crawlResult(url:$u){url}}`);
    expect(timers).toHaveLength(3);
    expect(timers.every(({ stopped }) => stopped)).toBe(true);
  });

  it('reaches the readers: a lookup whose client has gone is told so', async () => {
    const client = new AbortController();
    let seen: AbortSignalLike | undefined;
    const { yoga } = createFixture({
      readResults: async ({ keys, signal }) => {
        seen = signal;
        client.abort();
        return new Map(keys.map((key) => [key, { kind: 'absent' }]));
      },
    });
    const query = encodeURIComponent('{ crawlResult(url: "https://a.example/") { url } }');
    await Promise.resolve(yoga.fetch(`${endpoint}?query=${query}`, { signal: client.signal })).catch(() => undefined);
    expect(seen?.aborted).toBe(true);
  });

  it('is no error of the operation: it is told as abandoned, with no code', async () => {
    const client = new AbortController();
    const told: unknown[] = [];
    const { yoga } = createFixture({
      events: { ...silentEvents, operation: ({ outcome, codes }) => told.push([outcome, codes]) },
      readFeed: async () => {
        client.abort();
        throw new CrawlgateError('DEADLINE_EXCEEDED', 'Nobody waits.', {});
      },
    });
    const query = encodeURIComponent('{ crawlFeed { edges { node { url } } } }');
    const fetched = (async () => yoga.fetch(`${endpoint}?query=${query}`, { signal: client.signal }))();
    await fetched.catch(() => undefined);
    await vi.waitFor(() => expect(told).toHaveLength(1));
    expect(told).toEqual([['abandoned', []]]);
  });
});
