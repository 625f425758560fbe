// Large texts beside an answer's JSON: each leaves a placeholder there, and the finished JSON is cut at the placeholders.
import { randomUUID } from 'node:crypto';
import type { PackedText } from '../domain/packed-text.js';

/** A part of a body: JSON as it is, or JSON that is packed. */
export type Piece = Buffer | PackedText;

/** The large texts of one answer. */
export interface Segments {
  /** Notes a packed text; the string that takes its place until the body is cut. */
  splice(packed: PackedText): string;
  /** The body as its pieces, in order. Of a text whose placeholder is not in it nothing is left. */
  cut(body: Buffer): readonly Piece[];
}

/**
 * None yet. The placeholders carry a nonce that is drawn for this answer and lives as long as it does, so no text can hold
 * it: nobody knows it before the answer is made. They are plain strings, so every engine, scalar and plugin lets them by;
 * an answer that goes another way than this one must not be given `splice`.
 */
export function createSegments(drawNonce: () => string = randomUUID): Segments {
  const noted: PackedText[] = [];
  let nonce = '';
  return {
    splice(packed) {
      if (noted.length === 0) nonce = drawNonce();
      noted.push(packed);
      return `${nonce}.${noted.length - 1}`;
    },
    cut: (body) => (noted.length === 0 ? [body] : cutAt(body, `"${nonce}.`, noted)),
  };
}

function cutAt(body: Buffer, mark: string, noted: readonly PackedText[]): readonly Piece[] {
  const needle = Buffer.from(mark);
  const pieces: Piece[] = [];
  let from = 0;
  for (let start = body.indexOf(needle); start !== -1; start = body.indexOf(needle, from)) {
    const end = body.indexOf('"', start + needle.length);
    const packed = noted[Number(body.toString('latin1', start + needle.length, end))];
    if (end === -1 || packed === undefined) throw new Error('a placeholder was changed on its way into the answer');
    pieces.push(body.subarray(from, start), packed);
    from = end + 1;
  }
  pieces.push(body.subarray(from));
  return pieces;
}
