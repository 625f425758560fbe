// JSON text as Python's json.dumps writes it, which is JSON but for NaN, the infinities and whole numbers of any length.
import { numberOf } from './exact-number.js';
import type { JsonValue } from './packed-text.js';

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

/** Levels that a value may nest: JSON.stringify overflows its stack near 5,000 and would take the answer with it. */
export const maxJsonDepth = 2000;

/** Whether a value nests at most `levels` deep; JSON.parse takes any depth. */
export function isWithinDepth(value: JsonValue, levels: number = maxJsonDepth): boolean {
  if (value === null || typeof value !== 'object') return true;
  if (levels === 0) return false;
  if (Array.isArray(value)) return value.every((element: JsonValue) => isWithinDepth(element, levels - 1));
  const members = value as Readonly<Record<string, JsonValue>>;
  for (const name in members) if (!isWithinDepth(members[name] ?? null, levels - 1)) return false;
  return true;
}
