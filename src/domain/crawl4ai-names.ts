// The keys of Crawl4AI's CrawlResult and of its `markdown` that have a stored field of their own.
import {
  type FieldName,
  headFields,
  largeFields,
  type MarkdownField,
  markdownFieldNames,
  markdownFields,
} from './fields.js';
import type { JsonValue } from './packed-text.js';

/** A JSON object. */
export type JsonObject = { readonly [key: string]: JsonValue };

const insideMarkdown: ReadonlySet<string> = new Set(markdownFieldNames);

/** The fields that are top-level keys under their own names. `extra` is not: it holds the keys that are none of these. */
export const topLevelFields: readonly FieldName[] = [...largeFields, ...headFields].filter(
  (name) => name !== 'extra' && !insideMarkdown.has(name),
);

const topLevel: ReadonlyMap<string, FieldName> = new Map(topLevelFields.map((name) => [name, name]));
const inMarkdown: ReadonlyMap<string, MarkdownField> = new Map(
  markdownFieldNames.map((name) => [markdownFields[name], name]),
);

/** The field that a top-level key is stored as. */
export function topLevelField(key: string): FieldName | undefined {
  return topLevel.get(key);
}

/** The field that a key inside `markdown` is stored as. */
export function markdownField(key: string): MarkdownField | undefined {
  return inMarkdown.get(key);
}

/** Whether a JSON value is an object. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
