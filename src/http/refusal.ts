// What the HTTP layer answers by itself: JSON, and for refusals the shape of a GraphQL error, so that clients read one.
import type { ServerResponse } from 'node:http';

/** Codes of answers that never reached GraphQL. */
export type HttpErrorCode =
  | 'BAD_REQUEST'
  | 'HOST_NOT_ALLOWED'
  | 'NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'REQUEST_TIMEOUT'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'HEADERS_TOO_LARGE'
  | 'INTERNAL_SERVER_ERROR';

/** A request that is not answered, and why. */
export interface Refusal {
  readonly status: number;
  readonly code: HttpErrorCode;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The body of a refusal. */
export function refusalBody({ code, message }: Pick<Refusal, 'code' | 'message'>): string {
  return JSON.stringify({ errors: [{ message, extensions: { code } }] });
}

/** Answers with a refusal. */
export function refuse(response: ServerResponse, refusal: Refusal): void {
  sendJson(response, refusal.status, refusalBody(refusal), refusal.headers);
}

/** Answers with JSON text. */
export function sendJson(
  response: ServerResponse,
  status: number,
  json: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(json),
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(json);
}
