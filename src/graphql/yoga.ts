// The GraphQL server without a socket: one ordered list of what happens to an operation.
import { randomUUID } from 'node:crypto';
import type { GraphQLSchema } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { ProfileConfig } from '../config/doors.js';
import {
  type Admitted,
  completeContext,
  createContextFactory,
  type GatewayContext,
  type StartTimer,
} from './context.js';
import { createDocumentCache } from './document-cache.js';
import { createErrorPolicy, type MaskError } from './error-policy.js';
import { createKnownOperations, type KnownOperations } from './known-operations.js';
import { createBoundedParse } from './limits/bounded-parse.js';
import { createCheckedExecution } from './limits/checked-execution.js';
import { createOperationCheck } from './limits/operation-check.js';
import { createOperationEngine } from './operation-engine.js';
import { idParameters } from './persisted-documents.js';
import { useBoundedParse } from './plugins/use-bounded-parse.js';
import { useJsonPosts } from './plugins/use-json-posts.js';
import { useOperationEnd } from './plugins/use-operation-end.js';
import { useOperationEngine } from './plugins/use-operation-engine.js';
import { useOperationEvents } from './plugins/use-operation-events.js';
import { useOperationTrace } from './plugins/use-operation-trace.js';
import { type PersistedDeps, usePersistedDocuments } from './plugins/use-persisted-documents.js';
import { useProductionSchema } from './plugins/use-production-schema.js';
import { createTellRefused, type TellRefused } from './refused-operations.js';
import type { GatewayServices } from './services.js';

/** The server: `fetch(request)` answers one request; a lane of its own may take the short way that `known` is. */
export type GatewayYoga = YogaServerInstance<Partial<Admitted>, GatewayContext> & {
  readonly known: KnownOperations;
  /** To be told of each answer that yoga does not process itself. */
  readonly tellRefused: TellRefused;
};

/** Makes the server for `schema` (see createGatewaySchema). */
export function createGatewayYoga(deps: {
  readonly schema: GraphQLSchema;
  readonly services: GatewayServices;
  /** Bytes of the largest request body of all; one above is answered 413. */
  readonly maxBodyBytes: number;
  /** Where it answers; /graphql if not given. */
  readonly endpoint?: string;
  /** How errors go out; a policy over the services' events if not given. */
  readonly maskError?: MaskError;
  /** What callers learn of the schema; everything if not given. */
  readonly profile?: ProfileConfig;
  /** Persisted documents; none if not given. */
  readonly persisted?: PersistedDeps | null;
  readonly startTimer?: StartTimer;
}): GatewayYoga {
  const { schema, services, maxBodyBytes, endpoint = '/graphql', startTimer, profile, persisted = null } = deps;
  const createContext = createContextFactory({ services, ...(startTimer === undefined ? {} : { startTimer }) });
  const maskError = deps.maskError ?? createErrorPolicy({ events: services.events });
  const cache = createDocumentCache();
  const tellRefused = createTellRefused(services.events);
  let pipeline: readonly Pick<Plugin, 'onParams' | 'onExecute'>[] = [];
  const yoga = createYoga<Partial<Admitted>, GatewayContext>({
    schema,
    context: (initial) => completeContext(createContext(initial)),
    graphqlEndpoint: endpoint,
    maskedErrors: { maskError },
    // Known queries (known-operations.ts) are neither parsed nor validated again, nor is onContextBuilding called for them:
    // what a plugin has against an operation for any other reason than its text, it says before execution (onExecute).
    plugins: [
      // First of all that look at parameters: it turns ids into documents.
      ...(persisted === null ? [] : [usePersistedDocuments(persisted)]),
      useBoundedParse(createBoundedParse(services.limits)),
      ...(profile === undefined ? [] : [useProductionSchema(profile)]),
      // After yoga's own choice of engine, which it replaces.
      useOperationEngine(createCheckedExecution(createOperationEngine(), createOperationCheck(services.limits))),
      // After yoga's own request parsers, so that it sees which one was chosen and can refuse before the body is read.
      useJsonPosts(),
      useOperationEvents(services.events, tellRefused),
      ...(services.traceOf === undefined ? [] : [useOperationTrace()]),
      // Before yoga's masking, which runs last and keeps the extensions that are added here.
      useOperationEnd(),
      {
        onPluginInit: ({ plugins }: { readonly plugins: readonly object[] }) => {
          pipeline = plugins;
        },
      },
    ],
    ...(persisted === null ? {} : { extraParamNames: [...idParameters] }),
    maxRequestBodySize: maxBodyBytes,
    parserAndValidationCache: cache,
    // Unexpected errors are told to the events; yoga's logger would write them to the console a second time.
    logging: false,
    cors: false,
    multipart: false,
    batching: false,
    // GraphiQL and the health checks are served by http/, by exact path.
    graphiql: false,
    landingPage: false,
    // Yoga's check answers every URL that ends in its path, the query string included, and cannot be switched off.
    healthCheckEndpoint: `/${randomUUID()}`,
  });
  const known = createKnownOperations({
    schema,
    plugins: pipeline,
    documents: cache.documentCache,
    createContext,
  });
  return Object.assign(yoga, { known, tellRefused });
}
