// Where a request's id stands, and what it is: http/ has seen to it that the header is there and safe.

/** The header's name, in lower case as Node has it. */
export const requestIdHeader = 'x-request-id';

/** Null where the request came without a way through http/. */
export function requestIdOf(headers: Readonly<Record<string, unknown>> | undefined): string | null {
  const id = headers?.[requestIdHeader];
  return typeof id === 'string' ? id : null;
}
