// Pieces of a body as one gzip member (RFC 1952), without compressing anything again.
import { crc32 } from 'node:zlib';
import { combineCrc32 } from './crc32-combine.js';
import type { Piece } from './segments.js';

// No name, no time, no flags; the operating system is unknown.
const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
/** An empty stored block that is the last. */
const finalBlock = [0x01, 0x00, 0x00, 0xff, 0xff] as const;
/** Bytes that a stored block can hold (https://www.rfc-editor.org/rfc/rfc1951#section-3.2.4). */
const maxStored = 65_535;

/**
 * The member's bytes: plain pieces in stored blocks, packed ones as they are between them. Packed bytes are shared with
 * whoever else holds them and must not be written to.
 */
export function gzipMember(pieces: readonly Piece[]): readonly Buffer[] {
  const parts: Buffer[] = [header];
  let crc = 0;
  let length = 0;
  for (const piece of pieces) {
    if (Buffer.isBuffer(piece)) {
      pushStored(parts, piece);
      crc = crc32(piece, crc);
    } else {
      parts.push(piece.deflated);
      crc = combineCrc32(crc, piece.crc32, piece.length);
    }
    length += piece.length;
  }
  const trailer = Buffer.allocUnsafe(finalBlock.length + 8);
  trailer.set(finalBlock);
  trailer.writeUInt32LE(crc, finalBlock.length);
  trailer.writeUInt32LE(length % 2 ** 32, finalBlock.length + 4);
  parts.push(trailer);
  return parts;
}

function pushStored(parts: Buffer[], bytes: Buffer): void {
  for (let start = 0; start < bytes.length; start += maxStored) {
    const size = Math.min(maxStored, bytes.length - start);
    const block = Buffer.allocUnsafe(5 + size);
    block[0] = 0;
    block.writeUInt16LE(size, 1);
    block.writeUInt16LE(size ^ 0xffff, 3);
    bytes.copy(block, 5, start, start + size);
    parts.push(block);
  }
}
