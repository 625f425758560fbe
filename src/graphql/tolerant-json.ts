// Reading what crawlers put into JSON: a value of another type than its key promises is null, not an error.
import type { JsonValue } from '../domain/packed-text.js';

/** A JSON object whose keys may be missing. */
export interface LooseObject {
  readonly [key: string]: JsonValue | undefined;
}

/** The value as an object. */
export function objectOf(value: JsonValue | undefined): LooseObject | null {
  return isObject(value) ? value : null;
}

/** The value as a list; empty for anything else. */
export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** The value as a text. */
export function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

/** The value as a number; a text that is one counts. */
export function numberOf(value: JsonValue | undefined): number | null {
  const isNumeric = typeof value === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(value);
  const number = isNumeric ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** The value as a whole number that GraphQL's Int can hold; `"480"` is one, `"100%"` is not. */
export function integerOf(value: JsonValue | undefined): number | null {
  const number = numberOf(value);
  return number !== null && Number.isInteger(number) && Math.abs(number) < 2 ** 31 ? number : null;
}

function isObject(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
