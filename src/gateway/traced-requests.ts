// The trace of each request to the GraphQL path: begun before either lane sees it, ended when it is answered.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestTrace, Tracing } from '../observability/tracing.js';

/** The handler with traces around it, and how the operation's context finds its own. */
export interface TracedRequests {
  readonly traceOf: (request: object) => RequestTrace | null;
  wrap<Rest extends readonly unknown[]>(
    handle: (request: IncomingMessage, response: ServerResponse, ...rest: Rest) => Promise<void> | undefined,
  ): (request: IncomingMessage, response: ServerResponse, ...rest: Rest) => Promise<void> | undefined;
}

/** Makes it. */
export function createTracedRequests(tracing: Tracing): TracedRequests {
  const traces = new WeakMap<object, RequestTrace>();
  return {
    traceOf: (request) => traces.get(request) ?? null,
    wrap:
      (handle) =>
      (request, response, ...rest) => {
        const trace = tracing.begin(request.headers);
        traces.set(request, trace);
        // Both names are in use: the one that W3C's next level gives it, and the one that callers know.
        response.setHeader('traceresponse', trace.traceparent);
        response.setHeader('traceparent', trace.traceparent);
        response.once('close', () => trace.end(response.statusCode));
        return handle(request, response, ...rest);
      },
  };
}
