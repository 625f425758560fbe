// Finds the ends of the answers on one connection: just enough HTTP/1.1 for servers that we started ourselves.

const headEnd = Buffer.from('\r\n\r\n');
const lastChunk = Buffer.from('\r\n0\r\n\r\n');

/** @param {(status: number) => void} onAnswer @returns {(bytes: Buffer) => void} */
export function createAnswerReader(onAnswer) {
  /** Small answers come in one piece nearly always. */
  /** @type {Buffer} */
  let held = Buffer.alloc(0);
  return (bytes) => {
    held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
    for (;;) {
      const split = held.indexOf(headEnd);
      if (split === -1) return;
      const head = held.toString('latin1', 0, split);
      const end = endOfBody(held, split, head);
      if (end === null) return;
      held = held.subarray(end);
      onAnswer(Number(head.slice(9, 12)));
    }
  };
}

/** @param {Buffer} held @param {number} split @param {string} head @returns {number | null} Null: not all is there. */
function endOfBody(held, split, head) {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) {
    const end = split + headEnd.length + Number(length);
    return held.length >= end ? end : null;
  }
  // Chunked. The head's own line break may be the one before the last chunk's size.
  const last = held.indexOf(lastChunk, split + 2);
  return last === -1 ? null : last + lastChunk.length;
}
