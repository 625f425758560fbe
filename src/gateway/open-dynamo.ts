// Opens the DynamoDB that the configuration names: the embedded engine, or one that is there already.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Config } from '../config.js';
import { createClient } from '../dynamo/client.js';
import { CrawlgateError } from '../errors.js';
import type { EngineFacts } from './start-engine.js';

/** Makes its client. Nothing is asked yet. */
export function openDynamo({ store, dynamo }: Config, engine: EngineFacts | null): DynamoDBClient {
  const settings = {
    region: store.region,
    maxConnections: dynamo.maxPoolConnections,
    connectTimeoutMs: dynamo.connectTimeoutMs,
    readTimeoutMs: dynamo.readTimeoutMs,
  };
  if (store.kind === 'sqlite') {
    const message = 'CRAWLGATE_STORE is sqlite: there is no DynamoDB to speak to.';
    throw new CrawlgateError('STORE_MISCONFIGURED', message, {});
  }
  if (store.kind !== 'embedded') {
    return createClient({ ...settings, endpoint: store.endpoint, credentials: store.credentials });
  }
  if (engine === null) throw new TypeError('the embedded store needs its engine');
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return createClient({ ...settings, endpoint: engine.endpoint, credentials });
}
