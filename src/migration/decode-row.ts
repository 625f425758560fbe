// A row of Crawl4AI's table `crawled_data`, with the texts of its files, as the fields of a result.

import { isJsonObject, markdownField } from '../domain/crawl4ai-names.js';
import { type FieldGroups, type FieldName, groupOf, groups, includes, markdownFieldNames } from '../domain/fields.js';
import type { JsonValue } from '../domain/packed-text.js';
import { isWithinDepth, maxJsonDepth, parsePythonJson } from '../domain/python-json.js';
import type { ContentColumn } from './cache-paths.js';
import { contentColumns } from './cache-paths.js';
import type { Content } from './content-files.js';
import type { SqliteRow, SqliteValue } from './sqlite-messages.js';

/** What a row says, as far as it was asked and its files were read. */
export interface DecodedRow {
  readonly success: boolean;
  readonly fields: ReadonlyMap<FieldName, JsonValue>;
  /** Of `fields`, those that the cache derived from the response headers. */
  readonly derived: ReadonlySet<FieldName>;
  /** Fields that are stored but cannot be had, and what is wrong with each. */
  readonly failed: ReadonlyMap<FieldName, string>;
  /** Whether the markdown is a plain text, as newer versions keep it. */
  readonly markdownIsText: boolean;
}

/** The columns that hold JSON, in a fixed order. */
export const jsonColumns = ['media', 'links', 'metadata', 'response_headers', 'downloaded_files'] as const;

/** One of them. */
export type JsonColumn = (typeof jsonColumns)[number];

/** The groups of the fields that a markdown is taken apart into. */
const markdownGroups = [...markdownFieldNames, 'markdown_extra' as const];

/** The columns whose texts are needed for `wanted`. */
export function contentColumnsOf(wanted: FieldGroups): readonly ContentColumn[] {
  const isWhole = includes(wanted, groups.size);
  const isCut = includes(wanted, groups.truncated);
  return contentColumns.filter((column) => {
    if (isWhole) return true;
    if (column === 'markdown') return markdownGroups.some((name) => includes(wanted, groupOf(name)));
    if (isCut && (column === 'html' || column === 'cleaned_html')) return true;
    return includes(wanted, groupOf(column));
  });
}

/** The columns of JSON that are needed for `wanted`; response headers always: validators may be told by them alone. */
export function jsonColumnsOf(wanted: FieldGroups): readonly JsonColumn[] {
  return jsonColumns.filter((column) => {
    if (column === 'response_headers' || includes(wanted, groups.size)) return true;
    return includes(wanted, groupOf(column)) || (column === 'metadata' && includes(wanted, groups.title));
  });
}

/** Decodes what was read. An empty text, an empty object and nothing at all are the same: the cache knows no difference. */
export function decodeRow(
  row: SqliteRow,
  contents: ReadonlyMap<ContentColumn, Content>,
  columns: readonly JsonColumn[],
): DecodedRow {
  const fields = new Map<FieldName, JsonValue>();
  const failed = new Map<FieldName, string>();
  let markdownIsText = false;

  for (const [column, content] of contents) {
    if (content.kind === 'text') {
      if (column === 'markdown') markdownIsText = readMarkdown(content.text);
      else fields.set(column, content.text);
    } else {
      for (const name of column === 'markdown' ? markdownFieldNames : [column]) failed.set(name, content.what);
    }
  }
  for (const column of columns) {
    const text = textOf(row[column]);
    if (text === '') continue;
    const value = parsePythonJson(text);
    if (value === undefined) failed.set(column, 'a text that is no JSON');
    else if (!isWithinDepth(value)) failed.set(column, `nested deeper than ${maxJsonDepth} levels`);
    else if (!isEmpty(value)) fields.set(column, value);
  }
  const derived = readValidators();
  return { success: successOf(row), fields, derived, failed, markdownIsText };

  /** Whether it is a plain text: markdown was JSON text of Crawl4AI's MarkdownGenerationResult once. */
  function readMarkdown(text: string): boolean {
    const value = text.startsWith('{') ? parsePythonJson(text) : undefined;
    if (!isJsonObject(value) || !Object.hasOwn(value, 'raw_markdown') || !isWithinDepth(value)) {
      fields.set('raw_markdown', text);
      return true;
    }
    const extra: [string, JsonValue][] = [];
    for (const [key, part] of Object.entries(value)) {
      const name = markdownField(key);
      if (name === undefined) extra.push([key, part]);
      else if (typeof part === 'string') fields.set(name, part);
      else if (part !== null) extra.push([key, part]);
    }
    if (extra.length > 0) fields.set('markdown_extra', Object.fromEntries(extra));
    return false;
  }

  function readValidators(): ReadonlySet<FieldName> {
    const fromHeaders = new Set<FieldName>();
    const headers = fields.get('response_headers');
    for (const [name, header] of [
      ['etag', 'etag'],
      ['last_modified', 'last-modified'],
    ] as const) {
      const own = textOf(row[name]);
      const said = isJsonObject(headers) ? headerOf(headers, header) : '';
      if (own !== '' || said !== '') fields.set(name, own || said);
      // What the cache copied from the headers its crawler never gave apart from them.
      if (said !== '' && (own === '' || own === said)) fromHeaders.add(name);
    }
    const fingerprint = textOf(row.head_fingerprint);
    if (fingerprint !== '') fields.set('head_fingerprint', fingerprint);
    return fromHeaders;
  }
}

/** A column as a text; `""` for what holds none. Python keeps texts as TEXT, other writers may have put BLOBs. */
export function textOf(value: SqliteValue | undefined): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  return value === null || value === undefined ? '' : String(value);
}

/** Where nothing is said, a page that was fetched is a success: Crawl4AI's first versions kept no others. */
export function successOf(row: SqliteRow): boolean {
  const { success } = row;
  if (success === null || success === undefined) return textOf(row.html) !== '';
  return !['0', 'false', ''].includes(textOf(success).toLowerCase());
}

function headerOf(headers: { readonly [name: string]: JsonValue }, name: string): string {
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof found === 'string' ? found : '';
}

function isEmpty(value: JsonValue): boolean {
  return value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
}
