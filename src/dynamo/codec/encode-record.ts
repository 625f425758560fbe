// A record as an item: native where it fits, packed where it must be, in parts where nothing else helps.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type FieldName, markdownFieldNames, markdownFields } from '../../domain/fields.js';
import { formatInstant, type Instant } from '../../domain/instant.js';
import type { JsonValue } from '../../domain/packed-text.js';
import type { Item } from '../table.js';
import { isMarkdownField, packedName } from './attributes.js';
import { type Dialect, nativeValue } from './encode-value.js';
import { feedAttributes } from './feed-attributes.js';
import { itemBytes, valueBytes } from './item-size.js';
import { type PackedField, packField } from './packed-field.js';
import { refToBinary } from './part-ref.js';
import type { RecordToWrite } from './stored-record.js';

/** How a layout wants its items. */
export interface EncodeRules {
  readonly dialect: Dialect;
  /** Bytes of the item, key included; what is over is packed or moved. */
  readonly maxBytes: number;
  /** Whether packed bytes may stay in the item; else they go into parts at once. */
  readonly mayHoldPacked: boolean;
  /** Whether `html` and Markdown's three texts are always there, for readers that need them. */
  readonly isForPython: boolean;
  readonly key: Item;
}

/** The item, and the fields whose bytes go into parts. */
export interface EncodedRecord {
  readonly item: Item;
  readonly parts: ReadonlyMap<FieldName, PackedField>;
}

type Place =
  | { readonly kind: 'native'; readonly value: AttributeValue }
  | { readonly kind: 'packed'; readonly packed: PackedField }
  | { readonly kind: 'part'; readonly packed: PackedField };

/** Bytes below which packing a native value costs more than it saves. */
const packThreshold = 256;

/** Bytes of the longest title that a head repeats. */
const maxTitleBytes = 512;

/** Markdown's fields without which Crawl4AI's own model refuses an item. */
const requiredMarkdown: ReadonlySet<string> = new Set([
  'raw_markdown',
  'markdown_with_citations',
  'references_markdown',
]);

/** A field that Crawl4AI's own model takes as an object of Python's only: any map there refuses the whole item. */
const refusedByPython: FieldName = 'ssl_certificate';

/** Encodes a record by the rules of its layout. The largest fields leave first, until the item fits. */
export async function encodeRecord(record: RecordToWrite, rules: EncodeRules): Promise<EncodedRecord> {
  const places = new Map<FieldName, Place>();
  for (const [field, value] of record.fields) {
    const native = rules.isForPython && field === refusedByPython ? null : nativeValue(field, value, rules.dialect);
    if (native !== null) places.set(field, { kind: 'native', value: native });
    else places.set(field, await packedPlace(value));
  }
  let item = build();
  for (const field of bySize('native', packThreshold)) {
    if (itemBytes(item) <= rules.maxBytes) break;
    places.set(field, await packedPlace(record.fields.get(field) ?? null));
    item = build();
  }
  for (const field of bySize('packed', 0)) {
    if (itemBytes(item) <= rules.maxBytes) break;
    const place = places.get(field);
    if (place?.kind === 'packed') places.set(field, { kind: 'part', packed: place.packed });
    item = build();
  }
  const parts = new Map<FieldName, PackedField>();
  for (const [field, place] of places) if (place.kind === 'part') parts.set(field, place.packed);
  return { item, parts };

  async function packedPlace(value: JsonValue): Promise<Place> {
    return { kind: rules.mayHoldPacked ? 'packed' : 'part', packed: await packField(value, record.writeId) };
  }

  function bySize(kind: 'native' | 'packed', atLeast: number): readonly FieldName[] {
    const sized: { field: FieldName; bytes: number }[] = [];
    for (const [field, place] of places) {
      if (place.kind !== kind) continue;
      const bytes = place.kind === 'native' ? valueBytes(place.value) : place.packed.bytes.byteLength;
      if (bytes >= atLeast) sized.push({ field, bytes });
    }
    return sized.sort((a, b) => b.bytes - a.bytes).map(({ field }) => field);
  }

  function build(): Item {
    const built: Item = { ...rules.key, ...scalarAttributes(record, rules) };
    const packedFields: AttributeValue[] = [];
    const refs: Record<string, AttributeValue> = {};
    const markdown = new Map<FieldName, AttributeValue>();
    for (const [field, place] of places) {
      if (place.kind === 'part') refs[field] = { B: refToBinary(place.packed.ref) };
      if (place.kind === 'packed') built[packedName(field)] = { B: place.packed.bytes };
      if (place.kind !== 'native') {
        packedFields.push({ S: field });
        if (rules.isForPython && !isMarkdownField(field) && isText(record.fields.get(field))) built[field] = { S: '' };
      } else if (isMarkdownField(field) && rules.isForPython) markdown.set(field, place.value);
      else built[field] = place.value;
    }
    if (rules.isForPython) {
      built.html ??= { S: '' };
      built.markdown = markdownAttribute(markdown, packedFields, rules.dialect);
    }
    if (packedFields.length > 0) built.packed_fields = { L: packedFields };
    if (Object.keys(refs).length > 0) built.parts = { M: refs };
    // The title is read with the head; metadata that is not native any more would have to be unpacked for it.
    const { title } = record;
    if (title !== null && places.get('metadata')?.kind !== 'native' && isShort(title)) built.title = { S: title };
    return built;
  }
}

