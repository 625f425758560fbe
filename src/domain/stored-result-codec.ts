// A stored result as bytes and back, for the memory snapshot: JSON for what is small, packed texts as they are.
import { crc32 } from 'node:zlib';
import { CrawlgateError } from '../errors.js';
import type { CrawlResult, StoredResult } from './crawl-result.js';
import { fieldNames } from './fields.js';
import { type JsonValue, PackedText } from './packed-text.js';

/** Both ways, and the name of the format they share. */
export const storedResultCodec = {
  // Groups are bits in the order of the fields: with other fields the same bits say something else.
  format: `stored-result 1 ${crc32(fieldNames.join()).toString(16)}`,
  encode: encodeStored,
  decode: decodeStored,
} as const;

/** A packed text: where its bytes are among those behind the JSON, its CRC-32 and its length. */
interface PackedPlace {
  readonly start: number;
  readonly bytes: number;
  readonly crc32: number;
  readonly length: number;
}

type Field = readonly [name: string, kind: 'plain', value: JsonValue] | readonly [name: string, 'packed', PackedPlace];

type RecordJson = Omit<CrawlResult, 'fields' | 'failed' | 'addedFields'> & {
  readonly fields: readonly Field[];
  readonly failed: readonly (readonly [name: string, code: string, message: string, facts: object])[];
  readonly addedFields: readonly string[];
};

interface StoredJson {
  readonly success: RecordJson | null;
  readonly failure: RecordJson | null;
}

/** The bytes: length of the JSON, the JSON, then the packed texts one after the other. */
function encodeStored({ success, failure }: StoredResult): readonly Buffer[] {
  const blobs: Buffer[] = [];
  let end = 0;
  const placeOf = (packed: PackedText): PackedPlace => {
    const place = { start: end, bytes: packed.deflated.length, crc32: packed.crc32, length: packed.length };
    blobs.push(packed.deflated);
    end += packed.deflated.length;
    return place;
  };
  const json: StoredJson = { success: toJson(success, placeOf), failure: toJson(failure, placeOf) };
  const text = Buffer.from(JSON.stringify(json));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(text.length);
  return [size, text, ...blobs];
}

/**
 * The result that was encoded, by a gateway of the same format.
 * @throws an error of any kind where the bytes are none that `encodeStored` made.
 */
function decodeStored(bytes: Buffer): StoredResult {
  const start = 4 + bytes.readUInt32LE(0);
  const json = JSON.parse(bytes.toString('utf8', 4, start)) as StoredJson;
  const blobs = bytes.subarray(start);
  return { success: fromJson(json.success, blobs), failure: fromJson(json.failure, blobs) };
}

function toJson(record: CrawlResult | null, placeOf: (packed: PackedText) => PackedPlace): RecordJson | null {
  if (record === null) return null;
  return {
    ...record,
    fields: [...record.fields].map(([name, value]): Field => {
      return value instanceof PackedText ? [name, 'packed', placeOf(value)] : [name, 'plain', value];
    }),
    failed: [...record.failed].map(([name, { code, message, facts }]) => [name, code, message, facts]),
    addedFields: [...record.addedFields],
  };
}

function fromJson(record: RecordJson | null, blobs: Buffer): CrawlResult | null {
  if (record === null) return null;
  return {
    ...record,
    fields: new Map(
      record.fields.map(([name, kind, value]) => [name, kind === 'packed' ? unplace(value, blobs) : value]),
    ) as CrawlResult['fields'],
    failed: new Map(
      record.failed.map(([name, code, message, facts]) => [
        name,
        new CrawlgateError(code as CrawlgateError['code'], message, facts as CrawlgateError['facts']),
      ]),
    ) as CrawlResult['failed'],
    addedFields: new Set(record.addedFields),
  };
}

function unplace({ start, bytes, crc32: crc, length }: PackedPlace, blobs: Buffer): PackedText {
  if (start + bytes > blobs.length) throw new RangeError(`a packed text ends at ${start + bytes} of ${blobs.length}`);
  return new PackedText(blobs.subarray(start, start + bytes), crc, length);
}
