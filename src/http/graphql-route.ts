// The one path that does something: GraphiQL for browsers that come by, GraphQL for everybody else.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { mayDo } from '../domain/caller.js';
import type { Admitted } from '../graphql/context.js';
import { idParameters } from '../graphql/persisted-documents.js';
import type { Admit } from './admission.js';
import type { GraphiqlPage } from './graphiql-page.js';
import { type Refusal, refuse } from './refusal.js';
import type { RequestTarget } from './request-target.js';

/** What the route needs. */
export interface GraphqlRouteDeps {
  /** Answers a GraphQL request, streamed bodies over the limit with 413; yoga is one. */
  readonly handleGraphql: (request: IncomingMessage, response: ServerResponse, admitted: Admitted) => unknown;
  /** Null where browsers get none. */
  readonly graphiqlPage: Pick<GraphiqlPage, 'respond'> | null;
  /** Asked for every GraphQL request; GraphiQL's page holds nothing of the data and is everybody's. */
  readonly admit: Admit;
  /** Bytes of the largest request body, of callers that only read and of those that write. */
  readonly maxBodyBytes: number;
  readonly maxWriterBodyBytes: number;
}

/** Answers one request of the path. */
export type Route = (request: IncomingMessage, response: ServerResponse, target: RequestTarget) => Promise<void>;

/** Makes the route. */
export function createGraphqlRoute(deps: GraphqlRouteDeps): Route {
  const { handleGraphql, graphiqlPage, admit } = deps;
  return async (request, response, { path, search }) => {
    const isPost = request.method === 'POST';
    if (!isPost && graphiqlPage !== null && isForGraphiql(request, search)) {
      const page = await graphiqlPage.respond(request.headers);
      response.writeHead(page.status, page.headers);
      response.end(page.body);
      return;
    }
    const judged = admit(request, response);
    const entry = judged instanceof Promise ? await judged : judged;
    if (entry.kind === 'refused') {
      refuse(response, entry.refusal);
      return;
    }
    const { caller } = entry;
    const maxBodyBytes = mayDo(caller, 'write') ? deps.maxWriterBodyBytes : deps.maxBodyBytes;
    if (isPost) {
      const refusal = refuseBody(request, maxBodyBytes);
      if (refusal !== null) {
        refuse(response, refusal);
        return;
      }
      if (request.headers.expect !== undefined) response.writeContinue();
      // A POST's question is its body. What its URL says besides must never decide how it is answered.
      request.url = path;
    } else {
      // HEAD is answered as GET; Node leaves the body out.
      request.method = 'GET';
      request.url = `${path}${search}`;
    }
    await handleGraphql(request, response, { caller, maxBodyBytes });
  };
}

/** What is wrong with a POST's body, told from its headers, before any of it is read. */
function refuseBody({ headers }: IncomingMessage, maxBodyBytes: number): Refusal | null {
  const contentType = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  // A web page can send forms and plain text anywhere without the browser asking first; application/json it cannot.
  if (contentType !== 'application/json') {
    return unsupported('A POST takes a body of content-type application/json.', { accept: 'application/json' });
  }
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity') {
    return unsupported('A POST takes a body without content-encoding.', { 'accept-encoding': 'identity' });
  }
  if (Number(headers['content-length'] ?? 0) > maxBodyBytes) {
    const message = `The request's body is larger than the ${maxBodyBytes} bytes that this caller may send.`;
    return { status: 413, code: 'PAYLOAD_TOO_LARGE', message, facts: { limit: maxBodyBytes } };
  }
  return null;
}

function unsupported(message: string, headers: Readonly<Record<string, string>>): Refusal {
  return { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE', message, headers };
}

/** A browser that comes by; a GET that names a document is a GraphQL request, whatever type it takes. */
function isForGraphiql({ headers }: IncomingMessage, search: string): boolean {
  if (!acceptsHtml(headers.accept)) return false;
  const asked = new URLSearchParams(search);
  return !['query', 'extensions', ...idParameters].some((name) => asked.has(name));
}

/** Whether HTML is named, as browsers do; tools that take any type mean GraphQL. */
function acceptsHtml(accept: string | undefined): boolean {
  return (accept ?? '').split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return type === 'text/html' && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}
