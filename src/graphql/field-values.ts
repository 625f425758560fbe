// How a stored value becomes the value of an API field. Every large field passes here.
import type { ScalarName } from '../domain/crawl-result.js';
import type { FieldName } from '../domain/fields.js';
import { type Instant, instantOfSeconds } from '../domain/instant.js';
import type { JsonValue } from '../domain/packed-text.js';
import { givenField } from '../domain/record-field.js';
import { CrawlgateError } from '../errors.js';
import type { ResultView } from './result-view.js';
import { textOf } from './tolerant-json.js';

type RecordView = Pick<ResultView, 'record'>;

/** A resolver of a text field. */
export function textField(name: FieldName): (view: RecordView) => string | null | Promise<string | null> {
  return mappedField(name, textOf);
}

/** A resolver of a JSON field. */
export function jsonField(name: FieldName): (view: RecordView) => JsonValue | Promise<JsonValue> {
  return mappedField(name, (value) => value);
}

/** A resolver of a field whose JSON is given in another shape. */
export function mappedField<Value>(
  name: FieldName,
  map: (value: JsonValue) => Value,
): (view: RecordView) => Value | Promise<Value> {
  return ({ record }) => {
    const value = givenField(record, name);
    return value instanceof Promise ? value.then(map) : map(value);
  };
}

/** Whether any of the fields was given, or is stored and could not be read: then its error has a place to stand. */
export function holdsAny({ record }: RecordView, names: readonly FieldName[]): boolean {
  return names.some(
    (name) => record.failed.has(name) || (record.fields.has(name) && givenField(record, name) !== null),
  );
}

/** A small attribute. @throws CrawlgateError MALFORMED_ITEM where it is stored and could not be read. */
export function scalarOf<Value>({ record }: RecordView, attribute: ScalarName, value: Value): Value {
  const error = record.failed.get(attribute);
  if (error !== undefined) throw error;
  return value;
}

/** A small attribute that is always there. */
export function presentScalarOf<Value>(view: RecordView, attribute: ScalarName, value: Value | null): Value {
  if (scalarOf(view, attribute, value) !== null && value !== null) return value;
  const { url } = view.record;
  throw new CrawlgateError('MALFORMED_ITEM', `The stored result of ${url} has no ${attribute}.`, { url, attribute });
}

/** Epoch seconds as a moment; null where it is farther than a date can say, which is as good as never. */
export function instantOfEpoch(seconds: number | null): Instant | null {
  if (seconds === null) return null;
  const instant = instantOfSeconds(seconds);
  return Number.isSafeInteger(instant) ? instant : null;
}
