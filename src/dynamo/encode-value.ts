// A field as a native attribute in one of the two dialects, or the word that only packing keeps it whole.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type FieldName, kindOf } from '../domain/fields.js';
import type { JsonValue } from '../domain/packed-text.js';
import { attributeOf, isNative } from './attribute-json.js';

/** How maps and lists lie in an item of the document layout: native, or as JSON text as some Python writers do. */
export type Dialect = 'maps' | 'json';

/** The attribute, or null where DynamoDB or our own reading would not hand the value back equal. */
export function nativeValue(field: FieldName, value: JsonValue, dialect: Dialect): AttributeValue | null {
  if (kindOf(field) === 'text') return typeof value === 'string' && value.isWellFormed() ? { S: value } : null;
  if (dialect === 'json') return { S: JSON.stringify(value) };
  // A text where a document is expected is read as JSON text.
  return typeof value !== 'string' && isNative(value) ? attributeOf(value) : null;
}
