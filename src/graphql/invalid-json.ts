// A body that is no JSON, said in one sentence: the parser's own words would repeat the body to whoever reads along.
import { GraphQLError } from 'graphql';

/** HTTP 400, whatever media type the client takes. */
export function invalidJson(): GraphQLError {
  const extensions = { http: { status: 400 }, code: 'BAD_REQUEST' };
  return new GraphQLError(invalidJsonMessage, { extensions });
}

/** Yoga's own words. */
export const invalidJsonMessage = 'POST body sent invalid JSON.';
