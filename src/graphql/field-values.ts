// How a stored value becomes the value of an API field. Every field passes here; the large ones may stay packed.
import type { CrawlResult, ScalarName } from '../domain/crawl-result.js';
import type { FieldName } from '../domain/fields.js';
import { type Instant, instantOfSeconds } from '../domain/instant.js';
import { checkPacked, type PackedKind } from '../domain/packed-check.js';
import { type JsonValue, PackedText } from '../domain/packed-text.js';
import { givenField, isGiven, storedField } from '../domain/record-field.js';
import { CrawlgateError } from '../errors.js';
import type { SpliceText } from './context.js';
import type { ResultView } from './result-view.js';
import { textOf } from './tolerant-json.js';

type RecordView = Pick<ResultView, 'record'>;

/** What a resolver must know of its operation. */
type SpliceContext = { readonly splice: SpliceText | null };

/** Bytes from which a packed text is worth its place in the body. What is shorter is unpacked: `""` and `null` above all. */
const minSplicedBytes = 256;

/** A resolver of a text field. */
export function textField(
  name: FieldName,
): (view: RecordView, args: unknown, context: SpliceContext) => string | null | Promise<string | null> {
  const unpacked = mappedField(name, textOf);
  return (view, _args, { splice }) =>
    splicedOr(view.record, name, splice, {
      splicedAs: (kind, placeholder) => (kind === 'text' ? placeholder() : null),
      unpacked: () => unpacked(view),
    });
}

/** A resolver of a JSON field. */
export function jsonField(
  name: FieldName,
): (view: RecordView, args: unknown, context: SpliceContext) => JsonValue | Promise<JsonValue> {
  const unpacked = mappedField(name, (value) => value);
  return (view, _args, { splice }) =>
    splicedOr(view.record, name, splice, { splicedAs: anyKind, unpacked: () => unpacked(view) });
}

/** `storedField` for a value that goes into the answer whole, wherever it stands there. */
export function storedFieldFor(splice: SpliceText | null): typeof storedField {
  return (record, name) =>
    splicedOr(record, name, splice, { splicedAs: anyKind, unpacked: () => storedField(record, name) });
}

function anyKind(_kind: PackedKind, placeholder: () => string): string {
  return placeholder();
}

/** The field's placeholder where it can go into the answer as it is packed, else its value. Its bytes are checked first. */
function splicedOr<Value, Unpacked>(
  record: CrawlResult,
  name: FieldName,
  splice: SpliceText | null,
  how: {
    readonly splicedAs: (kind: PackedKind, placeholder: () => string) => Value;
    /** Fails where the bytes are damaged, as any other reading does. */
    readonly unpacked: () => Unpacked | Promise<Unpacked>;
  },
): Value | Unpacked | Promise<Value | Unpacked> {
  const packed = splice === null || record.failed.has(name) ? undefined : record.fields.get(name);
  if (splice === null || !(packed instanceof PackedText) || packed.length < minSplicedBytes) return how.unpacked();
  const answerOf = (kind: PackedKind): Value | Unpacked | Promise<Unpacked> =>
    kind === 'damaged' ? how.unpacked() : how.splicedAs(kind, () => splice(packed));
  const kind = checkPacked(packed);
  return kind instanceof Promise ? kind.then(answerOf) : answerOf(kind);
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
  return names.some((name) => record.failed.has(name) || isGiven(record, name));
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
