// From what Crawl4AI's model_dump() prints to a result that can be stored. No key and no value is lost on the way.
import { CrawlgateError } from '../errors.js';
import { isJsonObject, type JsonObject, markdownField, topLevelField } from './crawl4ai-names.js';
import { type FieldName, kindOf } from './fields.js';
import { type Instant, instantOfMillis, instantOfSeconds, parseInstant } from './instant.js';
import type { JsonValue } from './packed-text.js';
import { toUrlKey } from './url-key.js';
import type { NewResult } from './write-many.js';

/** What the document itself does not say. */
export interface NewResultOptions {
  readonly nowMs: number;
  readonly ttlDays: number;
  readonly maxUrlBytes: number;
  /** When the page was crawled, where the caller says so; else the document's own times decide, else the clock. */
  readonly createdAt?: Instant | null;
}

/** A clock ahead of ours is believed this far. */
const toleranceMicros = 5 * 60 * 1_000_000;

/**
 * Reads one document. A value of a type that its key cannot have stays in `extra` under its key, as unknown keys do: the
 * typed field is null, `crawl4ai` gives it back.
 * @throws CrawlgateError BAD_USER_INPUT for no object, a bad `url` or `success`, or a time more than 5 minutes ahead.
 */
export function newResultOfCrawl4ai(doc: JsonValue, options: NewResultOptions): NewResult {
  if (!isJsonObject(doc)) throw refused('results', 'A result is a JSON object.');
  const url = member(doc, 'url');
  if (typeof url !== 'string') throw refused('url', 'A result needs its url, a text.');
  const success = member(doc, 'success');
  if (typeof success !== 'boolean') throw refused('success', 'A result needs success, true or false.');
  const draft = newDraft();
  for (const [key, value] of Object.entries(doc)) {
    // A variable without a value, inside a document written into the query itself, is undefined.
    if (key !== 'url' && key !== 'success' && value !== undefined) readKey(draft, key, value);
  }
  if (draft.extra.length > 0) draft.fields.set('extra', Object.fromEntries(draft.extra));
  deriveFromHeaders(draft, 'etag', 'etag');
  deriveFromHeaders(draft, 'last_modified', 'last-modified');
  return {
    url: toUrlKey(url, options.maxUrlBytes),
    success,
    statusCode: draft.statusCodes.get('status_code') ?? null,
    redirectedStatusCode: draft.statusCodes.get('redirected_status_code') ?? null,
    createdAt: createdAtOf(doc, options),
    ttlDays: options.ttlDays,
    fields: draft.fields,
    derivedFields: draft.derivedFields,
    nullScalars: draft.nullScalars,
    markdownIsText: draft.markdownIsText,
  };
}

interface Draft {
  readonly fields: Map<FieldName, JsonValue>;
  readonly statusCodes: Map<string, number>;
  readonly nullScalars: Set<string>;
  readonly derivedFields: Set<FieldName>;
  readonly extra: [string, JsonValue][];
  markdownIsText: boolean;
}

function newDraft(): Draft {
  return {
    fields: new Map(),
    statusCodes: new Map(),
    nullScalars: new Set(),
    derivedFields: new Set(),
    extra: [],
    markdownIsText: false,
  };
}

function readKey(draft: Draft, key: string, value: JsonValue): void {
  if (key === 'markdown') readMarkdown(draft, value);
  else if (key === 'status_code' || key === 'redirected_status_code') readStatusCode(draft, key, value);
  else if (key !== 'fit_html' || !isPropertyText(value)) {
    const name = topLevelField(key);
    if (name !== undefined && fits(name, value)) draft.fields.set(name, value);
    else draft.extra.push([key, value]);
  }
}

function readMarkdown(draft: Draft, value: JsonValue): void {
  if (value === null) draft.nullScalars.add('markdown');
  else if (typeof value === 'string') {
    draft.fields.set('raw_markdown', value);
    draft.markdownIsText = true;
  } else if (isJsonObject(value)) readMarkdownObject(draft, value);
  else draft.extra.push(['markdown', value]);
}

function readMarkdownObject(draft: Draft, markdown: JsonObject): void {
  const extra: [string, JsonValue][] = [];
  let known = 0;
  for (const [key, value] of Object.entries(markdown)) {
    if (value === undefined || (key === 'fit_html' && isPropertyText(value))) continue;
    const name = markdownField(key);
    if (name !== undefined && fits(name, value)) {
      draft.fields.set(name, value);
      known += 1;
    } else extra.push([key, value]);
  }
  // Without any known text the empty object tells that a markdown was given at all.
  if (extra.length > 0 || known === 0) draft.fields.set('markdown_extra', Object.fromEntries(extra));
}

function readStatusCode(draft: Draft, key: string, value: JsonValue): void {
  if (value === null) draft.nullScalars.add(key);
  else if (isStatusCode(value)) draft.statusCodes.set(key, value);
  else draft.extra.push([key, value]);
}

/** 0 is how the store writes "unknown", so a 0 that was given must be kept apart. */
function isStatusCode(value: JsonValue): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value !== 0 && Math.abs(value) < 2 ** 31;
}

/** Null fits every field; a JSON field holds anything. */
function fits(name: FieldName, value: JsonValue): boolean {
  return value === null || kindOf(name) === 'json' || typeof value === 'string';
}

/** Crawl4AI's deprecated properties print themselves in place of a text. */
function isPropertyText(value: JsonValue): boolean {
  return typeof value === 'string' && /^<property object at 0x[0-9A-Fa-f]+>$/.test(value);
}

/** Takes a validator from the response headers where the crawler did not give it, or gave null. */
function deriveFromHeaders(draft: Draft, name: 'etag' | 'last_modified', header: string): void {
  const headers = draft.fields.get('response_headers');
  if ((draft.fields.get(name) ?? null) !== null || !isJsonObject(headers)) return;
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === header)?.[1];
  if (typeof found !== 'string' || found === '') return;
  if (draft.fields.has(name)) draft.nullScalars.add(name);
  draft.fields.set(name, found);
  draft.derivedFields.add(name);
}

function createdAtOf(doc: JsonObject, options: NewResultOptions): Instant {
  const now = instantOfMillis(options.nowMs);
  const given = options.createdAt ?? timeOf(doc, 'created_at') ?? timeOf(doc, 'crawled_at') ?? timeOf(doc, 'cached_at');
  if (given === null) return now;
  if (given - now > toleranceMicros) throw refused('createdAt', 'The result is from more than 5 minutes ahead.');
  return given;
}

function timeOf(doc: JsonObject, key: string): Instant | null {
  const value = member(doc, key);
  if (typeof value === 'string') return parseInstant(value);
  return typeof value === 'number' && value > 0 ? instantOfSeconds(value) : null;
}

function member(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function refused(argument: string, message: string): CrawlgateError {
  return new CrawlgateError('BAD_USER_INPUT', message, { argument });
}
