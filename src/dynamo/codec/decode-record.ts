// One stored item as a CrawlResult: both Python dialects and our own writing, mixed as they come.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { CrawlResult, FieldValue, ScalarName } from '../../domain/crawl-result.js';
import {
  type FieldGroups,
  type FieldName,
  groupOf,
  groups,
  headFields,
  includes,
  largeFields,
  largeFieldsOf,
  union,
  without,
} from '../../domain/fields.js';
import type { Instant } from '../../domain/instant.js';
import { type JsonValue, PackedText } from '../../domain/packed-text.js';
import { isCutShort, sizeOfFields } from '../../domain/result-size.js';
import { titleOf } from '../../domain/title-of.js';
import type { UrlKey } from '../../domain/url-key.js';
import { CrawlgateError } from '../../errors.js';
import type { Item } from '../table.js';
import { jsonOf, setOwn } from './attribute-json.js';
import { attributesThatAreNoField } from './attributes.js';
import { createFieldReader } from './decode-field.js';
import { booleanOf, epochSecondsOf, instantOf, intOf, isMalformed, type Malformed } from './decode-value.js';
import type { PartRef } from './part-ref.js';

/** A record, the parts that hold fields it should have, and groups that must be read after all to complete it. */
export interface DecodedRecord {
  readonly result: CrawlResult;
  readonly parts: ReadonlyMap<FieldName, PartRef>;
  readonly needs: FieldGroups;
}

