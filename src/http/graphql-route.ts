// The one path that does something: GraphiQL for browsers that come by, GraphQL for everybody else.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Caller, mayDo } from '../domain/caller.js';
import { idParameters } from '../graphql/persisted-documents.js';
import type { Admit } from './admission.js';
import type { Entry } from './auth/authorize.js';
import type { GatewayRequest } from './gateway-request.js';
import type { GraphiqlPage } from './graphiql-page.js';
import { hasAnswerFor } from './json-accept.js';
import { readBody, tooLarge } from './json-body.js';
import type { Refusal, Refuse } from './refusal.js';
import type { RequestTarget } from './request-target.js';
import type { Place, Room } from './room.js';
import { varyOf } from './vary.js';

/** What the route needs. */
export interface GraphqlRouteDeps {
  /** Answers a GraphQL request whose body has come. */
  readonly handleGraphql: HandleGraphql;
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

/** Answers such a request: what it returns, if anything, resolves when that is done. */
export type HandleGraphql = (
  request: IncomingMessage,
  response: ServerResponse,
  admitted: AdmittedRequest,
) => Promise<void> | undefined;

/** Answers one request of the path: what it returns, if anything, resolves when that is done. */
export type Route = (
  request: GatewayRequest,
  response: ServerResponse,
  target: RequestTarget,
) => Promise<void> | undefined;

/**
 * Makes the route. A request takes one of the places of those that are being answered only when its body has come: who sends
 * slowly holds a connection and the bytes it has sent, which are bounded, and keeps nobody out.
 */
export function createGraphqlRoute(deps: GraphqlRouteDeps & { readonly refuse: Refuse }): Route {
  const { handleGraphql, graphiqlPage, admit, room, refuse } = deps;

  /** The caller is known; the body has not come. */
  function enter(
    request: GatewayRequest,
    response: ServerResponse,
    { path, search }: RequestTarget,
    { place, entry }: { readonly place: Place; readonly entry: Entry },
  ): Promise<void> | undefined {
    if (entry.kind === 'refused') {
      refuse(response, entry.refusal);
      return undefined;
    }
    const { caller } = entry;
    // Told before anything is run: yoga sees it only when it has an answer.
    if (!hasAnswerFor(request.headers.accept)) {
      refuse(response, notAcceptable);
      return undefined;
    }
    if (request.method !== 'POST') {
      // HEAD is answered as GET; Node leaves the body out.
      request.method = 'GET';
      request.url = `${path}${search}`;
      return answer(request, response, place, { caller, body: null });
    }
    const maxBytes = mayDo(caller, 'write') ? deps.maxWriterBodyBytes : deps.maxBodyBytes;
    const refusal = refuseBody(request, place, maxBytes);
    if (refusal !== null) {
      refuse(response, refusal);
      return undefined;
    }
    // HTTP/1.0 knows no 100 (https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1).
    if (request.headers.expect !== undefined && request.httpVersionMinor > 0) response.writeContinue();
    // Types are told apart whatever their case (https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1), but not by yoga.
    request.headers['content-type'] = 'application/json';
    // A POST's question is its body. What its URL says besides must never decide how it is answered.
    request.url = path;
    return new Promise((resolve, reject) => {
      readBody(request, place, maxBytes, (body) => {
        try {
          if (typeof body === 'string') {
            resolve(answer(request, response, place, { caller, body }));
            return;
          }
          if (body !== null) refuse(response, body);
          resolve();
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  function answer(
    request: IncomingMessage,
    response: ServerResponse,
    place: Place,
    admitted: AdmittedRequest,
  ): Promise<void> | undefined {
    const full = place.enter();
    if (full === null) return handleGraphql(request, response, admitted);
    refuse(response, full);
    return undefined;
  }

  return (request, response, target) => {
    if (request.method !== 'POST' && graphiqlPage !== null && isForGraphiql(request, target.search)) {
      return sendPage(graphiqlPage, request, response);
    }
    const place = room.open(response);
    const busy = place.look(0);
    if (busy !== null) {
      refuse(response, busy);
      return undefined;
    }
    const judged = admit(request);
    return judged instanceof Promise
      ? judged.then((entry) => enter(request, response, target, { place, entry }))
      : enter(request, response, target, { place, entry: judged });
  };
}

async function sendPage(
  graphiqlPage: Pick<GraphiqlPage, 'respond'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const page = await graphiqlPage.respond(request.headers);
  const { vary, ...headers } = page.headers;
  response.writeHead(page.status, { ...headers, ...(vary === undefined ? {} : { vary: varyOf(response, vary) }) });
  response.end(page.body);
}

/** What is wrong with a POST's body, told from its headers, before any of it is read. */
function refuseBody({ headers }: IncomingMessage, place: Place, maxBytes: number): Refusal | null {
  const given = headers['content-type'];
  const contentType = given === 'application/json' ? given : given?.split(';')[0]?.trim().toLowerCase();
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

const notAcceptable: Refusal = {
  status: 406,
  code: 'NOT_ACCEPTABLE',
  message: 'Answers are application/json, application/graphql-response+json, text/event-stream or multipart/mixed.',
};

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
