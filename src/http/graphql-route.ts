// The one path that does something: GraphiQL for browsers that come by, GraphQL for everybody else.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Caller, mayDo } from '../domain/caller.js';
import { idParameters } from '../graphql/persisted-documents.js';
import type { Admit } from './admission.js';
import type { GraphiqlPage } from './graphiql-page.js';
import { readBody, tooLarge } from './json-body.js';
import type { Refusal, Refuse } from './refusal.js';
import type { RequestTarget } from './request-target.js';
import type { Place, Room } from './room.js';
import { varyOf } from './vary.js';

/** What the route needs. */
export interface GraphqlRouteDeps {
  /** Answers a GraphQL request whose body has come. */
  readonly handleGraphql: (...asked: Parameters<HandleGraphql>) => unknown;
  /** Null where browsers get none. */
  readonly graphiqlPage: Pick<GraphiqlPage, 'respond'> | null;
  /** Asked for every GraphQL request; GraphiQL's page holds nothing of the data and is everybody's. */
  readonly admit: Admit;
  readonly room: Room;
  /** Bytes of the largest request body, of callers that only read and of those that write. */
  readonly maxBodyBytes: number;
  readonly maxWriterBodyBytes: number;
}

/** A request that was let in. */
export interface AdmittedRequest {
  readonly caller: Caller;
  /** All of a POST's body as text; null of a GET. What Node's request would give of it was taken already. */
  readonly body: string | null;
}

/** Answers such a request. */
export type HandleGraphql = (
  request: IncomingMessage,
  response: ServerResponse,
  admitted: AdmittedRequest,
) => Promise<void>;

/** Answers one request of the path. */
export type Route = (request: IncomingMessage, response: ServerResponse, target: RequestTarget) => Promise<void>;

/**
 * Makes the route. A request takes one of the places of those that are being answered only when its body has come: who sends
 * slowly holds a connection and the bytes it has sent, which are bounded, and keeps nobody out.
 */
export function createGraphqlRoute(deps: GraphqlRouteDeps & { readonly refuse: Refuse }): Route {
  const { handleGraphql, graphiqlPage, admit, room, refuse } = deps;
  return async (request, response, { path, search }) => {
    const isPost = request.method === 'POST';
    if (!isPost && graphiqlPage !== null && isForGraphiql(request, search)) {
      const page = await graphiqlPage.respond(request.headers);
      const { vary, ...headers } = page.headers;
      response.writeHead(page.status, { ...headers, ...(vary === undefined ? {} : { vary: varyOf(response, vary) }) });
      response.end(page.body);
      return;
    }
    const place = room.open(response);
    const busy = place.look(0);
    if (busy !== null) {
      refuse(response, busy);
      return;
    }
    const judged = admit(request);
    const entry = judged instanceof Promise ? await judged : judged;
    if (entry.kind === 'refused') {
      refuse(response, entry.refusal);
      return;
    }
    const { caller } = entry;
    let body: string | null = null;
    if (isPost) {
      const maxBytes = mayDo(caller, 'write') ? deps.maxWriterBodyBytes : deps.maxBodyBytes;
      const refusal = refuseBody(request, place, maxBytes);
      if (refusal !== null) {
        refuse(response, refusal);
        return;
      }
      if (request.headers.expect !== undefined) response.writeContinue();
      const read = await readBody(request, place, maxBytes);
      if (read === null) return;
      if (typeof read !== 'string') {
        refuse(response, read);
        return;
      }
      body = read;
      // A POST's question is its body. What its URL says besides must never decide how it is answered.
      request.url = path;
    } else {
      // HEAD is answered as GET; Node leaves the body out.
      request.method = 'GET';
      request.url = `${path}${search}`;
    }
    const full = place.enter();
    if (full === null) await handleGraphql(request, response, { caller, body });
    else refuse(response, full);
  };
}

/** What is wrong with a POST's body, told from its headers, before any of it is read. */
function refuseBody({ headers }: IncomingMessage, place: Place, maxBytes: number): Refusal | null {
  const contentType = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  // A web page can send forms and plain text anywhere without the browser asking first; application/json it cannot.
  if (contentType !== 'application/json') {
    return unsupported('A POST takes a body of content-type application/json.', { accept: 'application/json' });
  }
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity') {
    return unsupported('A POST takes a body without content-encoding.', { 'accept-encoding': 'identity' });
  }
  const bytes = Number(headers['content-length'] ?? 0);
  return bytes > maxBytes ? tooLarge(maxBytes) : place.look(bytes);
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
