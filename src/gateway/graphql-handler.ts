// GraphQL over node:http: schema and pipeline, and the two ways into it.
import type { ProfileConfig } from '../config/doors.js';
import { createErrorPolicy } from '../graphql/error-policy.js';
import type { PersistedDeps } from '../graphql/plugins/use-persisted-documents.js';
import { createGatewaySchema } from '../graphql/schema.js';
import type { GatewayServices } from '../graphql/services.js';
import { createGatewayYoga } from '../graphql/yoga.js';
import { createDirectLane } from '../http/direct-lane.js';
import type { HandleGraphql } from '../http/graphql-route.js';

/** Makes the handler of requests to the GraphQL path, and all that stands behind it. */
export function createGraphqlHandler(deps: {
  readonly services: GatewayServices;
  /** Bytes of the largest request body of all. */
  readonly maxBodyBytes: number;
  readonly profile: ProfileConfig;
  readonly persisted: PersistedDeps | null;
}): HandleGraphql {
  const maskError = createErrorPolicy({ events: deps.services.events, profile: deps.profile });
  const yoga = createGatewayYoga({ ...deps, schema: createGatewaySchema(), maskError });
  return createDirectLane({ yoga, maskError });
}
