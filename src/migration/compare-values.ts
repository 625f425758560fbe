// Whether two stores say the same of a field, as far as they can.
import type { JsonValue } from '../domain/packed-text.js';

/** Characters of a value that a report shows. */
const shownLength = 60;

/** `{}`, `[]`, `""`, null and nothing at all are equal, at any depth; the order of keys says nothing. */
export function isEqualValue(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return JSON.stringify(normal(a ?? null)) === JSON.stringify(normal(b ?? null));
}

/** A value on one line, shortened. */
export function shown(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length <= shownLength ? text : `${text.slice(0, shownLength)}… (${text.length} characters)`;
}

/** Null for whatever is empty; keys in order, those of empty values left out. */
function normal(value: JsonValue): JsonValue {
  if (value === '' || value === null || typeof value !== 'object') return value === '' ? null : value;
  if (Array.isArray(value)) return value.length === 0 ? null : value.map((element: JsonValue) => normal(element));
  const members = Object.entries(value as { readonly [key: string]: JsonValue })
    .map(([key, member]): [string, JsonValue] => [key, normal(member)])
    .filter(([, member]) => member !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return members.length === 0 ? null : Object.fromEntries(members);
}
