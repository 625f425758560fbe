// Whether two writes say the same: a hash over everything that a crawler gave.
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { NewResult } from '../../domain/write-many.js';

/** Characters hashed between two turns of the event loop. */
const sliceLength = 1_048_576;

/** SHA-256 as 16 hex digits, over fields in the order of their names, scalars and their absence included. */
export async function contentHash(result: NewResult): Promise<string> {
  const hash = createHash('sha256');
  hash.update(
    JSON.stringify([
      result.success,
      result.statusCode,
      result.redirectedStatusCode,
      result.markdownIsText,
      [...result.nullScalars].sort(),
      [...result.derivedFields].sort(),
    ]),
  );
  for (const name of [...result.fields.keys()].sort()) {
    const value = result.fields.get(name) ?? null;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    hash.update(`\n${name} ${typeof value} ${text.length}\n`);
    for (let start = 0; start < text.length; start += sliceLength) {
      // UTF-16, so that a lone surrogate is told from the character that stands for it in UTF-8.
      hash.update(Buffer.from(text.slice(start, start + sliceLength), 'utf16le'));
      if (text.length > sliceLength) await nextTurn();
    }
  }
  return hash.digest('hex').slice(0, 16);
}
