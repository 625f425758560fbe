// A decoded row as a stored record, and as a result that can be stored elsewhere.
import { crc32 } from 'node:zlib';
import type { CrawlResult, StoredResult } from '../domain/crawl-result.js';
import { type FieldGroups, type FieldName, groupOf, groups, includes, largeFieldsOf } from '../domain/fields.js';
import type { Instant } from '../domain/instant.js';
import type { JsonValue } from '../domain/packed-text.js';
import { isCutShort, sizeOfFields } from '../domain/result-size.js';
import { shapeMarks } from '../domain/shape-marks.js';
import { titleOf } from '../domain/title-of.js';
import type { UrlKey } from '../domain/url-key.js';
import type { NewResult } from '../domain/write-many.js';
import { CrawlgateError } from '../errors.js';
import { contentColumns } from './cache-paths.js';
import { isContentHash } from './content-files.js';
import { type DecodedRow, textOf } from './decode-row.js';
import type { SqliteRow } from './sqlite-messages.js';

/** The record, with the groups that were wanted. SQLite keeps one result a URL: its last, success or failure. */
export function storedOfRow(
  url: UrlKey,
  row: SqliteRow,
  decoded: DecodedRow,
  createdAt: Instant,
  wanted: FieldGroups,
): StoredResult {
  const record = recordOfRow(url, row, decoded, createdAt, wanted);
  return record.success ? { success: record, failure: null } : { success: null, failure: record };
}

/** The row as a result to be stored: everything that the cache kept of it. */
export function newResultOfRow(url: UrlKey, decoded: DecodedRow, createdAt: Instant, ttlDays: number): NewResult {
  return {
    url,
    success: decoded.success,
    statusCode: null,
    redirectedStatusCode: null,
    createdAt,
    ttlDays,
    fields: decoded.fields,
    derivedFields: decoded.derived,
    nullScalars: new Set(),
    markdownIsText: decoded.markdownIsText,
  };
}

function recordOfRow(
  url: UrlKey,
  row: SqliteRow,
  decoded: DecodedRow,
  createdAt: Instant,
  wanted: FieldGroups,
): CrawlResult {
  const { success, fields, failed } = decoded;
  const asked = new Set<FieldName>([
    ...largeFieldsOf(wanted),
    'markdown_extra',
    'etag',
    'last_modified',
    'head_fingerprint',
  ]);
  const metadata = fields.get('metadata') ?? null;
  return {
    url,
    version: versionOf(row),
    order: createdAt,
    success,
    statusCode: null,
    redirectedStatusCode: null,
    createdAt,
    updatedAt: null,
    validatedAt: null,
    expiresAt: null,
    title: includes(wanted, groups.title) ? titleOf(metadata) : null,
    sizeBytes: includes(wanted, groups.size) ? sizeOfFields(fields, new Set()) : null,
    truncatedFields: includes(wanted, groups.truncated) ? cutFields(fields) : null,
    groups: wanted,
    fields: new Map([...fields].filter(([name]) => asked.has(name))),
    failed: new Map(
      [...failed]
        .filter(([name]) => asked.has(name))
        .map(([name, what]) => [name, malformedRow(url, name, what)] as const),
    ),
    // Of a markdown that was not read it cannot be told what was given; a reading without it says nothing of marks.
    addedFields: includes(wanted, groupOf('raw_markdown'))
      ? shapeMarks(newResultOfRow(url, decoded, createdAt, 0))
      : new Set(),
  };
}

function malformedRow(url: UrlKey, attribute: FieldName, what: string): CrawlgateError {
  return new CrawlgateError('MALFORMED_ITEM', `The stored ${attribute} is ${what}.`, { url, attribute });
}

function cutFields(fields: ReadonlyMap<FieldName, JsonValue>): readonly string[] {
  return (['html', 'cleaned_html'] as const).filter((name) => {
    const text = fields.get(name);
    return typeof text === 'string' && isCutShort(text);
  });
}

/** Texts are told apart by their hashes, which are what the row holds; where it holds the text itself, by its CRC-32. */
function versionOf(row: SqliteRow): string {
  const texts = contentColumns.map((column) => {
    const value = textOf(row[column]);
    return value === '' || isContentHash(value) ? value : `${value.length}:${crc32(value).toString(16)}`;
  });
  const small = ['success', 'cached_at', 'etag', 'last_modified', 'head_fingerprint'].map((name) => textOf(row[name]));
  return `sqlite|${[...small, ...texts].join('|')}`;
}
