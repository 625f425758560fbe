// The body of a POST of JSON: read up to a limit, then taken as the parameters of an operation.
import type { IncomingMessage } from 'node:http';
import type { GraphQLParams } from 'graphql-yoga';
import { createGraphQLError } from 'graphql-yoga';
import { invalidJson } from '../graphql/invalid-json.js';

/** All of the body as text, whatever its bytes; null where the client went before it had sent it. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<string | null> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      // What still comes is let go; the server waits for its end only so long.
      chunks = [];
      reject(refusal('Request body too large', 'REQUEST_ENTITY_TOO_LARGE', { status: 413 }));
    });
    request.on('end', () => resolve((chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))?.toString() ?? ''));
    request.on('error', () => resolve(null));
    request.on('close', () => resolve(null));
  });
}

/** The parameters in a body, not yet looked at. @throws GraphQLError for what is no JSON object, in yoga's words. */
export function paramsOf(body: string): GraphQLParams {
  const params = parse(body);
  if (params === null || typeof params !== 'object') {
    const given = params === null ? 'null' : typeof params;
    throw refusal(`POST body is expected to be object but received ${given}`, 'BAD_REQUEST', { status: 400 });
  }
  if (Array.isArray(params)) throw refusal('Batching is not supported.', 'BAD_REQUEST', { status: 400 });
  return params;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw invalidJson();
  }
}

function refusal(message: string, code: string, http: { readonly status: number }): Error {
  return createGraphQLError(message, { extensions: { http, code } });
}
