// Only JSON is a request body: a form or plain text could be sent by any web page without the browser asking first.
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { invalidJson, invalidJsonMessage } from '../invalid-json.js';

/**
 * Answers 415 to a POST of anything but application/json before its body is read, 400 to a GET with broken JSON.
 */
export function useJsonPosts(): Plugin {
  return {
    onRequestParse: ({ request, requestParser, setRequestParser, endResponse, fetchAPI }) => {
      if (request.method === 'POST' && !(requestParser && isJson(request.headers.get('content-type')))) {
        const message = 'A POST takes a body of content-type application/json.';
        endResponse(
          fetchAPI.Response.json(
            { errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] },
            { status: 415, statusText: 'Unsupported Media Type', headers: { accept: 'application/json' } },
          ),
        );
      }
      if (request.method === 'POST' && requestParser !== undefined) {
        setRequestParser(async (parsed) => {
          try {
            return await requestParser(parsed);
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

function isJson(contentType: string | null): boolean {
  return contentType?.split(';')[0]?.trim().toLowerCase() === 'application/json';
}
