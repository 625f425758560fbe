// How a head names the parts that hold a text too large for it: a fixed-size binary value.

/** Names one text's parts. `chunks` items hold its packed bytes in order. */
export interface PartRef {
  /** SHA-256 of the packed bytes (header and deflated text), hex. */
  readonly hash: string;
  /** The id of the write that put the parts. */
  readonly writeId: string;
  readonly chunks: number;
  /** Bytes of all chunks together. */
  readonly bytes: number;
}

const refBytes = 32 + 9 + 2 + 5;

/** The reference as it is stored: hash (32), write id (9), chunks (2), bytes (5). */
export function refToBinary(ref: PartRef): Buffer {
  const binary = Buffer.alloc(refBytes);
  binary.write(ref.hash, 0, 'hex');
  binary.write(ref.writeId, 32, 'base64url');
  binary.writeUInt16BE(ref.chunks, 41);
  binary.writeUIntBE(ref.bytes, 43, 5);
  return binary;
}

/** Null where the bytes are no reference. */
export function refFromBinary(bytes: Uint8Array): PartRef | null {
  if (bytes.byteLength !== refBytes) return null;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    hash: buffer.toString('hex', 0, 32),
    writeId: buffer.toString('base64url', 32, 41),
    chunks: buffer.readUInt16BE(41),
    bytes: buffer.readUIntBE(43, 5),
  };
}