/** Decodes what `wanted` needs of `item`. Never throws: what is malformed is in `result.failed`. */
export function decodeRecord(url: UrlKey, item: Item, wanted: FieldGroups): DecodedRecord {
  const fields = new Map<FieldName, FieldValue>();
  // Made where something is put into them: of most records both stay empty, and memory holds them for long.
  let failed: Map<FieldName | ScalarName, CrawlgateError> | undefined;
  let parts: Map<FieldName, PartRef> | undefined;
  const isOurs = item.write_id?.S !== undefined;
  const reader = createFieldReader(item);

  for (const name of headFields) readField(name);
  for (const name of largeFieldsOf(wanted)) readField(name);
  if (includes(wanted, groupOf('extra'))) readExtra();

  const createdAt = scalar('created_at', instantOf) ?? scalar('crawled_at', instantOf, 'created_at');
  const isFailure = parts?.has('error_message') || (fields.get('error_message') ?? '') !== '';
  const title = includes(wanted, groups.title) ? readTitle() : { title: null, needs: groups.none };
  const size = includes(wanted, groups.size) ? readSize() : { sizeBytes: null, needs: groups.none };
  const cut = includes(wanted, groups.truncated) ? readTruncated() : { truncatedFields: null, needs: groups.none };
  const statusCode = scalar('status_code', intOf);
  const redirectedStatusCode = scalar('redirected_status_code', intOf);

  const result: CrawlResult = {
    url,
    version: item.write_id?.S ?? pythonVersion(item),
    order: isOurs ? (numeric(item.order) ?? createdAt) : createdAt,
    success: scalar('success', booleanOf) ?? !isFailure,
    // Zero is how writers that may not write NULL say that there was no answer at all.
    statusCode: statusCode === 0 ? null : statusCode,
    redirectedStatusCode: redirectedStatusCode === 0 ? null : redirectedStatusCode,
    createdAt,
    updatedAt: scalar('updated_at', instantOf) ?? scalar('stored_at', instantOf, 'updated_at'),
    validatedAt: scalar('validated_at', instantOf),
    expiresAt: scalar('result_ttl', epochSecondsOf, 'ttl') ?? scalar('ttl', epochSecondsOf),
    title: title.title,
    sizeBytes: size.sizeBytes,
    truncatedFields: cut.truncatedFields,
    groups: wanted,
    fields,
    failed: failed ?? nothingFailed,
    addedFields: item.shape_marks === undefined ? nothingAdded : new Set(textsOf(item.shape_marks)),
  };
  return { result, parts: parts ?? noParts, needs: without(union(union(title.needs, size.needs), cut.needs), wanted) };

  function readField(name: FieldName): void {
    const stored = reader.read(name);
    if (stored.kind === 'value') fields.set(name, stored.value);
    else if (stored.kind === 'malformed') fail(name, stored.attribute, stored.what);
    else if (stored.kind === 'part') {
      parts ??= new Map();
      parts.set(name, stored.ref);
    }
  }

  function readExtra(): void {
    if (!isOurs) {
      const extra: Record<string, JsonValue> = {};
      const stored = fields.get('extra') ?? null;
      if (typeof stored === 'object' && !(stored instanceof PackedText)) {
        for (const [name, value] of Object.entries(stored ?? {})) setOwn(extra, name, value);
      }
      for (const [name, value] of Object.entries(item)) {
        if (!attributesThatAreNoField.has(name) && !isFieldAttribute(name)) setOwn(extra, name, jsonOf(value));
      }
      if (Object.keys(extra).length > 0) fields.set('extra', extra);
    }
    readField('markdown_extra');
    if (reader.unknownMarkdown !== null && !fields.has('markdown_extra')) {
      fields.set('markdown_extra', reader.unknownMarkdown);
    }
  }

  function readTitle(): { title: string | null; needs: FieldGroups } {
    const own = item.title;
    if (own?.S !== undefined && own.S !== '') return { title: own.S, needs: groups.none };
    const metadata = reader.read('metadata');
    if (metadata.kind === 'part') return { title: null, needs: groupOf('metadata') };
    if (metadata.kind === 'malformed') fail('title', metadata.attribute, metadata.what);
    if (metadata.kind !== 'value') return { title: null, needs: groups.none };
    const isPacked = metadata.value instanceof PackedText;
    return { title: titleOf(metadata.value), needs: isPacked ? groupOf('metadata') : groups.none };
  }

  function readSize(): { sizeBytes: number | null; needs: FieldGroups } {
    const stored = isOurs ? numeric(item.size_bytes) : null;
    if (stored !== null) return { sizeBytes: stored, needs: groups.none };
    if (!includes(wanted, groups.all)) return { sizeBytes: null, needs: groups.all };
    return { sizeBytes: sizeOfFields(fields, new Set()), needs: groups.none };
  }

  function readTruncated(): { truncatedFields: readonly string[] | null; needs: FieldGroups } {
    if (isOurs) return { truncatedFields: textsOf(item.truncated_fields), needs: groups.none };
    const needed = union(groupOf('html'), groupOf('cleaned_html'));
    if (!includes(wanted, needed)) return { truncatedFields: null, needs: needed };
    const names = (['html', 'cleaned_html'] as const).filter((name) => {
      const text = fields.get(name);
      return typeof text === 'string' && isCutShort(text);
    });
    return { truncatedFields: names, needs: groups.none };
  }

  function scalar<Value>(
    attribute: string,
    read: (value: AttributeValue) => Value | null | Malformed,
    name: string = attribute,
  ): Value | null {
    const value = item[attribute];
    if (value === undefined) return null;
    const decoded = read(value);
    if (!isMalformed(decoded)) return decoded;
    fail(name as ScalarName, attribute, decoded.malformed);
    return null;
  }

  function fail(name: FieldName | ScalarName, attribute: string, what: string): void {
    const message = `The stored attribute ${attribute} is ${what}.`;
    failed ??= new Map();
    failed.set(name, new CrawlgateError('MALFORMED_ITEM', message, { url, attribute }));
  }
}

const nothingFailed: CrawlResult['failed'] = new Map();
const nothingAdded: CrawlResult['addedFields'] = new Set();
const noParts: DecodedRecord['parts'] = new Map();

const fieldAttributes: ReadonlySet<string> = new Set([...largeFields, 'markdown_extra']);

function isFieldAttribute(name: string): boolean {
  return name === 'markdown' || name.endsWith('_packed') || fieldAttributes.has(name);
}

// Python's items carry no id of their write; these times tell one write from another.
function pythonVersion(item: Item): string {
  const { created_at, updated_at, crawled_at, stored_at, ttl } = item;
  // Joined, not added up: what is added up stays a tree of its pieces for as long as memory holds it.
  const parts = ['python', timeOf(created_at), timeOf(updated_at), timeOf(crawled_at), timeOf(stored_at), timeOf(ttl)];
  return parts.join('|');
}

function timeOf(value: AttributeValue | undefined): string {
  return value?.S ?? value?.N ?? '';
}

function numeric(value: AttributeValue | undefined): Instant | null {
  const number = Number(value?.N ?? Number.NaN);
  return Number.isSafeInteger(number) ? (number as Instant) : null;
}

function textsOf(value: AttributeValue | undefined): readonly string[] {
  return (value?.L ?? []).flatMap((element) => (element.S === undefined ? [] : [element.S]));
}
