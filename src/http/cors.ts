// Which web pages may call the gateway: those of the origins that are named, and no other (https://fetch.spec.whatwg.org/#http-cors-protocol).
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Sets the headers of CORS on an answer to be, where the request comes from a page that may call. */
export type AllowOrigin = (request: IncomingMessage, response: ServerResponse) => void;

const requestHeaders = 'authorization, content-type, traceparent, tracestate, x-crawlgate-cost, x-request-id';
const answerHeaders = 'retry-after, www-authenticate, x-request-id';
/** Seconds that a browser remembers what a preflight said. */
const maxAge = '600';

/**
 * Makes the rule. No origin: no header, ever. Cookies are never allowed: a key is sent by the page that has it, or not at
 * all, so no page can use what a browser would add by itself.
 */
export function createAllowOrigin(origins: readonly string[]): AllowOrigin | null {
  if (origins.length === 0) return null;
  const allowed = new Set(origins);
  return ({ headers, method }, response) => {
    // Said to everybody: a cache must not hand an answer for one origin to another.
    response.setHeader('vary', 'origin');
    const { origin } = headers;
    if (origin === undefined || !allowed.has(origin)) return;
    response.setHeader('access-control-allow-origin', origin);
    if (method !== 'OPTIONS') {
      response.setHeader('access-control-expose-headers', answerHeaders);
      return;
    }
    response.setHeader('access-control-allow-methods', 'GET, POST');
    response.setHeader('access-control-allow-headers', requestHeaders);
    response.setHeader('access-control-max-age', maxAge);
  };
}
