// The HTTP server: exact paths, checked hosts, bounded waiting, and an end that cuts nothing off.
import { createServer, type ServerResponse } from 'node:http';
import type { Events } from '../observability/events.js';
import type { Authorize } from './auth/authorize.js';
import { createGuard } from './auth/guard-route.js';
import { watchConnections } from './connections.js';
import type { AllowOrigin } from './cors.js';
import { GatewayRequest } from './gateway-request.js';
import { GatewayResponse } from './gateway-response.js';
import { createGraphqlRoute, type GraphqlRouteDeps, type Route } from './graphql-route.js';
import type { HostPolicy } from './host-policy.js';
import { answerMalformed } from './malformed.js';
import { createMetricsRoute, type ReadMetrics } from './metrics-route.js';
import { createHistoryRoute, createPageRoute, type PageRouteDeps } from './page-route.js';
import type { ProbeAnswer, Probes } from './probes.js';
import { createRefuse, refusalBody, sendJson } from './refusal.js';
import { createRequestIds } from './request-id.js';
import { readTarget } from './request-target.js';

/** What the server is made of. */
export interface HttpServerDeps extends GraphqlRouteDeps {
  /** Null where there is no page at `/`. */
  readonly page: PageRouteDeps | null;
  readonly probes: Probes;
  readonly hostPolicy: HostPolicy;
  /** Milliseconds for a request's headers, and for all of it: who is slower holds a connection for nothing. */
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
  readonly events: Pick<Events, 'unexpectedError' | 'refusedRequest'>;
  /** Connections that are kept at once; one more is closed unheard. */
  readonly maxConnections: number;
  /** Of /graphql; null where no page of another origin may call. */
  readonly allowOrigin: AllowOrigin | null;
  /** Asked for every path that shows data beside /graphql. */
  readonly authorize: Authorize;
  /** What /metrics answers; without it there is no such path. */
  readonly readMetrics?: ReadMetrics | undefined;
}

/** Where it listens. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** A server that does not listen yet. */
export interface HttpServer {
  /** Resolves with the address once requests are answered; rejects where the address cannot be had. To be called once. */
  listen(address: ListenAddress): Promise<ListenAddress>;
  /** Connections that are open. */
  connections(): number;
  /** Stops accepting and lets what is under way be answered, for `limitMs` milliseconds. Closing twice is harmless. */
  close(limitMs: number): Promise<void>;
}

interface Endpoint {
  readonly allow: string;
  readonly methods: ReadonlySet<string>;
  readonly route: Route;
}

const reading = 'GET, HEAD, OPTIONS';

/** Longer than load balancers keep a connection idle (60 s), so that none finds it closed as it sends. */
const keepAliveMs = 65_000;
/** Time that a sender has to notice that its body is not wanted, before the connection is cut. */
const lingerMs = 5_000;

