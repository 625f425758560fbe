// Documents for the writing tests: made from few facts, so that what comes back can be told from what went in.
import { createHash } from 'node:crypto';
import type { JsonValue } from '../../../src/domain/packed-text.js';

/** A document as Crawl4AI prints it. */
export type Doc = Record<string, JsonValue> & { readonly url: string };

/** The n-th second of an hour, as Python writes moments. */
export function at(second: number): string {
  if (second >= 3600) throw new RangeError(`an hour has no second ${second}`);
  const minute = String(Math.floor(second / 60)).padStart(2, '0');
  return `2026-11-23T11:${minute}:${String(second % 60).padStart(2, '0')}.000001+00:00`;
}

/** A success of that second. */
export function page(url: string, second: number, more: Readonly<Record<string, JsonValue>> = {}): Doc {
  return { url, success: true, status_code: 200, html: `<p>${second}</p>`, created_at: at(second), ...more };
}

/** A failure of that second. */
export function failed(url: string, second: number, more: Readonly<Record<string, JsonValue>> = {}): Doc {
  return { url, success: false, status_code: 503, error_message: 'down', html: '', created_at: at(second), ...more };
}

/** Text that hardly compresses, the same for the same seed. */
export function noise(length: number, seed: string): string {
  const chunks: string[] = [];
  for (let made = 0, block = seed; made < length; made += 88) {
    block = createHash('sha512').update(block).digest('base64');
    chunks.push(block);
  }
  return chunks.join('').slice(0, length);
}

/** Rounds of a race: as many as the file says, or as TEST_ROUNDS does. */
export function rounds(usual: number): number {
  const told = Number(process.env.TEST_ROUNDS ?? '');
  return Number.isInteger(told) && told > 0 ? told : usual;
}

/** Random numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
