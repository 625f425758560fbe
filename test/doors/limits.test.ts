// Rates, bodies and cost, from outside; what a document may be is in hostile.test.ts, room for all of them in room.test.ts.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { startGateway } from '../support/gateway.js';
import { call } from '../support/raw-http.js';
import { ask, codesOf, lanes } from './two-lanes.js';

const keys = ['reader', 'writer']
  .map((key) => `${key}:${key === 'reader' ? 'read' : 'write'}:${createHash('sha256').update(key).digest('hex')}`)
  .join();
const body = { query: '{ __typename }' };

describe.each(lanes)('through the %s', (lane) => {
  it('a caller may ask so often in a minute; another has a minute of its own', async () => {
    await using started = await startGateway({ CRAWLGATE_API_KEYS: keys, CRAWLGATE_MAX_REQUESTS_PER_MINUTE: '3' });
    const asked = (key?: string) => ask({ port: started.port, lane, body, key });
    for (let one = 0; one < 3; one += 1) expect((await asked('reader')).status).toBe(200);
    const refused = await asked('reader');
    expect([refused.status, codesOf(refused)]).toEqual([429, ['TOO_MANY_REQUESTS']]);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect((await asked('writer')).status).toBe(200);
    const guesses = [];
    for (let one = 0; one < 4; one += 1) guesses.push((await asked('guess')).status);
    expect(guesses).toEqual([401, 401, 401, 429]);
    expect((await asked('writer')).status).toBe(200);
    expect((await call({ port: started.port, path: '/health' })).status).toBe(200);
  });

  it('who may write may send more than who may read, told by length or found out', async () => {
    await using started = await startGateway({
      CRAWLGATE_API_KEYS: keys,
      CRAWLGATE_MAX_BODY_BYTES: '2000',
      CRAWLGATE_MAX_RESULT_BYTES: '4000',
    });
    const sized = (bytes: number): string => JSON.stringify({ query: `{ __typename } #${'x'.repeat(bytes)}` });
    const statusOf = async (bytes: number, key: string, headers = {}): Promise<number> =>
      (await ask({ port: started.port, lane, body: sized(bytes), key, headers })).status;
    const chunked = { 'transfer-encoding': 'chunked' };
    expect(await statusOf(1900, 'reader')).toBe(200);
    expect(await statusOf(2001, 'reader')).toBe(413);
    expect(await statusOf(2001, 'reader', chunked)).toBe(413);
    expect(await statusOf(7900, 'writer')).toBe(200);
    expect(await statusOf(8001, 'writer')).toBe(413);
    expect(await statusOf(8001, 'writer', chunked)).toBe(413);
  });

  it.each<[string, string, number]>([
    ['a lookup', '{ crawlResult(url: "a") { url } }', 1],
    ['a large field more', '{ crawlResult(url: "a") { url html } }', 11],
    ['the same field under two names', '{ crawlResult(url: "a") { a: html b: html } }', 11],
    ['a list', 'query ($u: [String!]!) { crawlResults(urls: $u) { title } }', 20],
    ['a list with a large field', 'query ($u: [String!]!) { crawlResults(urls: $u) { html } }', 220],
    ['a whole result', '{ crawlResult(url: "a") { crawl4ai html etag } }', 50],
    ['a page', '{ crawlFeed(first: 30) { edges { node { url html } } } }', 10 + 30 * 11],
    [
      'a page and a list',
      '{ crawlFeed { edges { node { url } } } crawlResults(urls: ["a", "b"]) { pdf } }',
      10 + 20 + 22,
    ],
    [
      'what a directive leaves out',
      'query ($no: Boolean = false) { crawlResult(url: "a") { url html @include(if: $no) } }',
      1,
    ],
    [
      'what a directive does not',
      'query ($yes: Boolean = true) { crawlResult(url: "a") { url html @include(if: $yes) } }',
      11,
    ],
  ])('%s costs what it reads', async (_, query, cost) => {
    const u = Array.from({ length: 20 }, (__, index) => `https://a.example/${index}`);
    // The least limit that there is; more of the same until it is passed.
    const times = Math.floor(100 / cost) + 1;
    const more = query.replace(
      /\{(.*)\}$/,
      (__, inside: string) =>
        `{ ${Array.from({ length: times }, (___, index) => inside.replaceAll(/(crawl\w+)/g, `a${index}$1: $1`)).join(' ')} }`,
    );
    await using started = await startGateway({
      CRAWLGATE_MAX_COST: '100',
      CRAWLGATE_MAX_ALIASES: '1000',
      CRAWLGATE_MAX_DIRECTIVES: '1000',
    });
    const answer = await ask({ port: started.port, lane, body: { query: more, variables: { u } } });
    expect(JSON.parse(answer.body)).toEqual({
      errors: [{ message: expect.any(String), extensions: { code: 'TOO_COSTLY', limit: 100, given: cost * times } }],
    });
    expect(started.calls).toEqual([]);
  });
});
