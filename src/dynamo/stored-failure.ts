// A failure that is stored as an item of its own, read whole, ready to be set beside a success that is older.
import type { CrawlResult, StoredResult } from '../domain/crawl-result.js';
import { type FieldName, groups } from '../domain/fields.js';
import type { Instant } from '../domain/instant.js';
import { type JsonValue, PackedText, unpack } from '../domain/packed-text.js';
import { plainWant, type ReadMany } from '../domain/read-many.js';
import type { ResultKey } from '../domain/result-key.js';
import { CrawlgateError } from '../errors.js';
import type { RecordToWrite } from './stored-record.js';
import type { Item } from './table.js';

/**
 * The whole record of the failure under `key`, as it is now.
 * @param head the item as it was read, for its hash.
 * @returns an error where it could not be read whole or is no longer `expected`.
 */
export async function readStoredFailure(
  read: ReadMany<ResultKey, StoredResult>,
  key: ResultKey,
  expected: CrawlResult,
  head: Item,
  signal: AbortSignal,
): Promise<RecordToWrite | CrawlgateError> {
  const want = { ...plainWant, groups: groups.all, consistency: 'STRONG' as const };
  const outcome = (await read({ keys: [key], want, signal })).get(key);
  if (outcome?.kind === 'failed') return outcome.error;
  const failure = outcome?.kind === 'found' ? outcome.value.failure : null;
  const [broken] = failure?.failed.values() ?? [];
  if (broken !== undefined) return broken;
  if (failure === null || failure.version !== expected.version) {
    return new CrawlgateError('STORE_UNAVAILABLE', 'Another writer changed this URL meanwhile.', { url: expected.url });
  }
  const fields = new Map<FieldName, JsonValue>();
  for (const [name, value] of failure.fields)
    fields.set(name, value instanceof PackedText ? await unpack(value) : value);
  return {
    url: failure.url,
    success: false,
    statusCode: failure.statusCode,
    redirectedStatusCode: failure.redirectedStatusCode,
    order: failure.order ?? (0 as Instant),
    updatedAt: failure.updatedAt ?? failure.order ?? (0 as Instant),
    expiresAt: failure.expiresAt,
    fields,
    marks: [...failure.addedFields],
    title: failure.title,
    sizeBytes: failure.sizeBytes ?? 0,
    truncatedFields: failure.truncatedFields ?? [],
    writeId: failure.version,
    contentHash: head.content_hash?.S ?? '',
  };
}
