// What the gateway answered, in the form that Lambda hands on: whole, or as a stream.
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** The answer of a handler that is not streamed, payload format 2.0. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** Lambda takes 6 MB of an answer that is not streamed: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const maxAnswerBytes = 6 * 1024 * 1024;
/** Of these, what the headers and the JSON around the body may take. */
const roomBytes = 64 * 1024;

const hopHeaders = new Set(['connection', 'keep-alive', 'transfer-encoding', 'date']);

/** Status and headers; `set-cookie` apart, as Lambda wants it. */
export function headOf(response: IncomingMessage): {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
} {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value === undefined || name === 'set-cookie' || hopHeaders.has(name)) continue;
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  const cookies = response.headers['set-cookie'];
  return { statusCode: response.statusCode ?? 500, headers, ...(cookies === undefined ? {} : { cookies }) };
}

/** The whole answer: text as it is, compressed bytes as base64. One that Lambda would not take is refused with a reason. */
export async function wholeAnswer(response: IncomingMessage): Promise<HttpAnswer> {
  const { headers, ...head } = headOf(response);
  const bytes = await buffer(response);
  const isText =
    headers['content-encoding'] === undefined && /json|text|javascript|svg/.test(headers['content-type'] ?? '');
  const body = bytes.toString(isText ? 'utf8' : 'base64');
  // As text the body is a JSON string within the answer: quotes and backslashes are escaped.
  const sent = isText ? Buffer.byteLength(JSON.stringify(body)) : body.length;
  if (sent > maxAnswerBytes - roomBytes) return tooLarge(sent);
  return { ...head, headers, body, isBase64Encoded: !isText };
}

function tooLarge(bytes: number): HttpAnswer {
  const message =
    `The answer takes ${bytes} bytes and Lambda hands on ${maxAnswerBytes}: ask for fewer URLs or fields, accept gzip, ` +
    'or have answers streamed (streamingHandler behind a function URL).';
  return {
    statusCode: 413,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify({ errors: [{ message, extensions: { code: 'PAYLOAD_TOO_LARGE' } }] }),
    isBase64Encoded: false,
  };
}
