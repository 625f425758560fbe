// How large a result is, by one rule for every writer.
import type { FieldValue } from './crawl-result.js';
import type { FieldName } from './fields.js';
import { PackedText } from './packed-text.js';

/**
 * Bytes of the fields' UTF-8 text, before any packing: a text counts as itself, any other value as compact JSON, an
 * explicit null as nothing. Null where a field is packed: then only the writer knew.
 */
export function sizeOfFields(fields: ReadonlyMap<FieldName, FieldValue>, added: ReadonlySet<string>): number | null {
  let bytes = 0;
  for (const [name, value] of fields) {
    if (value instanceof PackedText) return null;
    if (value === null || added.has(name)) continue;
    bytes += Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value));
  }
  return bytes;
}

const cutLength = 100_000;
const cutSuffix = '...[TRUNCATED]';

/** Whether a text is exactly what the older writers left of a longer one: 100,000 characters (code points) and a mark. */
export function isCutShort(text: string): boolean {
  if (!text.endsWith(cutSuffix)) return false;
  const kept = text.length - cutSuffix.length;
  if (kept < cutLength || kept > 2 * cutLength) return false;
  let characters = 0;
  for (const _ of text.slice(0, kept)) characters += 1;
  return characters === cutLength;
}
