// Reading one field of a record: its own error where it could not be read, unpacked where it is packed.
import { CrawlgateError } from '../errors.js';
import type { CrawlResult, FieldValue } from './crawl-result.js';
import type { FieldName } from './fields.js';
import { type JsonValue, PackedText, unpack } from './packed-text.js';

/**
 * The stored value of a field; undefined where none is stored. A promise only where it must be unpacked.
 * @throws CrawlgateError MALFORMED_ITEM (or the promise rejects with it) where it is stored and could not be read.
 */
export function storedField(
  record: CrawlResult,
  name: FieldName,
): JsonValue | undefined | Promise<JsonValue | undefined> {
  const error = record.failed.get(name);
  if (error !== undefined) throw error;
  const value = record.fields.get(name);
  return value instanceof PackedText ? unpackField(record, name, value) : value;
}

/** The value as the typed API gives it: null also where the writer put an empty text for other readers' sake. */
export function givenField(record: CrawlResult, name: FieldName): JsonValue | Promise<JsonValue> {
  const value = storedField(record, name);
  if (value instanceof Promise) return value.then((unpacked) => unpacked ?? null);
  return value === undefined || isAdded(record, name, value) ? null : value;
}

/** Whether the typed API gives it a value, as far as can be told without unpacking it. */
export function isGiven(record: CrawlResult, name: FieldName): boolean {
  const value = record.fields.get(name);
  return value !== undefined && value !== null && !isAdded(record, name, value);
}

function isAdded(record: CrawlResult, name: FieldName, value: FieldValue): boolean {
  return value === '' && (record.addedFields.has(name) || record.addedFields.has(`null:${name}`));
}

async function unpackField(record: CrawlResult, name: FieldName, packed: PackedText): Promise<JsonValue> {
  try {
    return await unpack(packed);
  } catch (cause) {
    const message = `The stored field ${name} of ${record.url} does not unpack.`;
    throw new CrawlgateError('MALFORMED_ITEM', message, { url: record.url, attribute: name }, { cause });
  }
}
