// The engines that the conformance suite runs on: the embedded one, or those that TEST_ENGINES names.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createClient } from '../../src/dynamo/client.js';
import { startEngineServer } from '../../src/embedded/engine-server.js';
import { type Credentials, iamMoto } from './iam-moto.js';

/** One engine to be tested. */
export interface Engine {
  readonly name: string;
  /** Null: AWS itself. */
  readonly endpoint: string | null;
}

/** Clients of gateways: where an engine enforces IAM, each with the policy of its kind alone; elsewhere all the same. */
export interface GatewayClients {
  readonly reading: DynamoDBClient;
  readonly writing: DynamoDBClient;
}

/** A client of an engine. Disposing closes it, and the engine where it was started for it. */
export interface EngineClient extends AsyncDisposable {
  /** May do everything. */
  readonly client: DynamoDBClient;
  readonly gateways: GatewayClients;
  readonly endpoint: string | null;
}

const embedded: Engine = { name: 'the embedded engine', endpoint: 'embedded' };

/** `npm test` has the embedded engine, `npm run test:conformance` the others: see test/engines/conformance.mjs. */
export const engines: readonly Engine[] =
  process.env.TEST_ENGINES === undefined ? [embedded] : (JSON.parse(process.env.TEST_ENGINES) as readonly Engine[]);

/** The engines on which reading is tested: where there is moto, also one that enforces our policies. */
export const readingEngines: readonly Engine[] = engines.some(({ name }) => name === 'moto')
  ? [...engines, { name: 'moto under our policies', endpoint: 'iam' }]
  : engines;

/** Whether an engine is one of those whose peculiarities we know. */
export function isEngine(engine: Engine, name: 'embedded' | 'DynamoDB Local' | 'moto'): boolean {
  if (name === 'embedded') return engine === embedded;
  return name === 'moto' ? engine.name.startsWith(name) : engine.name === name;
}

/** Reaches an engine, starting it where it is the embedded one. */
export async function reach(engine: Engine): Promise<EngineClient> {
  const server =
    engine === embedded
      ? await startEngineServer({
          folder: null,
          port: 0,
          portFallback: false,
          waitMs: 0,
          tables: [],
          sweepEveryMs: 3_600_000,
          signal: new AbortController().signal,
        })
      : null;
  const enforcing = engine.endpoint === 'iam' ? await iamMoto() : null;
  const endpoint = enforcing?.endpoint ?? (server === null ? engine.endpoint : `http://127.0.0.1:${server.port}`);
  const hasOwnCredentials = endpoint !== null && process.env.TEST_AWS_ACCESS_KEY_ID === undefined;
  if (!hasOwnCredentials) restoreAwsEnvironment();
  const usual = hasOwnCredentials ? { accessKeyId: 'test', secretAccessKey: 'test' } : null;
  const client = clientOf(endpoint, enforcing?.users.admin ?? usual);
  const gateways =
    enforcing === null
      ? { reading: client, writing: client }
      : {
          reading: clientOf(endpoint, enforcing.users.reading),
          writing: clientOf(endpoint, enforcing.users.writing),
        };
  return {
    client,
    gateways,
    endpoint,
    async [Symbol.asyncDispose]() {
      for (const opened of new Set([client, gateways.reading, gateways.writing])) opened.destroy();
      await server?.close(1000);
    },
  };
}

/** A client for tests, with time enough for a slow engine. */
export function clientOf(endpoint: string | null, credentials: Credentials | null): DynamoDBClient {
  return createClient({
    region: process.env.TEST_AWS_REGION ?? process.env.TEST_AWS_DEFAULT_REGION ?? 'us-east-1',
    endpoint,
    credentials,
    maxConnections: 50,
    connectTimeoutMs: 5000,
    readTimeoutMs: 30_000,
  });
}

/** What test/clear-environment.ts took away, for the engine alone that it is meant for. */
function restoreAwsEnvironment(): void {
  for (const [name, value] of Object.entries(process.env)) {
    if (name.startsWith('TEST_AWS_')) process.env[name.slice('TEST_'.length)] = value;
  }
}
