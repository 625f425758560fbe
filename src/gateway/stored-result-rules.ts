// What the memory tier must know of results: their size, what they answer, how long, and how two readings are joined.
import { type CrawlResult, isWithinAge, type StoredResult, selectRecord } from '../domain/crawl-result.js';
import { includes } from '../domain/fields.js';
import { mergeStored } from '../domain/merge-results.js';
import { type JsonValue, PackedText } from '../domain/packed-text.js';
import type { Want } from '../domain/read-many.js';
import { compactStored } from './compact-stored.js';

/** Bytes of a record's own object with its small attributes. */
const recordBytes = 600;
/** Bytes of one field's place in the map, and of the value's own object. */
const fieldBytes = 80;

/** Bytes that a result takes in memory: an estimate, on the high side. */
export function sizeOfStored({ success, failure }: StoredResult): number {
  return sizeOfRecord(success) + sizeOfRecord(failure);
}

/** Whether every record has all that is wanted: which of them answers depends on the moment. */
export function coversWant({ success, failure }: StoredResult, { groups }: Want): boolean {
  return (
    (success === null || includes(success.groups, groups)) && (failure === null || includes(failure.groups, groups))
  );
}

/** Whether the record that answers is young enough; that no record of the outcome is stored is an answer too. */
export function isAcceptableStored(stored: StoredResult, { outcome, maxAge }: Want, nowMs: number): boolean {
  const record = selectRecord(stored, outcome, nowMs);
  // Expired since it was read: something newer may be stored.
  if (record === null) return stored.success === null && (outcome === 'SUCCESS' || stored.failure === null);
  return maxAge === null || isWithinAge(record, maxAge, nowMs);
}

/** All of them, as the memory tier takes them. */
export const storedResultRules = {
  sizeOf: sizeOfStored,
  covers: coversWant,
  isAcceptable: isAcceptableStored,
  merge: mergeStored,
  compact: compactStored,
} as const;

function sizeOfRecord(record: CrawlResult | null): number {
  if (record === null) return 0;
  let bytes = recordBytes + 2 * (record.title?.length ?? 0);
  for (const value of record.fields.values()) {
    bytes += fieldBytes + (value instanceof PackedText ? value.deflated.length : sizeOfJson(value));
  }
  return bytes;
}

/** V8 keeps a text with any letter beyond Latin-1 at two bytes each, a number or reference at eight. */
function sizeOfJson(value: JsonValue): number {
  if (typeof value === 'string') return 24 + 2 * value.length;
  if (typeof value !== 'object' || value === null) return 8;
  if (Array.isArray(value)) return value.reduce<number>((sum, member) => sum + 8 + sizeOfJson(member), 32);
  return Object.values(value).reduce<number>((sum, member) => sum + 16 + sizeOfJson(member), 48);
}
