// What the HTTP layer answers by itself: JSON, and for refusals the shape of a GraphQL error, so that clients read one.
import type { ServerResponse } from 'node:http';
import { requestIdOf } from '../domain/request-id.js';
import type { RefusalCode } from '../errors.js';
import type { Events } from '../observability/events.js';

/** A request that is not answered, and why. */
export interface Refusal {
  readonly status: number;
  readonly code: RefusalCode;
  readonly message: string;
  /** What `extensions` say beside the code. */
  readonly facts?: Readonly<Record<string, string | number>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A caller, or an address with keys that are none, that has to wait. */
export function tooManyRequests(seconds: number): Refusal {
  return {
    status: 429,
    code: 'TOO_MANY_REQUESTS',
    message: 'This caller has asked as often as it may in a minute (CRAWLGATE_MAX_REQUESTS_PER_MINUTE).',
    headers: { 'retry-after': String(seconds) },
  };
}

/** The body of a refusal. */
export function refusalBody({
  code,
  message,
  facts,
}: Pick<Refusal, 'message' | 'facts'> & { readonly code: string }): string {
  return JSON.stringify({ errors: [{ message, extensions: { code, ...facts } }] });
}

/** Answers with a refusal, and tells it to the events. */
export type Refuse = (response: ServerResponse, refusal: Refusal) => void;

/** Makes the function. */
export function createRefuse(events: Pick<Events, 'refusedRequest'>): Refuse {
  return (response, refusal) => {
    const { req: request } = response;
    events.refusedRequest({
      code: refusal.code,
      requestId: requestIdOf(request.headers),
      address: request.socket.remoteAddress ?? null,
    });
    sendJson(response, refusal.status, refusalBody(refusal), refusal.headers);
  };
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
