// A packed text as its bytes, for clients that do not take gzip: in pieces, and off the event loop.
import { promisify } from 'node:util';
import { constants, createInflateRaw, inflateRaw } from 'node:zlib';
import type { PackedText } from '../domain/packed-text.js';

const inflateWhole = promisify(inflateRaw);
// Packed texts have no final block.
const finishFlush = constants.Z_SYNC_FLUSH;
const pieceBytes = 65_536;

/** The JSON text, a piece at a time; the next is not made before it is asked for. */
export async function* inflateSegment({ deflated, length }: PackedText): AsyncGenerator<Buffer> {
  if (length <= pieceBytes) {
    yield await inflateWhole(deflated, { finishFlush, chunkSize: length + 1 });
    return;
  }
  const inflate = createInflateRaw({ finishFlush, chunkSize: pieceBytes });
  inflate.end(deflated);
  yield* inflate;
}
