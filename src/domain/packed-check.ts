// Whether packed bytes may go into an answer as they are. One bad segment would make the whole answer unreadable.
import { constants, crc32, createInflateRaw } from 'node:zlib';
import type { PackedText } from './packed-text.js';

/** What a packed text holds, or that its bytes are not what was packed. */
export type PackedKind = 'text' | 'json' | 'damaged';

// By object: memory and every answer made from it share one, so a segment is looked at once and not for each answer.
const known = new WeakMap<PackedText, PackedKind | Promise<PackedKind>>();

/** The final empty block that an answer ends with: behind it a segment must be a complete stream. */
const ending = Buffer.from([0x03, 0x00]);
const quote = 0x22;

/**
 * Inflates once, off the event loop and piece by piece, and remembers what it found: the bytes give the length and CRC-32
 * that they are said to have, end at a byte, and hold no final block of their own. A promise only the first time.
 */
export function checkPacked(packed: PackedText): PackedKind | Promise<PackedKind> {
  const remembered = known.get(packed);
  if (remembered !== undefined) return remembered;
  const checking = inflateAndCheck(packed).then((kind) => {
    known.set(packed, kind);
    return kind;
  });
  known.set(packed, checking);
  return checking;
}

function inflateAndCheck(packed: PackedText): Promise<PackedKind> {
  return new Promise((resolve) => {
    const inflate = createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH });
    let length = 0;
    let crc = 0;
    let first: number | undefined;
    const damaged = (): void => {
      inflate.destroy();
      resolve('damaged');
    };
    inflate.on('error', damaged);
    inflate.on('data', (chunk: Buffer) => {
      first ??= chunk[0];
      length += chunk.length;
      crc = crc32(chunk, crc);
      // Told to be short and inflating without end: nobody needs to see where it goes.
      if (length > packed.length) damaged();
    });
    inflate.on('end', () => {
      const isWhole = length === packed.length && crc === packed.crc32;
      // Bytes behind a final block are not taken: the ending would be left over.
      const isOpen = inflate.bytesWritten === packed.deflated.length + ending.length;
      if (!isWhole || !isOpen) damaged();
      else resolve(first === quote ? 'text' : 'json');
    });
    inflate.write(packed.deflated);
    inflate.end(ending);
  });
}
