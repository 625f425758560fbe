// What is stored for a URL: a success, a failure newer than it, or only a failure; and the rules for choosing.
import type { CrawlgateError } from '../errors.js';
import { type FieldGroups, type FieldName, groupOf, groups, isFieldName } from './fields.js';
import type { Instant } from './instant.js';
import type { JsonValue, PackedText } from './packed-text.js';
import type { UrlKey } from './url-key.js';

/** A field as it was given: the text or JSON value, or its packed form. Null is an explicit null. */
export type FieldValue = JsonValue | PackedText;

/** Small attributes that can be malformed one by one. */
export type ScalarName =
  | 'success'
  | 'status_code'
  | 'redirected_status_code'
  | 'created_at'
  | 'updated_at'
  | 'validated_at'
  | 'ttl'
  | 'size_bytes'
  | 'title'
  | 'truncated_fields';

/** The group that is read to have a field or a small attribute. */
export function groupOfName(name: FieldName | ScalarName): FieldGroups {
  if (name === 'title') return groups.title;
  if (name === 'size_bytes') return groups.size;
  if (name === 'truncated_fields') return groups.truncated;
  return isFieldName(name) ? groupOf(name) : groups.head;
}

/** One crawl of one URL, with those of its fields that were read. */
export interface CrawlResult {
  readonly url: UrlKey;
  /** Equal for two readings of the same write, different for different writes. */
  readonly version: string;
  /** createdAt in microseconds, what decides which result is newer; null where a writer left no time at all. */
  readonly order: Instant | null;
  readonly success: boolean;
  readonly statusCode: number | null;
  readonly redirectedStatusCode: number | null;
  readonly createdAt: Instant | null;
  readonly updatedAt: Instant | null;
  readonly validatedAt: Instant | null;
  /** Epoch seconds; null means never. */
  readonly expiresAt: number | null;
  readonly title: string | null;
  /** Bytes of the fields' UTF-8 text (see `sizeOfFields`); null where the `size` group was not read. */
  readonly sizeBytes: number | null;
  /** Names of fields that an earlier writer cut short; null where the `truncated` group was not read. */
  readonly truncatedFields: readonly string[] | null;
  /** What was read. A field of a group that is here and not in `fields` is not stored. */
  readonly groups: FieldGroups;
  readonly fields: ReadonlyMap<FieldName, FieldValue>;
  /** Fields that are stored but could not be read, and why. */
  readonly failed: ReadonlyMap<FieldName | ScalarName, CrawlgateError>;
  /** Fields that the writer added for other readers' sake; they were not given. */
  readonly addedFields: ReadonlySet<string>;
}

/** What one key holds. A failure beside a success is always the newer of the two. */
export interface StoredResult {
  readonly success: CrawlResult | null;
  readonly failure: CrawlResult | null;
}

/** Which of the two a caller wants: the newest whatever it is, or the newest success. */
export type Outcome = 'ANY' | 'SUCCESS';

/** The record that answers, null where none is left at `nowMs` (milliseconds since 1970). */
export function selectRecord(stored: StoredResult, outcome: Outcome, nowMs: number): CrawlResult | null {
  const failure = outcome === 'ANY' ? alive(stored.failure, nowMs) : null;
  return failure ?? alive(stored.success, nowMs);
}

/** The records that have not expired at `nowMs`. */
export function liveRecords(stored: StoredResult, nowMs: number): StoredResult {
  return { success: alive(stored.success, nowMs), failure: alive(stored.failure, nowMs) };
}

/** The newest failed crawl after the success, where one is still there. */
export function laterFailureOf(stored: StoredResult, record: CrawlResult, nowMs: number): CrawlResult | null {
  return record === stored.success ? alive(stored.failure, nowMs) : null;
}

/** Whether the later of createdAt and validatedAt is at most `maxAgeSeconds` ago. Without a time: no. */
export function isWithinAge(record: CrawlResult, maxAgeSeconds: number, nowMs: number): boolean {
  const latest = Math.max(record.createdAt ?? Number.NEGATIVE_INFINITY, record.validatedAt ?? Number.NEGATIVE_INFINITY);
  return nowMs * 1000 - latest <= maxAgeSeconds * 1_000_000;
}

function alive(record: CrawlResult | null, nowMs: number): CrawlResult | null {
  if (record === null) return null;
  // DynamoDB deletes an item once the current time is past its ttl, up to days later.
  return record.expiresAt !== null && record.expiresAt * 1000 <= nowMs ? null : record;
}
