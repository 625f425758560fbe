// Numbers and digests that depend on nothing but a text: what a crawl would make different every time stays the same here.
import { createHash } from 'node:crypto';

/** The first `length` hex digits of the text's SHA-256. */
export function stableDigest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}

/** A whole number from 0 up to, not including, `below`. */
export function stableNumber(text: string, below: number): number {
  return Number.parseInt(stableDigest(text, 12), 16) % below;
}
