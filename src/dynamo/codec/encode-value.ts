// A field as a native attribute in one of the two dialects, or the word that only packing keeps it whole.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { isJsonObject } from '../../domain/crawl4ai-names.js';
import { type FieldName, kindOf } from '../../domain/fields.js';
import type { JsonValue } from '../../domain/packed-text.js';
import { attributeOf, isNative } from './attribute-json.js';
import { objectFields } from './attributes.js';

/** How maps and lists lie in an item of the document layout: native, or as JSON text as some Python writers do. */
export type Dialect = 'maps' | 'json';

/** The attribute, or null where DynamoDB or our own reading would not hand the value back equal. */
export function nativeValue(field: FieldName, value: JsonValue, dialect: Dialect): AttributeValue | null {
  if (kindOf(field) === 'text') return typeof value === 'string' && value.isWellFormed() ? { S: value } : null;
  // Crawl4AI's model has a map there; whatever else was given comes back packed.
  if (objectFields.has(field) && !isJsonObject(value)) return null;
  if (dialect === 'json') return { S: JSON.stringify(value) };
  // A text where a document is expected is read as JSON text.
  return typeof value !== 'string' && isNative(value) ? attributeOf(value) : null;
}
