// Stands before dynalite: browsers cannot reach it, and requests that would end its process are answered here.
import { EventEmitter } from 'node:events';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { nestsDeeperThan } from './json-depth.js';

export interface GuardOptions {
  /** The dynalite server, which does not listen itself: requests are handed to its handler. */
  readonly engine: Server;
}

/**
 * A handler that refuses with 403 what a web page could send: an `Origin` or `Sec-Fetch-Site` header, or a `Host` other than
 * localhost, 127.0.0.1 or [::1]. dynalite adds CORS headers only to requests with an `Origin`, so none ever leaves.
 */
export function createGuard({ engine }: GuardOptions): RequestListener {
  return (request, response) => {
    const refusal = refuse(request);
    if (refusal !== null) {
      request.resume();
      response.setHeader('Connection', 'close');
      answer(response, 403, 'com.amazon.coral.service#AccessDeniedException', refusal);
      return;
    }
    readBody(request, (body) => {
      if (body === null) {
        response.setHeader('Connection', 'close');
        answer(response, 413, 'com.amazon.coral.service#RequestEntityTooLargeException', 'Over 16 MiB.');
      } else if (nestsDeeperThan(body, MAX_JSON_DEPTH)) {
        answer(response, 400, 'com.amazon.coral.validate#ValidationException', TOO_DEEP);
      } else if (request.headers['x-amz-target'] === 'DynamoDB_20120810.DescribeTimeToLive') {
        // dynalite says DISABLED of every table and has no UpdateTimeToLive: whoever believed it would try for ever.
        answer(response, 400, 'com.amazon.coral.service#UnknownOperationException', '');
      } else {
        handOver(engine, request, body, response);
      }
    });
  };
}

const MAX_BODY_BYTES = 16 * 1024 * 1024;

// AWS takes 32 levels of attributes, each of which is two of JSON, inside the few of a BatchWriteItem.
const MAX_JSON_DEPTH = 100;
const TOO_DEEP = 'Nesting Levels have exceeded supported limits: attributes can be nested up to 32 levels deep';

const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

function refuse({ headers }: IncomingMessage): string | null {
  if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined) {
    return 'The embedded engine does not answer browsers.';
  }
  if (!LOOPBACK_HOST.test(headers.host ?? '')) {
    return 'The embedded engine answers only to the hosts localhost, 127.0.0.1 and [::1].';
  }
  return null;
}

/** Calls back with the whole body, or with null as soon as it is over the limit; never, if the client leaves before its end. */
function readBody(request: IncomingMessage, done: (body: Buffer | null) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const finish = (body: Buffer | null): void => {
    request.removeAllListeners('data').removeAllListeners('end');
    request.resume();
    done(body);
  };
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    chunks.push(chunk);
    if (bytes > MAX_BODY_BYTES) finish(null);
  });
  request.on('end', () => finish(Buffer.concat(chunks, bytes)));
  // dynalite throws this one, and with it the process, whenever a client goes away in the middle of its request.
  request.on('error', () => {});
}

// dynalite gets the body in one synchronous piece, so that what it throws over a request can be caught here (a body of `null`,
// say); what it throws later, over its store, ends the process, as it may leave locks behind.
function handOver(
  engine: Server,
  { method, headers, url }: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): void {
  const query = url?.indexOf('?') ?? -1;
  const request = Object.assign(new EventEmitter(), {
    method,
    headers,
    // Absolute or malformed targets make dynalite's URL parser throw; it looks at the query alone.
    url: query === -1 ? '/' : `/${url?.slice(query)}`,
  });
  try {
    engine.emit('request', request, response);
    if (body.length > 0) request.emit('data', body);
    request.emit('end');
  } catch {
    if (response.headersSent) response.destroy();
    else answer(response, 400, 'com.amazon.coral.service#SerializationException', 'The request cannot be read.');
  }
}

function answer(response: ServerResponse, status: number, type: string, message: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/x-amz-json-1.0');
  response.end(JSON.stringify({ __type: type, message }));
}
