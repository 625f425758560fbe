// A record that is stored already, read whole, ready to be written into another place of its head.
import type { AbortSignalLike } from '../../domain/abort.js';
import type { CrawlResult, StoredResult } from '../../domain/crawl-result.js';
import { type FieldName, groups, markdownFieldNames } from '../../domain/fields.js';
import type { Instant } from '../../domain/instant.js';
import { type JsonValue, PackedText, unpack } from '../../domain/packed-text.js';
import { plainWantFor, type ReadMany } from '../../domain/read-many.js';
import type { ResultKey } from '../../domain/result-key.js';
import { noMarkdownMark, nullMark, requiredTexts } from '../../domain/shape-marks.js';
import type { CrawlgateError } from '../../errors.js';
import type { RecordToWrite } from '../codec/stored-record.js';
import type { Item } from '../table.js';

/**
 * The whole record, as it is now.
 * @param head the item whose own record it is, as it was read.
 * @returns `changed` where it is no longer `expected`; an error where it could not be read whole.
 */
export async function readRecord(
  read: ReadMany<ResultKey, StoredResult>,
  key: ResultKey,
  which: 'success' | 'failure',
  expected: CrawlResult,
  head: Item,
  signal: AbortSignalLike,
): Promise<RecordToWrite | CrawlgateError | 'changed'> {
  const want = plainWantFor(groups.all, 'STRONG');
  const outcome = (await read({ keys: [key], want, signal })).get(key);
  if (outcome?.kind === 'failed') return outcome.error;
  const record = outcome?.kind === 'found' ? outcome.value[which] : null;
  if (record === null || record.version !== expected.version) return 'changed';
  for (const error of record.failed.values()) {
    // Of a failure what can be read is kept: it must not stand in a success's way. Of a success nothing may be lost.
    if (which === 'success' || error.code !== 'MALFORMED_ITEM') return error;
  }
  const fields = new Map<FieldName, JsonValue>();
  for (const [name, value] of record.fields) {
    const plain = value instanceof PackedText ? await unpack(value) : value;
    if (plain !== null) fields.set(name, plain);
  }
  return {
    url: record.url,
    success: record.success,
    statusCode: record.statusCode,
    redirectedStatusCode: record.redirectedStatusCode,
    order: record.order ?? (0 as Instant),
    updatedAt: record.updatedAt ?? record.order ?? (0 as Instant),
    expiresAt: record.expiresAt,
    fields,
    marks: record.addedFields.size > 0 ? [...record.addedFields] : marksOfPython(record),
    title: record.title,
    sizeBytes: record.sizeBytes ?? 0,
    truncatedFields: record.truncatedFields ?? [],
    writeId: record.version,
    contentHash: head.content_hash?.S ?? '',
  };
}

// An item without marks shows by what is absent what was not given; written by us it will have all required texts.
function marksOfPython({ fields }: CrawlResult): readonly string[] {
  const marks: string[] = requiredTexts.filter((name) => !fields.has(name));
  for (const [name, value] of fields) if (value === null) marks.push(nullMark(name));
  if (!markdownFieldNames.some((name) => fields.has(name)) && !fields.has('markdown_extra')) marks.push(noMarkdownMark);
  return marks;
}
