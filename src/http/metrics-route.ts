// GET /metrics: what Prometheus reads.
import type { Route } from './graphql-route.js';

/** The text of all metrics and its media type. */
export type ReadMetrics = () => Promise<{ readonly contentType: string; readonly body: string }>;

/** Makes the route. */
export function createMetricsRoute(read: ReadMetrics): Route {
  return async (_request, response) => {
    const { contentType, body } = await read();
    const headers = {
      'content-type': contentType,
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
    };
    response.writeHead(200, headers);
    response.end(body);
  };
}
