// Only JSON is a request body: a form or plain text could be sent by any web page without the browser asking first.
import { GraphQLError } from 'graphql';
import type { FetchAPI, Plugin } from 'graphql-yoga';
import type { Admitted } from '../context.js';
import { invalidJson, invalidJsonMessage } from '../invalid-json.js';

/**
 * Answers 415 to a POST of anything but application/json before its body is read, 413 to one that is larger than its caller
 * may send, 400 to a GET with broken JSON.
 */
export function useJsonPosts(): Plugin<object, Partial<Admitted>> {
  return {
    onRequestParse: ({ request, requestParser, setRequestParser, serverContext, endResponse, fetchAPI }) => {
      if (request.method === 'POST' && !(requestParser && isJson(request.headers.get('content-type')))) {
        const message = 'A POST takes a body of content-type application/json.';
        endResponse(
          fetchAPI.Response.json(
            { errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] },
            { status: 415, statusText: 'Unsupported Media Type', headers: { accept: 'application/json' } },
          ),
        );
      }
      const { maxBodyBytes } = serverContext;
      if (request.method === 'POST' && requestParser !== undefined) {
        setRequestParser(async (parsed) => {
          try {
            return await requestParser(maxBodyBytes === undefined ? parsed : bounded(parsed, maxBodyBytes, fetchAPI));
          } catch (error) {
            // Yoga's error has all of the body in its extensions.
            throw error instanceof GraphQLError && error.message === invalidJsonMessage ? invalidJson() : error;
          }
        });
      }
      if (request.method === 'GET' && requestParser !== undefined) {
        setRequestParser((parsed) => {
          try {
            return requestParser(parsed);
          } catch (error) {
            // Yoga parses `variables` and `extensions` of a GET with a bare JSON.parse.
            if (!(error instanceof SyntaxError)) throw error;
            throw new GraphQLError('The parameters variables and extensions take JSON.', {
              extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
            });
          }
        });
      }
    },
  };
}

/** The request with a body that fails, in yoga's words, where it becomes longer than it may be. */
function bounded(request: Request, maxBytes: number, fetchAPI: FetchAPI): Request {
  if (request.body === null) return request;
  let bytes = 0;
  const counter = new fetchAPI.TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes <= maxBytes) controller.enqueue(chunk);
      else controller.error(tooLarge());
    },
  });
  const { url, method, headers, signal } = request;
  const body = request.body.pipeThrough(counter);
  return new fetchAPI.Request(url, { method, headers, signal, body, duplex: 'half' } as RequestInit);
}

function tooLarge(): GraphQLError {
  const extensions = { http: { status: 413 }, code: 'REQUEST_ENTITY_TOO_LARGE' };
  return new GraphQLError('Request body too large', { extensions });
}

function isJson(contentType: string | null): boolean {
  return contentType?.split(';')[0]?.trim().toLowerCase() === 'application/json';
}
