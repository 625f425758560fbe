// Packed text as one binary attribute: CRC-32 and length of the text, then the deflated bytes.
import { PackedText } from '../../domain/packed-text.js';

/** Bytes before the deflated text: CRC-32 (4) and length (6), big-endian. */
const headerBytes = 10;

/** The attribute's bytes. */
export function toBinary(packed: PackedText): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32BE(packed.crc32, 0);
  header.writeUIntBE(packed.length, 4, 6);
  return Buffer.concat([header, packed.deflated]);
}

/** What a sync flush ends every packed text with: https://www.rfc-editor.org/rfc/rfc1951#section-3.2.4 */
const syncFlush = Buffer.from([0x00, 0x00, 0xff, 0xff]);

/** The text those bytes hold, null where they cannot be any. The deflated bytes are not copied. */
export function fromBinary(bytes: Uint8Array): PackedText | null {
  if (bytes.byteLength < headerBytes + syncFlush.byteLength) return null;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Bytes that somebody else put there would spoil the whole answer that they are spliced into.
  if (!buffer.subarray(-syncFlush.byteLength).equals(syncFlush)) return null;
  return new PackedText(buffer.subarray(headerBytes), buffer.readUInt32BE(0), buffer.readUIntBE(4, 6));
}
