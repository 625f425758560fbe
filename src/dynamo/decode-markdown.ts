// Markdown as it was stored: a map, the JSON text of one, or plain text; taken apart into its fields.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type FieldName, markdownFieldNames, markdownFields } from '../domain/fields.js';
import type { JsonValue } from '../domain/packed-text.js';
import { jsonOf, setOwn } from './attribute-json.js';
import { documentOf, isMalformed, type Malformed, malformed } from './decode-value.js';
import type { Item } from './table.js';

/** What the attribute `markdown` holds: its fields' values, keys that we do not know, or the word that it is malformed. */
export interface StoredMarkdown {
  readonly values: ReadonlyMap<FieldName, AttributeValue>;
  readonly unknown: JsonValue | null;
  readonly failure: Malformed | null;
}

/** Takes `markdown` apart. JSON text counts as a map only where it says raw_markdown. */
export function markdownOf(item: Item): StoredMarkdown {
  const nothing: StoredMarkdown = { values: new Map(), unknown: null, failure: null };
  const stored = item.markdown;
  if (stored === undefined || stored.NULL !== undefined) return nothing;
  if (stored.M !== undefined) return split(stored.M);
  if (stored.S === undefined) return { ...nothing, failure: malformed('neither a map nor a text') };
  const document = stored.S.startsWith('{') ? parseMarkdown(stored.S) : null;
  return document === null ? { ...nothing, values: new Map([['raw_markdown', stored]]) } : split(document);
}

function parseMarkdown(text: string): Record<string, AttributeValue> | null {
  const document = documentOf({ S: text }, 'object');
  if (isMalformed(document) || document === null || typeof document !== 'object') return null;
  if (!Object.hasOwn(document, 'raw_markdown')) return null;
  return Object.fromEntries(
    Object.entries(document).map(([name, value]): [string, AttributeValue] => {
      if (typeof value === 'string') return [name, { S: value }];
      return [name, value === null ? { NULL: true } : { S: JSON.stringify(value) }];
    }),
  );
}

function split(map: Record<string, AttributeValue>): StoredMarkdown {
  const values = new Map<FieldName, AttributeValue>();
  const unknown: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(map)) {
    const field = markdownFieldNames.find((candidate) => markdownFields[candidate] === name);
    if (field === undefined) setOwn(unknown, name, jsonOf(value));
    else values.set(field, value);
  }
  return { values, unknown: Object.keys(unknown).length === 0 ? null : unknown, failure: null };
}
