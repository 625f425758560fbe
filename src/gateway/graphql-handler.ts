// GraphQL over node:http: schema and pipeline, and the two ways into it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createErrorPolicy } from '../graphql/error-policy.js';
import { createGatewaySchema } from '../graphql/schema.js';
import type { GatewayServices } from '../graphql/services.js';
import { createGatewayYoga } from '../graphql/yoga.js';
import { createDirectLane } from '../http/direct-lane.js';

/** Makes the handler of requests to the GraphQL path, and all that stands behind it. */
export function createGraphqlHandler(deps: {
  readonly services: GatewayServices;
  /** Bytes of the largest request body. */
  readonly maxBodyBytes: number;
}): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { services, maxBodyBytes } = deps;
  const maskError = createErrorPolicy({ events: services.events });
  const yoga = createGatewayYoga({ schema: createGatewaySchema(), services, maxBodyBytes, maskError });
  return createDirectLane({ yoga, maskError, maxBodyBytes });
}
