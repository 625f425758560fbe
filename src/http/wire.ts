// From an answer's JSON to the bytes of its body: large texts are spliced in as they were packed, never encoded again.
import type { IncomingMessage, OutgoingHttpHeader, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';
import { PackedText } from '../domain/packed-text.js';
import { chooseEncoding } from './content-encoding.js';
import { gzipMember } from './gzip-member.js';
import { inflateSegment } from './inflate-segment.js';
import type { Piece, Segments } from './segments.js';
import { varyOf } from './vary.js';
import { writeParts } from './write-parts.js';

/** An answer that is ready to be sent. */
export interface WireAnswer {
  readonly status: number;
  /** Without those of the body's length and encoding. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body, with a placeholder for each packed text. */
  readonly json: string;
}

const deflateRawAsync = promisify(deflateRaw);

/**
 * Bytes from which JSON that is not packed yet is compressed: below it the time costs more than the bytes. A hundred
 * lookups without their large texts stay under it.
 */
const minCompressed = 32_768;

/**
 * Sends the answer with the texts of `segments`, null where there are none: small ones at once, and nothing is returned then.
 * Else resolves when all of it was handed over, or when the client has gone.
 */
export function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  answer: WireAnswer,
  segments: Segments | null,
): Promise<void> | undefined {
  const { status, headers, json } = answer;
  if (segments !== null || json.length >= minCompressed) return sendPieces(request, response, answer, segments);
  const bytes = Buffer.byteLength(json);
  const all: OutgoingHttpHeader[] = [];
  for (const name in headers) all.push(name, headers[name] ?? '');
  all.push('content-length', bytes);
  response.writeHead(status, all);
  // One byte for each character: Node need not look for longer ones as it copies. Not by `end`, which sends an empty piece
  // after the body: head and body go out as one text this way, and no list of pieces is made.
  response.write(json, bytes === json.length ? 'latin1' : 'utf8');
  response.socket?.uncork();
  response.end();
  return undefined;
}

async function sendPieces(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, json }: WireAnswer,
  segments: Segments | null,
): Promise<void> {
  const body = Buffer.from(json);
  const pieces = segments?.cut(body) ?? [body];
  const isGzip = chooseEncoding(request.headers['accept-encoding'], ['gzip', 'identity']) === 'gzip';
  const varied = { ...headers, vary: varyOf(response, 'accept-encoding') };
  if (isGzip) {
    const parts = gzipMember(await Promise.all(pieces.map(compressed)));
    response.writeHead(status, { ...varied, 'content-encoding': 'gzip', 'content-length': bytesOf(parts) });
    await writeParts(response, parts);
  } else {
    response.writeHead(status, { ...varied, 'content-length': bytesOf(pieces) });
    await writeParts(response, inflated(pieces));
  }
}

/** A long piece of plain JSON is packed for this one answer; it would be most of its bytes otherwise. */
async function compressed(piece: Piece): Promise<Piece> {
  if (piece instanceof PackedText || piece.length < minCompressed) return piece;
  const deflated: Buffer = await deflateRawAsync(piece, { level: 1, finishFlush: constants.Z_SYNC_FLUSH });
  return new PackedText(deflated, crc32(piece), piece.length);
}

async function* inflated(pieces: readonly Piece[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    if (piece instanceof PackedText) yield* inflateSegment(piece);
    else yield piece;
  }
}

function bytesOf(parts: readonly { readonly length: number }[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}
