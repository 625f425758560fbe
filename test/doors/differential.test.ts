// Callers of every kind, hostile and ordinary questions, both lanes: no answer differs.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isWithinAge, type StoredResult, selectRecord } from '../../src/domain/crawl-result.js';
import type { Recall } from '../../src/domain/read-many.js';
import type { ResultKey } from '../../src/domain/result-key.js';
import { createAdmission } from '../../src/http/admission.js';
import { createFindKey } from '../../src/http/auth/api-keys.js';
import { createAuthorize } from '../../src/http/auth/authorize.js';
import { createRecordingWriters, recordOf } from '../graphql/gateway-fixture.js';
import { type LaneWorld, postRaw, startLaneWorld, textOf } from '../http/lane-world.js';
import { hostileBodies } from './hostile-bodies.js';

const url = 'https://a.example/';
const ordinary: readonly object[] = [
  { query: '{ __typename }' },
  { query: 'query ($u: String!) { crawlResult(url: $u) { url html cache { age } } }', variables: { u: url } },
  {
    query: 'query ($u: [String!]!) { crawlResults(urls: $u) { url title } }',
    variables: { u: [url, 'nonsense', 'https://b.example/'] },
  },
  {
    query: `query A { __typename } mutation B { invalidateCrawlResults(urls: ["${url}"]) { removed } }`,
    operationName: 'A',
  },
  {
    query: `query A { __typename } mutation B { invalidateCrawlResults(urls: ["${url}"]) { removed } }`,
    operationName: 'B',
  },
  { query: `mutation { cacheCrawlResults(results: [{ url: "${url}", success: true }]) { stored error { code } } }` },
  { query: 'mutation ($u: [String!]!) { invalidateCrawlResults(urls: $u) { url removed } }', variables: { u: [url] } },
  { query: 'mutation ($u: [String!]!) { invalidateCrawlResults(urls: $u) { url removed } }', variables: { u: 7 } },
  { query: '{ stats { lookups } health { status } }' },
];
const bodies = [...ordinary.map((body) => JSON.stringify(body)), ...hostileBodies.map(({ body }) => body)];

let world: LaneWorld;
/** Memory that holds all of the store: without it no parts of answers are kept ready. */
const recallResults: Recall<ResultKey, StoredResult> = {
  answer(key, { outcome, maxAge }, atMs) {
    const known = world.fixture.results.get(key);
    if (known?.kind !== 'found' || maxAge === null) return known;
    const record = selectRecord(known.value, outcome, atMs);
    return record === null || isWithinAge(record, maxAge, atMs) ? known : undefined;
  },
  used: () => undefined,
};
beforeAll(async () => {
  const lines = (['read', 'write', 'admin'] as const).map((scope) => ({
    name: scope,
    scope,
    sha256: createHash('sha256').update(scope).digest('hex'),
  }));
  const authorize = createAuthorize({ findKey: createFindKey(lines), tokens: null, guesses: null });
  const admit = createAdmission({ authorize, rate: null });
  world = await startLaneWorld({ writers: createRecordingWriters().writers, recallResults }, admit);
  world.fixture.store(recordOf(url, { title: 'A', fields: new Map([['html', '<p>']]) }));
});
afterAll(() => world[Symbol.asyncDispose]());

async function answerOf(port: number, body: string, headers: Readonly<Record<string, string>>) {
  const answer = await postRaw(port, body, headers);
  const { 'content-type': type, 'www-authenticate': challenge, 'retry-after': after } = answer.headers;
  return { status: answer.status, type, challenge, after, body: textOf(answer) };
}

describe.each([[undefined], ['wrong'], ['read'], ['write'], ['admin']])('with the key %s', (key) => {
  it.each([url, 'https://b.example/', 'nonsense'])(
    'the answer for %s is the same once the operation is compiled and its parts are ready',
    async (asked) => {
      const headers = { accept: 'application/json', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) };
      const query = 'query($u:String!){crawlResult(url:$u){url title}}';
      const body = JSON.stringify({ query, variables: { u: asked } });
      const plain = await answerOf(world.yogaPort, body, headers);
      expect(plain.body).toMatch(key === undefined || key === 'wrong' ? /UNAUTHENTICATED/ : /crawlResult/);
      for (let round = 0; round < 6; round += 1) expect(await answerOf(world.lanePort, body, headers)).toEqual(plain);
    },
  );

  it.each(['application/json', 'application/graphql-response+json'])(
    'every answer in %s is the same from the lane, cold and warm, and from yoga',
    { timeout: 60_000 },
    async (accept) => {
      const headers = { accept, ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) };
      const different: string[] = [];
      for (const body of bodies) {
        const plain = await answerOf(world.yogaPort, body, headers);
        for (const round of ['first', 'second']) {
          const lane = await answerOf(world.lanePort, body, headers);
          if (JSON.stringify(lane) === JSON.stringify(plain)) continue;
          different.push(
            `${round} ${body.slice(0, 120)}: ${JSON.stringify(lane).slice(0, 300)} / ${JSON.stringify(plain).slice(0, 300)}`,
          );
        }
      }
      expect(different).toEqual([]);
    },
  );
});
