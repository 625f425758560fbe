// Vary of an answer that has reasons of its own to differ, beside those that the answer to be was given before.
import type { ServerResponse } from 'node:http';

/** What was said so far (CORS says `origin`) and the request headers `own`; a header given to writeHead would replace the first. */
export function varyOf(response: ServerResponse, own: string): string {
  const said = response.getHeader('vary');
  return said === undefined ? own : `${said}, ${own}`;
}
