// Markdown as it was stored: a map, the JSON text of one, or plain text; taken apart into its fields.
import { type MarkdownField, markdownFieldNames, markdownFields } from '../../domain/fields.js';
import type { JsonValue } from '../../domain/packed-text.js';
import type { Item } from '../table.js';
import { jsonOf, setOwn } from './attribute-json.js';
import { documentOf, isMalformed, type Malformed, malformed, textOf } from './decode-value.js';

/** What the attribute `markdown` holds: its texts, keys that we do not know, or the word that it is malformed. */
export interface StoredMarkdown {
  readonly texts: ReadonlyMap<MarkdownField, string | null | Malformed>;
  readonly unknown: JsonValue | null;
  readonly failure: Malformed | null;
}

const nothing: StoredMarkdown = { texts: new Map(), unknown: null, failure: null };

/** Takes `markdown` apart. JSON text counts as a map only where it says raw_markdown. */
export function markdownOf(item: Item): StoredMarkdown {
  const stored = item.markdown;
  if (stored === undefined || stored.NULL !== undefined) return nothing;
  if (stored.M !== undefined) return split(stored.M, (value) => textOf(value, false), jsonOf);
  if (stored.S === undefined) return { ...nothing, failure: malformed('neither a map nor a text') };
  const document = stored.S.startsWith('{') ? objectOf(stored.S) : null;
  if (document === null) return { ...nothing, texts: new Map([['raw_markdown', stored.S]]) };
  return split(document, textOfJson, (value) => value);
}

function objectOf(text: string): Readonly<Record<string, JsonValue>> | null {
  const document = documentOf({ S: text }, 'object');
  if (isMalformed(document) || document === null || typeof document !== 'object') return null;
  return Object.hasOwn(document, 'raw_markdown') ? (document as Readonly<Record<string, JsonValue>>) : null;
}

function split<Value>(
  map: Readonly<Record<string, Value>>,
  text: (value: Value) => string | null | Malformed,
  json: (value: Value) => JsonValue,
): StoredMarkdown {
  const texts = new Map<MarkdownField, string | null | Malformed>();
  const unknown: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(map)) {
    const field = markdownFieldNames.find((candidate) => markdownFields[candidate] === name);
    if (field === undefined) setOwn(unknown, name, json(value));
    else texts.set(field, text(value));
  }
  return { texts, unknown: Object.keys(unknown).length === 0 ? null : unknown, failure: null };
}

function textOfJson(value: JsonValue): string | null | Malformed {
  if (value === null || typeof value === 'string') return value;
  return malformed(`a ${Array.isArray(value) ? 'list' : typeof value} where a text was expected`);
}
