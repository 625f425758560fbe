// JSON text as Python's json.dumps writes it, which is JSON but for NaN and the infinities.
import type { JsonValue } from '../domain/packed-text.js';

/** The value of a JSON text; NaN, Infinity and -Infinity outside of strings are null. Undefined where it is no JSON. */
export function parsePythonJson(text: string): JsonValue | undefined {
  const value = parse(text);
  return value === undefined && /NaN|Infinity/.test(text) ? parse(withoutNaN(text)) : value;
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function withoutNaN(text: string): string {
  return text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?Infinity|NaN/gs, (token) => (token.startsWith('"') ? token : 'null'));
}
