// Opens the DynamoDB that the configuration names: the embedded engine, started here, or one that is there already.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Config } from '../config.js';
import { createClient } from '../dynamo/client.js';
import { startEmbedded } from '../dynamo/embedded.js';
import type { Events } from '../observability/events.js';
import { noticeOfEngine } from './engine-notices.js';

/** The embedded engine as the start lines describe it. */
export interface EngineFacts {
  /** For `DYNAMODB_ENDPOINT` of other programs on this machine. */
  readonly endpoint: string;
  /** Where its data lies; null: in memory. */
  readonly folder: string | null;
  /** The port that it was to have, where that one was taken. */
  readonly portTaken: number | null;
}

/** An opened DynamoDB. Disposing closes the client's connections, then ends the engine. */
export interface OpenedDynamo extends AsyncDisposable {
  readonly client: DynamoDBClient;
  /** Null where the gateway started none. */
  readonly engine: EngineFacts | null;
}

/** Throws an EmbeddedStartError where the engine cannot be started as configured; asks a remote store nothing yet. */
export async function openDynamo(config: Config, events: Pick<Events, 'notice'>): Promise<OpenedDynamo> {
  const { store, dynamo } = config;
  const settings = {
    region: store.region,
    maxConnections: dynamo.maxPoolConnections,
    connectTimeoutMs: dynamo.connectTimeoutMs,
    readTimeoutMs: dynamo.readTimeoutMs,
  };
  if (store.kind === 'dynamodb') {
    const client = createClient({ ...settings, endpoint: store.endpoint, credentials: store.credentials });
    return { client, engine: null, [Symbol.asyncDispose]: async () => client.destroy() };
  }
  let portTaken: number | null = null;
  const engine = await startEmbedded({
    dataDir: config.embedded.dataDir,
    port: config.embedded.port,
    portIsExplicit: config.embedded.portIsExplicit,
    tables: [config.tables.results, config.tables.sessions],
    onEvent: (event) => {
      if (event.kind === 'listening') portTaken = event.portTaken ?? portTaken;
      const notice = noticeOfEngine(event);
      if (notice !== null) events.notice(notice);
    },
  });
  const { endpoint, folder } = engine;
  const client = createClient({
    ...settings,
    endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return {
    client,
    engine: { endpoint, folder, portTaken },
    async [Symbol.asyncDispose]() {
      client.destroy();
      await engine[Symbol.asyncDispose]();
    },
  };
}