/** Makes the server. */
export function createHttpServer(deps: HttpServerDeps): HttpServer {
  const { probes, hostPolicy, events, readMetrics, authorize, headersTimeoutMs, bodyTimeoutMs } = deps;
  const refuse = createRefuse(events);
  const guard = createGuard({ authorize, refuse });
  const page =
    deps.page === null
      ? null
      : {
          files: endpointOf(reading, createPageRoute({ ...deps.page, refuse })),
          history: endpointOf(reading, guard('read', createHistoryRoute(deps.page))),
        };
  const endpoints: ReadonlyMap<string, Endpoint> = new Map([
    ['/graphql', endpointOf('GET, HEAD, POST, OPTIONS', createGraphqlRoute({ ...deps, refuse }))],
    ['/health', endpointOf(reading, probeRoute(probes.health))],
    ['/ready', endpointOf(reading, probeRoute(probes.ready))],
    ...(page === null
      ? []
      : ([
          ['/', page.files],
          ['/page/history.json', page.history],
        ] as const)),
    ...(readMetrics === undefined
      ? []
      : [['/metrics', endpointOf(reading, guard('read', createMetricsRoute(readMetrics)))] as const]),
  ]);
  const server = createServer({
    headersTimeout: Math.min(headersTimeoutMs, bodyTimeoutMs),
    requestTimeout: bodyTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: 5_000,
    IncomingMessage: GatewayRequest,
    ServerResponse: GatewayResponse,
  });
  const connections = watchConnections(server, deps.maxConnections);
  const requestId = createRequestIds();
  let closing: Promise<void> | undefined;

  server.on('request', (request, response) => {
    connections.answering(response, request.socket);
    response.requestId = requestId(request);
    response.on('finish', lingerBriefly);
    try {
      answer(request, response)?.catch((error: unknown) => failed(response, error));
    } catch (error) {
      failed(response, error);
    }
  });
  // Node would ask for the body before anybody has looked at who sends it and how long it is; the route does, after that.
  server.on('checkContinue', (request, response) => {
    server.emit('request', request, response);
  });
  server.on('clientError', (error, socket) => {
    const code = answerMalformed(error, socket, connections.isBusy(socket));
    if (code !== null) events.refusedRequest({ code, requestId: null, address: connections.addressOf(socket) });
  });

  function failed(response: ServerResponse, error: unknown): void {
    events.unexpectedError({ where: 'http', error });
    if (response.headersSent) response.destroy();
    else sendJson(response, 500, refusalBody({ code: 'INTERNAL_SERVER_ERROR', message: 'Unexpected error.' }));
  }

  function answer(request: GatewayRequest, response: ServerResponse): Promise<void> | undefined {
    const target = readTarget(request.url ?? '', request.headers.host);
    if (target === null) {
      refuse(response, { status: 400, code: 'BAD_REQUEST', message: 'The request names no path.' });
      return undefined;
    }
    if (!hostPolicy(target.host, request.socket.localAddress)) {
      const message = 'This host name is not one of the gateway (CRAWLGATE_PUBLIC_HOSTS).';
      refuse(response, { status: 403, code: 'HOST_NOT_ALLOWED', message });
      return undefined;
    }
    const endpoint = endpoints.get(target.path) ?? (target.path.startsWith('/page/') ? page?.files : undefined);
    if (endpoint === undefined) {
      refuse(response, { status: 404, code: 'NOT_FOUND', message: 'There is nothing here. GraphQL is at /graphql.' });
      return undefined;
    }
    const { allow, route } = endpoint;
    if (target.path === '/graphql') deps.allowOrigin?.(request, response);
    if (request.method === 'OPTIONS') {
      response.writeHead(204, { allow });
      response.end();
      return undefined;
    }
    if (!endpoint.methods.has(request.method ?? '')) {
      const message = `This path takes ${allow}.`;
      refuse(response, { status: 405, code: 'METHOD_NOT_ALLOWED', message, headers: { allow } });
      return undefined;
    }
    return route(request, response, target);
  }

  return {
    listen: ({ host, port }) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host, port }, () => {
          server.off('error', reject);
          const address = server.address();
          resolve(typeof address === 'object' && address !== null ? { host, port: address.port } : { host, port });
        });
      }),
    connections: connections.count,
    close(limitMs) {
      closing ??= connections.drain(limitMs);
      return closing;
    },
  };
}

/** @param allow The methods, as the header of that name lists them. */
function endpointOf(allow: string, route: Route): Endpoint {
  return { allow, methods: new Set(allow.split(', ')), route };
}

function probeRoute(probe: () => Promise<ProbeAnswer>): Route {
  return async (_request, response) => {
    const { status, body } = await probe();
    sendJson(response, status, JSON.stringify(body));
  };
}

/** Answered before its body has come: what still comes is read and forgotten, but not for ever. */
function lingerBriefly(this: ServerResponse): void {
  const request = this.req;
  if (request.complete) return;
  request.resume();
  const limit = setTimeout(() => request.destroy(), lingerMs).unref();
  request.once('close', () => clearTimeout(limit));
}
