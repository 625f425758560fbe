// JSON text as Python's json.dumps writes it, which is JSON but for NaN, the infinities and whole numbers of any length.
import type { JsonValue } from '../../domain/packed-text.js';
import { numberOf } from './attribute-json.js';

/**
 * The value of a JSON text; NaN, Infinity and -Infinity outside of strings are null, and a number that no double can hold
 * is its digits as a text. Undefined where it is no JSON.
 */
export function parsePythonJson(text: string): JsonValue | undefined {
  const value = parse(text);
  if (value === undefined) return /NaN|Infinity/.test(text) ? parse(rewritten(text)) : undefined;
  return longNumber.test(text) ? parse(rewritten(text)) : value;
}

// More digits than a double holds, where a number may stand. Inside a string it costs a second look, nothing else.
const longNumber = /(?:^|[:[,])\s*-?(?:\d{16}|\d+\.\d{17})/;

// A string that never ends is one token too: looking for its end again from every later quote would take minutes.
const token = /"[^"\\]*(?:\\.[^"\\]*)*"?|-?Infinity|NaN|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;

function rewritten(text: string): string {
  return text.replace(token, (found) => {
    if (found.startsWith('"')) return found;
    if (/[NI]/.test(found)) return 'null';
    const number = numberOf(found);
    return typeof number === 'string' ? `"${number}"` : found;
  });
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
