// A stream that commands write to, and what they wrote.
import { PassThrough } from 'node:stream';

/** A terminal or a pipe. */
export function captureOutput(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY });
  let text = '';
  stream.on('data', (chunk) => {
    text += String(chunk);
  });
  return { stream, text: () => text };
}
