// From a stored record back to what its crawler gave, as Crawl4AI's CrawlResult(**value) takes it.

import type { CrawlResult, ScalarName } from './crawl-result.js';
import { isJsonObject, topLevelFields } from './crawl4ai-names.js';
import { type FieldName, markdownFieldNames, markdownFields } from './fields.js';
import type { JsonValue } from './packed-text.js';
import { storedField } from './record-field.js';
import { markdownIsTextMark, noMarkdownMark, nullMark, requiredTexts } from './shape-marks.js';

/**
 * The whole document: every key that was given, explicit nulls and empty texts too, nothing of ours; `html` and markdown's
 * three required texts are "" where absent. The record must hold all large fields and the head.
 * A field read by `read` may be a stand-in for its value; only the keys of no field are always looked into.
 * @returns rejects with CrawlgateError MALFORMED_ITEM where a part could not be read: half a document would be taken for a whole.
 */
export async function crawl4aiOf(record: CrawlResult, read: typeof storedField = storedField): Promise<JsonValue> {
  const doc = new Map<string, JsonValue>();
  doc.set('url', record.url);
  doc.set('html', '');
  doc.set('success', scalar(record, 'success', record.success));
  setStatusCode(doc, record, 'status_code', record.statusCode);
  setStatusCode(doc, record, 'redirected_status_code', record.redirectedStatusCode);
  for (const name of topLevelFields) set(doc, name, await given(record, name, read));
  set(doc, 'markdown', await markdownOf(record, read));
  const extra = await given(record, 'extra', storedField);
  if (isJsonObject(extra)) for (const [key, value] of Object.entries(extra)) doc.set(key, value);
  // fromEntries defines keys: `__proto__` stays one.
  return Object.fromEntries(doc);
}

async function markdownOf(record: CrawlResult, read: typeof storedField): Promise<JsonValue | undefined> {
  const { addedFields } = record;
  if (addedFields.has(nullMark('markdown'))) return null;
  if (addedFields.has(noMarkdownMark)) return undefined;
  if (addedFields.has(markdownIsTextMark)) return given(record, 'raw_markdown', read);
  const texts = new Map<string, JsonValue>();
  for (const name of markdownFieldNames) set(texts, markdownFields[name], await given(record, name, read));
  const extra = await given(record, 'markdown_extra', storedField);
  if (isJsonObject(extra)) for (const [key, value] of Object.entries(extra)) texts.set(key, value);
  const required = requiredTexts.filter((name) => name !== 'html');
  // A required text that the writer added is the trace of a markdown that had none of its own.
  const wasGiven = texts.size > 0 || isJsonObject(extra) || required.some((name) => addedFields.has(name));
  if (!wasGiven) return undefined;
  for (const name of required) if (!texts.has(name)) texts.set(name, '');
  return Object.fromEntries(texts);
}

/** What was given under a name; undefined where nothing was, whatever the store holds there. */
async function given(record: CrawlResult, name: FieldName, read: typeof storedField): Promise<JsonValue | undefined> {
  const value = await read(record, name);
  if (record.addedFields.has(nullMark(name))) return null;
  return record.addedFields.has(name) ? undefined : value;
}

function setStatusCode(doc: Map<string, JsonValue>, record: CrawlResult, name: ScalarName, value: number | null): void {
  const isNull = record.addedFields.has(nullMark(name));
  set(doc, name, scalar(record, name, value) ?? (isNull ? null : undefined));
}

function scalar<Value>(record: CrawlResult, name: ScalarName, value: Value): Value {
  const error = record.failed.get(name);
  if (error !== undefined) throw error;
  return value;
}

function set(doc: Map<string, JsonValue>, key: string, value: JsonValue | undefined): void {
  if (value !== undefined) doc.set(key, value);
}
