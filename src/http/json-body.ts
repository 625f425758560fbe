// The body of a POST of JSON: read up to a limit, then taken as the parameters of an operation.
import type { GraphQLParams } from 'graphql-yoga';
import { createGraphQLError } from 'graphql-yoga';
import { invalidJson } from '../graphql/invalid-json.js';
import type { GatewayRequest } from './gateway-request.js';
import type { Refusal } from './refusal.js';
import type { Place } from './room.js';

/** Chunks that lie loose: of a byte each, as a caller may send them, one takes a hundred times what is counted of it. */
const mostLoose = 1_024;

/**
 * Reads all of the body as text, whatever its bytes, held at `place` as they come, and calls `done` once: with a refusal where
 * it becomes longer than `maxBytes` or there is no more room, with null where the client went before it had sent it.
 */
export function readBody(
  request: GatewayRequest,
  place: Place,
  maxBytes: number,
  done: (body: string | Refusal | null) => void,
): void {
  let chunks: Buffer[] = [];
  let bytes = 0;
  /** Of the chunks, how many were put together already. */
  let whole = 0;
  let isDone = false;
  function end(body: string | Refusal | null): void {
    if (isDone) return;
    isDone = true;
    // An idle connection holds its last request, and that would hold these.
    chunks = [];
    done(body);
  }
  request.takeBody((chunk) => {
    if (chunk === null) {
      end((chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))?.toString() ?? '');
      return;
    }
    // What still comes is let go; the server waits for its end only so long.
    if (isDone) return;
    bytes += chunk.length;
    const refusal = bytes > maxBytes ? tooLarge(maxBytes) : place.hold(chunk.length);
    if (refusal === null) {
      chunks.push(chunk);
      if (chunks.length - whole >= mostLoose) {
        chunks.push(Buffer.concat(chunks.splice(whole)));
        whole += 1;
      }
      return;
    }
    request.leaveBody();
    end(refusal);
  });
  // Without a listener for errors Node emits none where a client goes; this comes in any case.
  request.on('close', () => end(null));
}

/** A body that is, or becomes, longer than its caller may send. */
export function tooLarge(maxBytes: number): Refusal {
  const message = `The request's body is larger than the ${maxBytes} bytes that this caller may send.`;
  return { status: 413, code: 'PAYLOAD_TOO_LARGE', message, facts: { limit: maxBytes } };
}

/** The parameters in a body, not yet looked at. @throws GraphQLError for what is no JSON object, in yoga's words. */
export function paramsOf(body: string): GraphQLParams {
  const params = parse(body);
  if (params === null || typeof params !== 'object') {
    const given = params === null ? 'null' : typeof params;
    throw badRequest(`POST body is expected to be object but received ${given}`);
  }
  if (Array.isArray(params)) throw badRequest('Batching is not supported.');
  return params;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw invalidJson();
  }
}

function badRequest(message: string): Error {
  return createGraphQLError(message, { extensions: { http: { status: 400 }, code: 'BAD_REQUEST' } });
}
