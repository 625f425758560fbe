// Callers with a JWT: signed by a key of the issuer's JWKS, for this audience, with one of our scopes.
import { hash } from 'node:crypto';
import type { FetchImplementation } from 'jose';
import { LRUCache } from 'lru-cache';
import type { JwtConfig } from '../../config/doors.js';
import { type Caller, highestScope } from '../../domain/caller.js';

/** Who sent a token: a caller; `unknown` for a token that does not count; `unverifiable` where its keys cannot be had. */
export type TokenHolder = Caller | 'unknown' | 'unverifiable';

/** Tells whose tokens are. */
export interface Tokens {
  /** The caller of a token that was verified lately; null of any other. */
  recall(token: string): Caller | null;
  /** Whether a token was verified before and has not expired: as far back as memory goes, and it is no guess. */
  wasVerified(token: string): boolean;
  /** Verifies a token; does not reject. */
  verify(token: string): Promise<TokenHolder>;
}

/** What the verifier takes besides its settings. */
export interface TokensDeps {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told why the issuer's keys cannot be had. */
  readonly onKeysUnavailable: (error: unknown) => void;
}

/** Signatures of public keys only: a shared secret in a JWKS would let its readers sign. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
/** Verifying takes some 0.1 ms: tokens that come again are remembered this long at most, and never beyond their `exp`. */
const rememberMs = 60_000;
const maxRemembered = 10_000;
/** Seconds that the clocks of issuer and gateway may differ. */
const clockTolerance = 5;
/** Milliseconds for the JWKS to come, and from one fetch of it to the next that an unknown key may cause. */
const fetchMs = 5_000;
const cooldownMs = 30_000;
/** The same from one that failed: tokens in an issuer's outage are no guesses, and must not come down upon it. */
const pauseMs = 1_000;

/** Makes the verifier. Neither the library nor the keys are loaded before the first token comes. */
export function createTokens(config: JwtConfig, { now, onKeysUnavailable }: TokensDeps): Tokens {
  // Digests, so that no token lies in memory longer than its request.
  const remembered = new LRUCache<string, Remembered>({ max: maxRemembered });
  let verifier: Promise<Verifier> | undefined;

  async function verify(token: string): Promise<TokenHolder> {
    verifier ??= loadVerifier(config, now);
    const verdict = await verifier.then(
      (judge) => judge(token),
      (error: unknown): Verdict => {
        // Too many files open, perhaps: it may be loaded a moment later.
        verifier = undefined;
        return { kind: 'unavailable', error };
      },
    );
    if (verdict.kind === 'unavailable') {
      onKeysUnavailable(verdict.error);
      return 'unverifiable';
    }
    if (verdict.kind === 'wrong') {
      remembered.delete(digestOf(token));
      return 'unknown';
    }
    const { caller, exp = Number.POSITIVE_INFINITY } = verdict;
    const expiresMs = exp * 1000;
    remembered.set(digestOf(token), { caller, expiresMs, untilMs: Math.min(expiresMs, now() + rememberMs) });
    return caller;
  }

  return {
    verify,
    recall(token) {
      const known = remembered.get(digestOf(token));
      return known !== undefined && now() < known.untilMs ? known.caller : null;
    },
    wasVerified(token) {
      const known = remembered.get(digestOf(token));
      return known !== undefined && now() < known.expiresMs;
    },
  };
}

interface Remembered {
  readonly caller: Caller;
  /** Milliseconds since 1970: taken as verified until then, and known to have been verified until it expires. */
  readonly untilMs: number;
  readonly expiresMs: number;
}

function digestOf(token: string): string {
  return hash('sha256', token, 'base64');
}

type Verdict =
  | { readonly kind: 'right'; readonly caller: Caller; readonly exp: number | undefined }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'unavailable'; readonly error: unknown };

type Verifier = (token: string) => Promise<Verdict>;

async function loadVerifier(config: JwtConfig, now: () => number): Promise<Verifier> {
  const { createRemoteJWKSet, customFetch, errors, jwtVerify } = await import('jose');
  const keys = createRemoteJWKSet(new URL(config.jwksUrl), {
    timeoutDuration: fetchMs,
    cooldownDuration: cooldownMs,
    [customFetch]: pausingFetch(now),
  });
  const { issuer, audience, scopeClaim } = config;
  return async (token) => {
    try {
      const rules = {
        issuer,
        audience,
        algorithms,
        clockTolerance,
        currentDate: new Date(now()),
        requiredClaims: ['exp'],
      };
      const { payload } = await jwtVerify(token, keys, rules);
      const scope = highestScope(wordsOf(payload[scopeClaim]));
      // A token of ours without a scope of ours may do nothing at all, not even be told so.
      if (scope === null) return { kind: 'wrong' };
      return { kind: 'right', caller: { name: nameOf(payload), scope }, exp: payload.exp };
    } catch (error) {
      const isVerdict =
        error instanceof errors.JOSEError &&
        !(error instanceof errors.JWKSTimeout) &&
        !(error instanceof errors.JWKSInvalid) &&
        error.code !== 'ERR_JOSE_GENERIC';
      return isVerdict ? { kind: 'wrong' } : { kind: 'unavailable', error };
    }
  };
}

/** `fetch`, which fails for `pauseMs` after it failed, as it did then. */
function pausingFetch(now: () => number): FetchImplementation {
  let failure: { readonly atMs: number; readonly error: unknown } | null = null;
  return async (url, options) => {
    const sinceMs = failure === null ? pauseMs : now() - failure.atMs;
    // Less than nothing: the clock was set back.
    if (failure !== null && sinceMs >= 0 && sinceMs < pauseMs) throw failure.error;
    try {
      const response = await fetch(url, options);
      if (!response.ok) {
        await response.body?.cancel();
        throw new Error(`it answered ${response.status}`);
      }
      failure = null;
      return response;
    } catch (error) {
      failure = { atMs: now(), error };
      throw error;
    }
  };
}

/** Space-separated, as OAuth has `scope`, or a list, as most have `roles` and `permissions`. */
function wordsOf(claim: unknown): readonly string[] {
  if (typeof claim === 'string') return claim.split(/\s+/);
  return Array.isArray(claim) ? claim.filter((word): word is string => typeof word === 'string') : [];
}

/** The subject; for a machine's token that has none, its client. */
function nameOf({ sub, client_id, azp }: { readonly [claim: string]: unknown }): string {
  const name = [sub, client_id, azp].find((one): one is string => typeof one === 'string' && one !== '');
  return `jwt:${name ?? 'no-subject'}`.slice(0, 200);
}
