// Answers what is not HTTP, or too much or too slow of it, and so never becomes a request.
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RefusalCode } from '../errors.js';
import { type Refusal, refusalBody } from './refusal.js';

/**
 * Answers on the bare socket and closes it; says with which code, null where nobody hears an answer. `isBusy`: one is under way,
 * into which nothing may be written.
 */
export function answerMalformed(error: Error, socket: Duplex, isBusy: boolean): RefusalCode | null {
  const { status, code, message } = judge(error);
  if (!socket.writable || isBusy) {
    socket.destroy();
    return null;
  }
  const body = refusalBody({ code, message });
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      'x-content-type-options: nosniff',
      'referrer-policy: no-referrer',
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
  return code;
}

function judge(error: Error): Refusal {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'HPE_HEADER_OVERFLOW') {
    return { status: 431, code: 'HEADERS_TOO_LARGE', message: "The request's headers are too large." };
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return { status: 408, code: 'REQUEST_TIMEOUT', message: 'The request did not arrive in time.' };
  }
  return { status: 400, code: 'BAD_REQUEST', message: 'The request is not valid HTTP.' };
}
