// An answer to be: whatever way it takes through the server, it goes out with the gateway's own headers.
import { type OutgoingHttpHeader, type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { GatewayRequest } from './gateway-request.js';

/** What HTTP itself says, from the request and from what is written. Yoga would keep connections that clients want closed. */
const ofConnection: ReadonlySet<string> = new Set(['connection', 'transfer-encoding']);

type Headers = OutgoingHttpHeaders | OutgoingHttpHeader[];

/** To be given to `createServer`. Where nobody used `setHeader`, the head is written in one go from one flat list. */
export class GatewayResponse extends ServerResponse<GatewayRequest> {
  /** What the header x-request-id says; safe to be sent. Empty until it is known. */
  requestId = '';

  override writeHead(status: number, reasonOrHeaders?: string | Headers, given?: Headers): this {
    const headers = typeof reasonOrHeaders === 'string' ? given : reasonOrHeaders;
    const all: OutgoingHttpHeader[] = ['x-content-type-options', 'nosniff', 'referrer-policy', 'no-referrer'];
    // None yet where Node itself refuses the request.
    if (this.requestId !== '') all.push('x-request-id', this.requestId);
    if (Array.isArray(headers)) {
      for (const each of headers) all.push(each);
    } else if (headers !== undefined) {
      for (const name in headers) {
        const value = headers[name];
        if (value !== undefined && !ofConnection.has(name.toLowerCase())) all.push(name, value);
      }
    }
    return typeof reasonOrHeaders === 'string'
      ? super.writeHead(status, reasonOrHeaders, all)
      : super.writeHead(status, all);
  }
}
