// One value as JSON text, compressed once when it is written and moved as bytes from then on.
import { promisify } from 'node:util';
import { constants, crc32, createDeflateRaw, inflateRaw } from 'node:zlib';

const inflateRawAsync = promisify(inflateRaw);

/** Any JSON value. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * The JSON text of one value (a string with its quotes and escapes, or a document), raw-deflated and ended with a sync
 * flush so that segments can be joined (RFC 1951 section 3.2.4), with CRC-32 and byte length of the uncompressed text.
 */
export class PackedText {
  readonly deflated: Buffer;
  readonly crc32: number;
  /** Bytes of the JSON text as UTF-8. */
  readonly length: number;

  constructor(deflated: Buffer, crc: number, length: number) {
    this.deflated = deflated;
    this.crc32 = crc;
    this.length = length;
  }
}

/** Characters escaped between two turns of the event loop: about a millisecond of work. */
const sliceLength = 262_144;

/** Packs one value. A long text is escaped in slices and compressed in zlib's threads, so the event loop stays free. */
export async function pack(value: JsonValue, level: number = 6): Promise<PackedText> {
  const deflate = createDeflateRaw({ level, finishFlush: constants.Z_SYNC_FLUSH });
  const chunks: Buffer[] = [];
  deflate.on('data', (chunk: Buffer) => chunks.push(chunk));
  const done = new Promise<void>((resolve, reject) => deflate.once('end', resolve).once('error', reject));
  let crc = 0;
  let length = 0;
  for (const piece of jsonPieces(value)) {
    const bytes = Buffer.from(piece);
    crc = crc32(bytes, crc);
    length += bytes.length;
    // The callback comes when zlib's thread has taken the piece in: a turn of the event loop for each.
    await new Promise<void>((resolve, reject) => {
      deflate.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }
  deflate.end();
  await done;
  return new PackedText(Buffer.concat(chunks), crc, length);
}

/**
 * The value that was packed.
 * @throws RangeError where the bytes are not what was packed (length or CRC-32 differ).
 */
export async function unpack(packed: PackedText): Promise<JsonValue> {
  const text: Buffer = await inflateRawAsync(packed.deflated, { finishFlush: constants.Z_SYNC_FLUSH });
  if (text.length !== packed.length || crc32(text) !== packed.crc32) {
    throw new RangeError(`packed text is ${text.length} bytes, expected ${packed.length}, or its CRC-32 differs`);
  }
  return JSON.parse(text.toString()) as JsonValue;
}

function* jsonPieces(value: JsonValue): Generator<string> {
  if (typeof value !== 'string' || value.length <= sliceLength) {
    yield JSON.stringify(value);
    return;
  }
  yield '"';
  for (let start = 0; start < value.length; ) {
    let end = Math.min(start + sliceLength, value.length);
    // A surrogate pair must not be cut in two: JSON.stringify would escape each half.
    if (end < value.length && isHighSurrogate(value.charCodeAt(end - 1))) end -= 1;
    yield JSON.stringify(value.slice(start, end)).slice(1, -1);
    start = end;
  }
  yield '"';
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
