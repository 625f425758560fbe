// Finds the caller whose key was sent, without telling by its time how much of a key was right.
import { hash, timingSafeEqual } from 'node:crypto';
import type { ApiKeyLine } from '../../config/api-key-line.js';
import type { Caller } from '../../domain/caller.js';

/** The caller whose key this is; null where it is nobody's. */
export type FindKey = (key: string) => Caller | null;

/**
 * Makes the finder. Only digests are held and compared: all of them, each in constant time, so neither the place of a key
 * in the list nor a right beginning shows.
 */
export function createFindKey(lines: readonly ApiKeyLine[]): FindKey {
  const known = lines.map(({ name, scope, sha256 }) => ({
    digest: Buffer.from(sha256, 'hex'),
    caller: { name, scope } satisfies Caller,
  }));
  if (known.length === 0) return () => null;
  return (key) => {
    const digest = hash('sha256', key, 'buffer');
    let found: Caller | null = null;
    for (const one of known) if (timingSafeEqual(one.digest, digest)) found = one.caller;
    return found;
  };
}
