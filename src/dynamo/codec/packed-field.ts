// A field's packed bytes as they go into an attribute or into parts.
import { createHash } from 'node:crypto';
import { type JsonValue, pack } from '../../domain/packed-text.js';
import { toBinary } from './packed-binary.js';
import type { PartRef } from './part-ref.js';

/** Bytes of one part's content: an item of 400 KB less its key and its few other attributes. */
const chunkBytes = 400_000;

/** Packed bytes and the reference under which this write stores them if they go into parts. */
export interface PackedField {
  readonly bytes: Buffer;
  readonly ref: PartRef;
}

/** Packs one value for the write `writeId`. */
export async function packField(value: JsonValue, writeId: string): Promise<PackedField> {
  const bytes = toBinary(await pack(value));
  return {
    bytes,
    ref: {
      hash: createHash('sha256').update(bytes).digest('hex'),
      writeId,
      chunks: Math.ceil(bytes.byteLength / chunkBytes),
      bytes: bytes.byteLength,
    },
  };
}

/** The contents of the parts, in order. */
export function chunksOf(field: PackedField): readonly Buffer[] {
  return Array.from({ length: field.ref.chunks }, (_, index) =>
    field.bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
}
