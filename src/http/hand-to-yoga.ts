// The long way: yoga's own adapter, for what is not JSON in and one JSON answer out.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { GatewayYoga } from '../graphql/yoga.js';
import type { AdmittedRequest } from './graphql-route.js';

/** Has yoga answer. Its adapter takes a body that was read already from where Node's frameworks leave it: `request.body`. */
export async function handToYoga(
  yoga: GatewayYoga,
  request: IncomingMessage,
  response: ServerResponse,
  { caller, body }: AdmittedRequest,
): Promise<void> {
  // A stream of one piece: of a text or buffer the adapter would first list every index.
  const given = body === null ? request : Object.assign(request, { body: Readable.from([body]) });
  await yoga.handle(given, response, { caller });
}
