// What the HTTP layer answers by itself: JSON, and for refusals the shape of a GraphQL error, so that clients read one.
import type { ServerResponse } from 'node:http';

/** Codes of answers that never reached GraphQL. */
export type HttpErrorCode =
  | 'BAD_REQUEST'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'HOST_NOT_ALLOWED'
  | 'NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'REQUEST_TIMEOUT'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'TOO_MANY_REQUESTS'
  | 'HEADERS_TOO_LARGE'
  | 'TOO_BUSY'
  | 'KEYS_UNAVAILABLE'
  | 'INTERNAL_SERVER_ERROR';

/** A request that is not answered, and why. */
export interface Refusal {
  readonly status: number;
  readonly code: HttpErrorCode;
  readonly message: string;
  /** What `extensions` say beside the code. */
  readonly facts?: Readonly<Record<string, string | number>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The body of a refusal. */
export function refusalBody({ code, message, facts }: Pick<Refusal, 'code' | 'message' | 'facts'>): string {
  return JSON.stringify({ errors: [{ message, extensions: { code, ...facts } }] });
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
