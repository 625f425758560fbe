// Requests that HTTP alone answers are counted by their code, each once; the log names them at debug.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { refusalCodes } from '../../src/errors.js';
import { startGateway } from '../support/gateway.js';
import { readMetrics } from '../support/prometheus.js';
import { call, openSocket } from '../support/raw-http.js';
import { ask, lanes } from './two-lanes.js';

const sha256 = (key: string): string => createHash('sha256').update(key).digest('hex');
const keys = `reader:read:${sha256('reader')},writer:write:${sha256('writer')}`;
const read = { authorization: 'Bearer reader' };
const mutation = { query: 'mutation { invalidateCrawlResults(urls: ["https://a.example/"]) { removed } }' };
const body = { query: '{ __typename }' };

/** What was refused, without the codes that nobody heard. */
async function refusedAt(port: number): Promise<Record<string, number>> {
  const series = (await readMetrics(port, read)).series('crawlgate_refused_requests_total');
  expect(Object.keys(series).sort()).toEqual(refusalCodes.map((code) => `code=${code}`).sort());
  return Object.fromEntries(Object.entries(series).filter(([, count]) => count > 0));
}

describe('crawlgate_refused_requests_total', () => {
  it('has every code from the start, and counts each request that is refused once', async () => {
    await using started = await startGateway({
      CRAWLGATE_API_KEYS: keys,
      CRAWLGATE_MAX_BODY_BYTES: '2000',
      CRAWLGATE_MAX_REQUESTS_PER_MINUTE: '30',
      CRAWLGATE_LOG_LEVEL: 'debug',
    });
    const { port } = started;
    expect(await refusedAt(port)).toEqual({});
    const large = JSON.stringify({ query: `{ __typename } #${'x'.repeat(2000)}` });
    for (const lane of lanes) {
      expect((await ask({ port, lane, body })).status).toBe(401);
      expect((await ask({ port, lane, body, key: 'wrong' })).status).toBe(401);
      expect((await ask({ port, lane, body: mutation, key: 'reader' })).status).toBe(403);
      expect((await ask({ port, lane, body: large, key: 'reader' })).status).toBe(413);
      const chunked = { 'transfer-encoding': 'chunked' };
      expect((await ask({ port, lane, body: large, key: 'reader', headers: chunked })).status).toBe(413);
      expect((await ask({ port, lane, body, key: 'reader' })).status).toBe(200);
      expect((await ask({ port, lane, body: { query: '{ nope }' }, key: 'reader' })).status).toBeLessThan(500);
    }
    expect((await call({ port, path: '/metrics' })).status).toBe(401);
    expect((await call({ port, path: '/page/history.json' })).status).toBe(401);
    expect((await call({ port, path: '/health', headers: { host: 'evil.example' } })).status).toBe(403);
    expect((await call({ port, path: '/nowhere' })).status).toBe(404);
    expect((await call({ port, path: '/page/nowhere' })).status).toBe(404);
    expect((await call({ port, method: 'DELETE', path: '/graphql' })).status).toBe(405);
    expect((await call({ port, method: 'POST', path: '/graphql', headers: read, body: 'a=b' })).status).toBe(415);
    for (const nonsense of [
      'nonsense\r\n\r\n',
      `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
    ]) {
      const { socket, heard } = await openSocket(port);
      socket.end(nonsense);
      await heard;
    }
    expect(await refusedAt(port)).toEqual({
      'code=UNAUTHENTICATED': 6,
      'code=FORBIDDEN': 2,
      'code=PAYLOAD_TOO_LARGE': 4,
      'code=HOST_NOT_ALLOWED': 1,
      'code=NOT_FOUND': 2,
      'code=METHOD_NOT_ALLOWED': 1,
      'code=UNSUPPORTED_MEDIA_TYPE': 1,
      'code=BAD_REQUEST': 1,
      'code=HEADERS_TOO_LARGE': 1,
    });
    const told = started.log.filter(({ tag }) => tag === 'REFUSED');
    // All but those that were refused as mutations, which are operations.
    expect(told).toHaveLength(17);
    expect(told[0]).toMatchObject({
      level: 'debug',
      message: 'Refused a request: {code}',
      params: { code: 'UNAUTHENTICATED', address: '127.0.0.1', request_id: expect.any(String) },
    });
    expect(JSON.stringify(started.log)).not.toContain('wrong');
  });
});

describe('guesses of keys', () => {
  it.each(['/metrics', '/page/history.json', `/graphql?query={__typename}`])(
    'are limited at every door: %s',
    async (path) => {
      await using started = await startGateway({ CRAWLGATE_API_KEYS: keys, CRAWLGATE_MAX_REQUESTS_PER_MINUTE: '3' });
      const statusOf = async (at: string, key: string): Promise<number> =>
        (await call({ port: started.port, path: at, headers: { authorization: `Bearer ${key}` } })).status;
      const statuses: number[] = [];
      for (let guess = 0; guess < 5; guess += 1) statuses.push(await statusOf(path, `guess-${guess}`));
      expect(statuses).toEqual([401, 401, 401, 429, 429]);
      for (const other of ['/metrics', '/page/history.json', '/graphql?query={__typename}']) {
        expect([other, await statusOf(other, 'guess')]).toEqual([other, 429]);
        expect([other, await statusOf(other, 'writer')]).toEqual([other, 200]);
      }
    },
  );
});
