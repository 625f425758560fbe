// Where an item keeps one of its fields: as it is, packed into an attribute of its own, or in parts.
import type { FieldValue } from '../../domain/crawl-result.js';
import { type FieldName, kindOf, markdownFields } from '../../domain/fields.js';
import type { JsonValue } from '../../domain/packed-text.js';
import type { Item } from '../table.js';
import { isMarkdownField, objectFields, packedName } from './attributes.js';
import { markdownOf } from './decode-markdown.js';
import { documentOf, isMalformed, type Malformed, malformed, textOf } from './decode-value.js';
import { fromBinary } from './packed-binary.js';
import { type PartRef, refFromBinary } from './part-ref.js';

/** What an item says of one field. `attribute` is where. */
export type StoredField =
  | { readonly kind: 'none' }
  | { readonly kind: 'value'; readonly value: FieldValue; readonly attribute: string }
  | { readonly kind: 'malformed'; readonly what: string; readonly attribute: string }
  | { readonly kind: 'part'; readonly ref: PartRef };

/** The fields of one item. */
export interface FieldReader {
  read(name: FieldName): StoredField;
  /** Keys inside `markdown` that no field is named for; null where there are none. */
  readonly unknownMarkdown: JsonValue | null;
}

const binaryFields: ReadonlySet<FieldName> = new Set(['pdf', 'screenshot']);
const none: StoredField = { kind: 'none' };
const noRefs: Item = {};

/** Makes the reader of one item. */
export function createFieldReader(item: Item): FieldReader {
  const markdown = markdownOf(item);
  const refs = item.parts?.M ?? noRefs;

  return { unknownMarkdown: markdown.unknown, read };

  function read(name: FieldName): StoredField {
    const plain = readPlain(name);
    const ref = refs === noRefs ? undefined : refs[name];
    const packed = item[packedName(name)];
    // A plain value beside packed bytes was written after them, by somebody who does not know of them.
    if ((ref === undefined && packed === undefined) || !isEmpty(plain)) return plain;
    if (ref !== undefined) {
      const known = ref.B === undefined ? null : refFromBinary(ref.B);
      const attribute = `parts.${name}`;
      return known === null ? { kind: 'malformed', what: 'no reference', attribute } : { kind: 'part', ref: known };
    }
    const text = packed?.B === undefined ? null : fromBinary(packed.B);
    return stored(text ?? malformed('no packed text'), packedName(name));
  }

  function readPlain(name: FieldName): StoredField {
    if (isMarkdownField(name)) {
      const text = markdown.texts.get(name);
      if (text !== undefined) return stored(text, `markdown.${markdownFields[name]}`);
      if (markdown.failure !== null) return stored(markdown.failure, 'markdown');
    }
    const plain = item[name];
    if (plain === undefined) return none;
    if (kindOf(name) === 'text') return stored(textOf(plain, binaryFields.has(name)), name);
    return stored(documentOf(plain, objectFields.has(name) ? 'object' : 'any'), name);
  }
}

function stored(value: FieldValue | Malformed, attribute: string): StoredField {
  if (isMalformed(value)) return { kind: 'malformed', what: value.malformed, attribute };
  return { kind: 'value', value, attribute };
}

// What a writer leaves under the plain name of a field that it packed: nothing, or what holds nothing.
function isEmpty(plain: StoredField): boolean {
  if (plain.kind === 'none') return true;
  if (plain.kind !== 'value') return false;
  const { value } = plain;
  return value === '' || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}
