// Callers with a JWT, from outside, with a real issuer's JWKS over HTTP.
import { generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StartedGateway, startGateway } from '../support/gateway.js';
import { call } from '../support/raw-http.js';
import { audience, type Claims, type Issuer, issuer, now, startIssuer } from './issuer.js';
import { ask, codesOf, lanes } from './two-lanes.js';

const lookup = { query: '{ crawlResult(url: "https://a.example/") { url } }' };
const remove = { query: 'mutation { invalidateCrawlResults(urls: ["https://a.example/"]) { removed } }' };

let id: Issuer;
let started: StartedGateway;
const settings = { CRAWLGATE_JWT_ISSUER: issuer, CRAWLGATE_JWT_AUDIENCE: audience };
beforeAll(async () => {
  id = await startIssuer();
  started = await startGateway({ ...settings, CRAWLGATE_JWKS_URL: id.url });
});
afterAll(async () => {
  await started[Symbol.asyncDispose]();
  await id[Symbol.asyncDispose]();
});

describe.each(lanes)('a JWT through the %s', (lane) => {
  const statusOf = async (token: string, body: object = lookup): Promise<number> =>
    (await ask({ port: started.port, lane, body, key: token })).status;

  it.each([
    ['read', 200, 403],
    ['openid crawlgate:read', 200, 403],
    ['read write', 200, 200],
    ['crawlgate:admin', 200, 200],
  ])('with the scope %j reads: %i, writes: %i', async (scope, reads, writes) => {
    const token = await id.sign({ scope });
    expect([await statusOf(token), await statusOf(token, remove)]).toEqual([reads, writes]);
  });

  it('may carry its scopes as a list', async () => {
    expect(await statusOf(await id.sign({ scope: ['read', 'write'] }), remove)).toBe(200);
  });

  it.each<[string, Claims]>([
    ['of another issuer', { iss: 'https://evil.example/' }],
    ['for another audience', { aud: 'other' }],
    ['that has expired', { exp: now() - 60 }],
    ['that is not valid yet', { nbf: now() + 600 }],
    ['that never expires', { exp: undefined }],
    ['without a scope of ours', { scope: 'email profile readwrite' }],
    ['without scopes', { scope: undefined }],
  ])('%s is nobody’s', async (_, claims) => {
    const answer = await ask({ port: started.port, lane, body: lookup, key: await id.sign(claims) });
    expect([answer.status, codesOf(answer)]).toEqual([401, ['UNAUTHENTICATED']]);
  });

  it('signed by somebody else, by a shared secret, or not at all, is nobody’s', async () => {
    const other = await generateKeyPair('ES256');
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { iss: issuer, aud: audience, scope: 'admin', exp: now() + 600 };
    const tokens = [
      await id.sign({}, { key: other.privateKey }),
      await id.sign({}, { alg: 'HS256', key: new Uint8Array(32) }),
      await id.sign({}, { kid: 'k2' }),
      `${part({ alg: 'none' })}.${part(claims)}.`,
      `${(await id.sign({})).slice(0, -2)}AA`,
      'a.b.c',
    ];
    for (const token of tokens) expect(await statusOf(token)).toBe(401);
  });
});

it('keys are fetched once for many tokens', async () => {
  const before = id.asked();
  for (let one = 0; one < 20; one += 1) {
    const key = await id.sign({ sub: `caller-${one}` });
    expect((await ask({ port: started.port, lane: 'direct lane', body: lookup, key })).status).toBe(200);
  }
  expect(id.asked() - before).toBeLessThanOrEqual(1);
});

it('an address that has guessed as often as it may has no signature verified; whom it knows already is let in', async () => {
  const asked = id.asked();
  await using strict = await startGateway({
    ...settings,
    CRAWLGATE_JWKS_URL: id.url,
    CRAWLGATE_MAX_REQUESTS_PER_MINUTE: '3',
  });
  const statusAt = async (key: string): Promise<number> =>
    (await ask({ port: strict.port, lane: 'direct lane', body: lookup, key })).status;
  const known = await id.sign({ sub: 'early' });
  expect(await statusAt(known)).toBe(200);
  expect(id.asked() - asked).toBe(1);
  const forged = `${known.slice(0, -2)}AA`;
  expect([await statusAt(forged), await statusAt('a.b.c'), await statusAt('guess')]).toEqual([401, 401, 401]);
  const late = await id.sign({ sub: 'late' });
  expect([await statusAt(late), await statusAt(forged), await statusAt(known)]).toEqual([429, 429, 200]);
  expect(
    (await call({ port: strict.port, path: '/metrics', headers: { authorization: `Bearer ${late}` } })).status,
  ).toBe(429);
});

it('an issuer that cannot be reached is 503, not a wrong token, and said once, not as a bug of the gateway', async () => {
  const gone = await startIssuer();
  const key = await gone.sign({});
  await gone[Symbol.asyncDispose]();
  await using cut = await startGateway({ ...settings, CRAWLGATE_JWKS_URL: gone.url });
  const answer = await ask({ port: cut.port, lane: 'direct lane', body: lookup, key });
  expect([answer.status, codesOf(answer), answer.headers['retry-after']]).toEqual([503, ['KEYS_UNAVAILABLE'], '5']);
  expect((await ask({ port: cut.port, lane: 'direct lane', body: lookup, key })).status).toBe(503);
  expect(cut.notices.filter((notice) => notice.includes('CRAWLGATE_JWKS_URL'))).toHaveLength(1);
  expect(cut.log.filter(({ tag }) => tag === 'UNEXPECTED_ERROR')).toEqual([]);
});
