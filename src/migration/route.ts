// Which of the two stores a URL lives in while results move from one to the other.
import { createHash } from 'node:crypto';
import type { UrlKey } from '../domain/url-key.js';

/** A store of the hybrid. */
export type Home = 'dynamodb' | 'sqlite';

/** 0 to 99: the first four bytes of SHA-256 of the URL, big-endian, modulo 100. The same everywhere and for ever. */
export function bucketOf(url: string): number {
  return createHash('sha256').update(url).digest().readUInt32BE(0) % 100;
}

/** The home of a URL at so many per cent. Raising the percentage never moves a URL back. */
export function homeOf(url: UrlKey, migrationPct: number): Home {
  if (migrationPct <= 0) return 'sqlite';
  return migrationPct >= 100 || bucketOf(url) < migrationPct ? 'dynamodb' : 'sqlite';
}
