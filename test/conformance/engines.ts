// The engines that the conformance suite runs on: the embedded one, or those that TEST_ENGINES names.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createClient } from '../../src/dynamo/client.js';
import { startEngineServer } from '../../src/embedded/engine-server.js';

/** One engine to be tested. */
export interface Engine {
  readonly name: string;
  /** Null: AWS itself. */
  readonly endpoint: string | null;
}

/** A client of an engine. Disposing closes it, and the engine where it was started for it. */
export interface EngineClient extends AsyncDisposable {
  readonly client: DynamoDBClient;
  readonly endpoint: string | null;
}

const embedded: Engine = { name: 'the embedded engine', endpoint: 'embedded' };

/** `npm test` has the embedded engine, `npm run test:conformance` the others: see test/engines/conformance.mjs. */
export const engines: readonly Engine[] =
  process.env.TEST_ENGINES === undefined ? [embedded] : (JSON.parse(process.env.TEST_ENGINES) as readonly Engine[]);

/** Whether an engine is one of those whose peculiarities we know. */
export function isEngine(engine: Engine, name: 'embedded' | 'DynamoDB Local' | 'moto'): boolean {
  return name === 'embedded' ? engine === embedded : engine.name === name;
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
  const endpoint = server === null ? engine.endpoint : `http://127.0.0.1:${server.port}`;
  const hasOwnCredentials = endpoint !== null && process.env.TEST_AWS_ACCESS_KEY_ID === undefined;
  if (!hasOwnCredentials) restoreAwsEnvironment();
  const client = createClient({
    region: process.env.TEST_AWS_REGION ?? process.env.TEST_AWS_DEFAULT_REGION ?? 'us-east-1',
    endpoint,
    credentials: hasOwnCredentials ? { accessKeyId: 'test', secretAccessKey: 'test' } : null,
    maxConnections: 50,
    connectTimeoutMs: 5000,
    readTimeoutMs: 30_000,
  });
  return {
    client,
    endpoint,
    async [Symbol.asyncDispose]() {
      client.destroy();
      await server?.close(1000);
    },
  };
}

/** What test/clear-environment.ts took away, for the engine alone that it is meant for. */
function restoreAwsEnvironment(): void {
  for (const [name, value] of Object.entries(process.env)) {
    if (name.startsWith('TEST_AWS_')) process.env[name.slice('TEST_'.length)] = value;
  }
}
