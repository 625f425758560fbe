// JSON values as native DynamoDB attributes and back, in one walk each.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { numberOf } from '../../domain/exact-number.js';
import type { JsonValue } from '../../domain/packed-text.js';

/**
 * Levels a value may nest when it stands under a top-level attribute; DynamoDB takes 32 in all.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const maxDepth = 30;

/** Bytes of the longest attribute name, 64 KB less one. */
const maxNameBytes = 65_535;

/** What a stored attribute says as JSON. Sets become lists, binaries base64, a number no double can hold its digits. */
export function jsonOf(value: AttributeValue): JsonValue {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return numberOf(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.NULL !== undefined) return null;
  if (value.L !== undefined) return value.L.map(jsonOf);
  if (value.M !== undefined) {
    const object: Record<string, JsonValue> = {};
    for (const [name, element] of Object.entries(value.M)) setOwn(object, name, jsonOf(element));
    return object;
  }
  if (value.SS !== undefined) return value.SS;
  if (value.NS !== undefined) return value.NS.map(numberOf);
  if (value.B !== undefined) return base64(value.B);
  if (value.BS !== undefined) return value.BS.map(base64);
  return null;
}

/** The native attribute of a value that `isNative` accepts. */
export function attributeOf(value: JsonValue): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value === null) return { NULL: true };
  if (isList(value)) return { L: value.map(attributeOf) };
  const map: Record<string, AttributeValue> = {};
  for (const [name, element] of Object.entries(value)) map[name] = attributeOf(element);
  return { M: map };
}

/** Whether DynamoDB holds the value as it is and hands it back equal. */
export function isNative(value: JsonValue, depth: number = 1): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value === 'number') return isNativeNumber(value);
  if (typeof value === 'boolean' || value === null) return true;
  if (depth > maxDepth) return false;
  if (isList(value)) return value.every((element) => isNative(element, depth + 1));
  return Object.entries(value).every(([name, element]) => isNativeName(name) && isNative(element, depth + 1));
}

// A map of the SDK is a plain object: `__proto__` would be lost there. DynamoDB refuses empty and very long names.
function isNativeName(name: string): boolean {
  return name !== '' && name !== '__proto__' && name.isWellFormed() && Buffer.byteLength(name) <= maxNameBytes;
}

/** Whether a JSON value is a list; unlike Array.isArray this narrows a read-only union both ways. */
export function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Defines a property even where its name is `__proto__`. */
export function setOwn(object: Record<string, JsonValue>, name: string, value: JsonValue): void {
  if (name === '__proto__') {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[name] = value;
  }
}

// 38 digits and 1E-130 to 9.99E+125; a double has 17 digits at most. Minus zero would come back as zero, as in JSON text.
function isNativeNumber(value: number): boolean {
  const magnitude = Math.abs(value);
  return Number.isFinite(value) && (magnitude === 0 || (magnitude >= 1e-130 && magnitude < 9.99e125));
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
