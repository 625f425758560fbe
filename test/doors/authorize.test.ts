// One address that many share, as behind a proxy: what a stranger there takes from callers with tokens, and what not.
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type Authorize, createAuthorize } from '../../src/http/auth/authorize.js';
import { createCallerRate } from '../../src/http/auth/caller-rate.js';
import { createTokens } from '../../src/http/auth/jwt.js';
import { audience, type Issuer, issuer, startIssuer } from './issuer.js';

const maxPerMinute = 3;
const minuteMs = 60_000;

/** A door with a real issuer behind it, and a clock of its own. */
async function openDoor(id: Issuer) {
  let passedMs = 0;
  const startMs = Date.now();
  const authorize: Authorize = createAuthorize({
    findKey: () => null,
    tokens: createTokens(
      { jwksUrl: id.url, issuer, audience, scopeClaim: 'scope' },
      { now: () => startMs + passedMs, onKeysUnavailable: () => undefined },
    ),
    guesses: createCallerRate({ maxPerMinute, elapsed: () => passedMs }),
  });
  const socket = new Socket();
  /** 200 where it is let in. */
  const statusOf = async (key?: string): Promise<number> => {
    const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const entry = await authorize({ headers, socket }, 'read');
    return entry.kind === 'entered' ? 200 : entry.refusal.status;
  };
  const pass = (ms: number): void => {
    passedMs += ms;
  };
  /** Wrong ones until the address may guess no more. */
  const guessToTheLimit = async (): Promise<void> => {
    for (let guess = 0; guess <= maxPerMinute; guess += 1) await statusOf('guess');
    expect(await statusOf('guess')).toBe(429);
  };
  return { statusOf, pass, guessToTheLimit };
}

it('a verifier that cannot be loaded leaves tokens unverifiable, and is loaded anew for the next', async () => {
  const told: unknown[] = [];
  const config = { jwksUrl: 'none', issuer, audience, scopeClaim: 'scope' };
  const tokens = createTokens(config, { now: Date.now, onKeysUnavailable: (error) => told.push(error) });
  expect([await tokens.verify('a.b.c'), await tokens.verify('a.b.c')]).toEqual(['unverifiable', 'unverifiable']);
  expect(new Set(told).size).toBe(2);
});

describe('at an address that guesses without end', () => {
  it('a token that was verified once is let in until it expires, however long ago that was', async () => {
    await using id = await startIssuer();
    const { statusOf, pass, guessToTheLimit } = await openDoor(id);
    const known = await id.sign({});
    expect(await statusOf(known)).toBe(200);
    for (let minute = 1; minute < 10; minute += 1) {
      pass(minuteMs + 1);
      await guessToTheLimit();
      expect(await statusOf(known)).toBe(200);
    }
    pass(minuteMs + 1);
    await guessToTheLimit();
    expect(await statusOf(known)).toBe(429);
  });

  it('a token that nobody verified is not verified', async () => {
    await using id = await startIssuer();
    const { statusOf, pass, guessToTheLimit } = await openDoor(id);
    await guessToTheLimit();
    expect(await statusOf(await id.sign({}))).toBe(429);
    expect(id.asked()).toBe(0);
    pass(minuteMs + 1);
    expect(await statusOf(await id.sign({}))).toBe(200);
  });
});

describe('requests without a key', () => {
  it('are limited by address, and are no guesses', async () => {
    await using id = await startIssuer();
    const { statusOf } = await openDoor(id);
    const statuses: number[] = [];
    for (let one = 0; one < 5; one += 1) statuses.push(await statusOf());
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    expect(await statusOf(await id.sign({}))).toBe(200);
    expect(await statusOf('guess')).toBe(401);
  });
});

describe('while the issuer cannot be reached', () => {
  it('every token is told so, and none counts as a guess', async () => {
    const gone = await startIssuer();
    const { statusOf } = await openDoor(gone);
    const token = await gone.sign({});
    await gone[Symbol.asyncDispose]();
    const statuses: number[] = [];
    for (let one = 0; one < 5; one += 1) statuses.push(await statusOf(token));
    expect(statuses).toEqual([503, 503, 503, 503, 503]);
    expect(await statusOf('guess')).toBe(401);
  });

  it('it is asked for its keys once a second at most, however many tokens come', async () => {
    await using id = await startIssuer();
    const { statusOf, pass } = await openDoor(id);
    const token = await id.sign({});
    id.answerWith(500);
    for (let one = 0; one < 5; one += 1) expect(await statusOf(token)).toBe(503);
    expect(id.asked()).toBe(1);
    pass(1_000);
    expect(await statusOf(token)).toBe(503);
    expect(id.asked()).toBe(2);
    id.answerWith(200);
    expect(await statusOf(token)).toBe(503);
    pass(1_000);
    expect(await statusOf(token)).toBe(200);
  });
});
