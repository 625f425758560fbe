// Packed text as one binary attribute: CRC-32 and length of the text, then the deflated bytes.
import { PackedText } from '../domain/packed-text.js';

/** Bytes before the deflated text: CRC-32 (4) and length (6), big-endian. */
const headerBytes = 10;

/** The attribute's bytes. */
export function toBinary(packed: PackedText): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32BE(packed.crc32, 0);
  header.writeUIntBE(packed.length, 4, 6);
  return Buffer.concat([header, packed.deflated]);
}

/** The text those bytes hold, null where they are too few to be any. The deflated bytes are not copied. */
export function fromBinary(bytes: Uint8Array): PackedText | null {
  if (bytes.byteLength <= headerBytes) return null;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return new PackedText(buffer.subarray(headerBytes), buffer.readUInt32BE(0), buffer.readUIntBE(4, 6));
}