function scalarAttributes(record: RecordToWrite, rules: EncodeRules): Item {
  const createdAt: AttributeValue = { S: pythonTime(record.order) };
  const updatedAt: AttributeValue = { S: pythonTime(record.updatedAt) };
  const item: Item = {
    ...feedAttributes(record.url, record.order),
    success: { BOOL: record.success },
    status_code: { N: String(record.statusCode ?? 0) },
    created_at: createdAt,
    write_id: { S: record.writeId },
    content_hash: { S: record.contentHash },
    size_bytes: { N: String(record.sizeBytes) },
  };
  if (rules.dialect === 'json') Object.assign(item, { crawled_at: createdAt, stored_at: updatedAt });
  else item.updated_at = updatedAt;
  if (record.redirectedStatusCode !== null) {
    item.redirected_status_code = { N: String(record.redirectedStatusCode) };
  }
  if (record.expiresAt !== null) item.ttl = { N: String(record.expiresAt) };
  if (record.marks.length > 0) item.shape_marks = { L: record.marks.map((mark) => ({ S: mark })) };
  if (record.truncatedFields.length > 0) {
    item.truncated_fields = { L: record.truncatedFields.map((name) => ({ S: name })) };
  }
  return item;
}

function markdownAttribute(
  values: ReadonlyMap<FieldName, AttributeValue>,
  packed: readonly AttributeValue[],
  dialect: Dialect,
): AttributeValue {
  const isPacked = new Set(packed.map((name) => name.S));
  const map: Record<string, AttributeValue> = {};
  for (const field of markdownFieldNames) {
    const value = values.get(field);
    if (value !== undefined) map[markdownFields[field]] = value;
    else if (requiredMarkdown.has(field) || isPacked.has(field)) map[markdownFields[field]] = { S: '' };
  }
  if (dialect === 'maps') return { M: map };
  return { S: JSON.stringify(Object.fromEntries(Object.entries(map).map(([name, value]) => [name, value.S]))) };
}

/** As Python's `datetime.isoformat()` writes a moment in UTC. */
function pythonTime(instant: Instant): string {
  return `${formatInstant(instant, 'six').slice(0, -1)}+00:00`;
}

// What UTF-8 cannot write stays in the metadata alone, and so does what would fill the head.
function isShort(title: string): boolean {
  return title.isWellFormed() && Buffer.byteLength(title) <= maxTitleBytes;
}

function isText(value: JsonValue | undefined): boolean {
  return typeof value === 'string';
}
