// The one door: who sends this request, and may they do what it asks for.
import type { IncomingMessage } from 'node:http';
import { anyone, type Caller, insufficientScope, mayDo, type Scope } from '../../domain/caller.js';
import { type Refusal, tooManyRequests } from '../refusal.js';
import type { FindKey } from './api-keys.js';
import { addressOf, type CallerRate } from './caller-rate.js';
import type { Tokens } from './jwt.js';

/** A request that is let in, or what it is answered. */
export type Entry =
  | { readonly kind: 'entered'; readonly caller: Caller }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Judges a request by its headers alone. At once, but for a token that was not seen lately; it does not reject. */
export type Authorize = (request: Sender, scope: Scope) => Entry | Promise<Entry>;

type Sender = Pick<IncomingMessage, 'headers' | 'socket'>;

/** Lets everybody in. */
export const authorizeAnyone: Authorize = () => anyonesEntry;

const anyonesEntry: Entry = { kind: 'entered', caller: anyone };

/**
 * Lets those in who send a known key or a token that counts, as `Authorization: Bearer …`. Who does not is counted by its
 * address: guessing must not be free, and must not cost a caller its own minute. An address that has guessed as often as it
 * may is answered 429 before a signature is verified for it; keys, and tokens that were verified before, are let in from
 * it: behind a proxy everybody has that address. So requests without a key are counted apart, as they guess nothing, and
 * a token that cannot be verified for want of the issuer's keys is not counted at all.
 */
export function createAuthorize(deps: {
  readonly findKey: FindKey;
  readonly tokens: Tokens | null;
  /** Null where anybody may guess as often as they like. */
  readonly guesses: CallerRate | null;
}): Authorize {
  const { findKey, tokens, guesses } = deps;
  const entries = new WeakMap<Caller, Entry>();

  function entryOf(caller: Caller, scope: Scope): Entry {
    if (!mayDo(caller, scope)) return forbidden(scope);
    let entry = entries.get(caller);
    if (entry === undefined) {
      entry = { kind: 'entered', caller };
      entries.set(caller, entry);
    }
    return entry;
  }

  function guessed(request: Sender): Entry {
    return counted(unknownKey, addressOf(request));
  }

  function counted(entry: Entry, sender: string): Entry {
    const seconds = guesses === null ? null : guesses.count(sender);
    return seconds === null ? entry : { kind: 'refused', refusal: tooManyRequests(seconds) };
  }

  async function entryOfToken(token: string, request: Sender, scope: Scope, { verify }: Tokens): Promise<Entry> {
    const holder = await verify(token);
    if (holder === 'unknown') return guessed(request);
    return holder === 'unverifiable' ? unverifiable : entryOf(holder, scope);
  }

  return (request, scope) => {
    const sent = bearerOf(request.headers.authorization);
    if (sent === null) return counted(noKey, `without a key, ${addressOf(request)}`);
    const known = findKey(sent);
    if (known !== null) return entryOf(known, scope);
    // Three parts between dots: everything else was a key.
    if (tokens === null || sent.split('.', 4).length !== 3) return guessed(request);
    const verified = tokens.recall(sent);
    if (verified !== null) return entryOf(verified, scope);
    return guesses?.look(addressOf(request)) == null || tokens.wasVerified(sent)
      ? entryOfToken(sent, request, scope, tokens)
      : guessed(request);
  };
}

/** https://www.rfc-editor.org/rfc/rfc6750#section-2.1; the scheme's case does not matter. */
function bearerOf(authorization: string | undefined): string | null {
  if (authorization === undefined || authorization.slice(0, 7).toLowerCase() !== 'bearer ') return null;
  const sent = authorization.slice(7).trim();
  return sent === '' ? null : sent;
}

// What a caller is told who is none says nothing of what is behind the door, nor which part of a key was wrong.

const noKey = unauthenticated(
  'This gateway answers known callers: send a key or token as "Authorization: Bearer …".',
  '',
);
const unknownKey = unauthenticated(
  'The key or token that was sent is not one of this gateway.',
  ', error="invalid_token"',
);

function unauthenticated(message: string, parameters: string): Entry {
  const headers = { 'www-authenticate': `Bearer realm="crawlgate"${parameters}` };
  return { kind: 'refused', refusal: { status: 401, code: 'UNAUTHENTICATED', message, headers } };
}

const unverifiable: Entry = {
  kind: 'refused',
  refusal: {
    status: 503,
    code: 'KEYS_UNAVAILABLE',
    message: 'The token cannot be verified now: the keys of its issuer cannot be had.',
    headers: { 'retry-after': '5' },
  },
};

function forbidden(scope: Scope): Entry {
  const refusal = {
    status: 403,
    code: 'FORBIDDEN',
    message: `This takes a key or token with the scope ${scope}.`,
    facts: { scope },
    headers: { 'www-authenticate': insufficientScope(scope) },
  } as const;
  return { kind: 'refused', refusal };
}
