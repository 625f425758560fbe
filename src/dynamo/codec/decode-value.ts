// One stored attribute as the text, number, moment or JSON value that its name promises, or the word that it is not.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type Instant, instantOfSeconds, parseInstant } from '../../domain/instant.js';
import type { JsonValue } from '../../domain/packed-text.js';
import { isWithinDepth, maxJsonDepth, parsePythonJson } from '../../domain/python-json.js';
import { isList, jsonOf } from './attribute-json.js';

/** An attribute that is not what its name promises; `what` says what it is instead. */
export interface Malformed {
  readonly malformed: string;
}

/** Whether a decoded value is the word that it is malformed. */
export function isMalformed(value: unknown): value is Malformed {
  return typeof value === 'object' && value !== null && 'malformed' in value && value instanceof MalformedValue;
}

class MalformedValue implements Malformed {
  readonly malformed: string;
  constructor(what: string) {
    this.malformed = what;
  }
}

/** The word that a value is malformed. */
export function malformed(what: string): Malformed {
  return new MalformedValue(what);
}

/** Largest and smallest GraphQL Int. */
const maxInt = 2 ** 31 - 1;

/** A number as DynamoDB and Python write one; `Number` alone also takes blanks, hexadecimal and `Infinity`. */
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** A text. Binaries are accepted where `binaryAsBase64` says so: `pdf` and `screenshot` as some writers store them. */
export function textOf(value: AttributeValue, binaryAsBase64: boolean): string | null | Malformed {
  if (value.S !== undefined) return value.S;
  if (value.NULL !== undefined) return null;
  if (value.B !== undefined && binaryAsBase64) return Buffer.from(value.B).toString('base64');
  return malformed(`${typeName(value)} where a text was expected`);
}

/** A JSON value: native, or as JSON text. An empty text is how some writers say that there is none. */
export function documentOf(value: AttributeValue, shape: 'object' | 'any'): JsonValue | Malformed {
  if (value.S === '') return null;
  const document = value.S === undefined ? nativeDocument(value) : parsePythonJson(value.S);
  if (document === undefined) {
    const expected = shape === 'object' ? 'a map' : 'a JSON value';
    return malformed(
      value.S === undefined ? `${typeName(value)} where ${expected} was expected` : 'a text that is no JSON',
    );
  }
  if (shape === 'object' && document !== null && (typeof document !== 'object' || isList(document))) {
    return malformed(`a ${Array.isArray(document) ? 'list' : typeof document} where a map was expected`);
  }
  return isWithinDepth(document) ? document : malformed(`nested deeper than ${maxJsonDepth} levels`);
}

function nativeDocument(value: AttributeValue): JsonValue | undefined {
  const isDocument =
    value.M !== undefined || value.L !== undefined || value.N !== undefined || value.BOOL !== undefined || value.NULL;
  return isDocument ? jsonOf(value) : undefined;
}

/** A whole number that fits a GraphQL Int, as N or as its digits. */
export function intOf(value: AttributeValue): number | null | Malformed {
  if (value.NULL !== undefined) return null;
  const text = value.N ?? value.S;
  if (text === undefined) return malformed(`${typeName(value)} where a number was expected`);
  if (text === '') return null;
  const number = decimal.test(text) ? Number(text) : Number.NaN;
  if (!Number.isInteger(number) || Math.abs(number) > maxInt) return malformed('not a whole number of 32 bits');
  return number;
}

/** Seconds since 1970, whole; a fraction is cut off as DynamoDB does. */
export function epochSecondsOf(value: AttributeValue): number | null | Malformed {
  if (value.NULL !== undefined || value.S === '') return null;
  const text = value.N ?? value.S ?? '';
  const seconds = decimal.test(text) ? Math.floor(Number(text)) : Number.NaN;
  return Number.isFinite(seconds) ? seconds : malformed('no number of seconds');
}

/** True or false, also as 1 and 0 or Python's words. */
export function booleanOf(value: AttributeValue): boolean | null | Malformed {
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.NULL !== undefined) return null;
  if (value.N === '1' || /^true$/i.test(value.S ?? '')) return true;
  if (value.N === '0' || /^false$/i.test(value.S ?? '')) return false;
  return malformed('neither true nor false');
}

/** A moment: ISO 8601 text, or seconds since 1970 as N. */
export function instantOf(value: AttributeValue): Instant | null | Malformed {
  if (value.NULL !== undefined || value.S === '') return null;
  if (value.N !== undefined) {
    const instant = instantOfSeconds(Number(value.N));
    return Number.isSafeInteger(instant) ? instant : malformed('no moment');
  }
  return (value.S === undefined ? null : parseInstant(value.S)) ?? malformed('no ISO 8601 moment');
}

function typeName(value: AttributeValue): string {
  return `DynamoDB type ${Object.keys(value)[0] ?? 'unknown'}`;
}
