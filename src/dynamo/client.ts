// Makes the SDK's client as this gateway needs it: one attempt a call, a bounded pool, no log filter.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { limitCalls } from './timed-handler.js';

/** Where and how to reach DynamoDB. */
export interface ClientOptions {
  readonly region: string;
  /** Null: AWS's own endpoint of the region. */
  readonly endpoint: string | null;
  /** Null: the AWS credential chain. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | null;
  /** `DYNAMODB_MAX_POOL_CONNECTIONS`. */
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: number;
}

// A logger with an `info` function makes the SDK walk every attribute of every answer: 3 ms of CPU a batch.
const noLogger = { trace: ignore, debug: ignore, warn: ignore, error: ignore } as unknown as Console;

/** The client. It retries nothing: the one retry policy is `retry.ts`. */
export function createClient(options: ClientOptions): DynamoDBClient {
  const client = new DynamoDBClient({
    region: options.region,
    ...(options.endpoint === null ? {} : { endpoint: options.endpoint }),
    ...(options.credentials === null ? {} : { credentials: options.credentials }),
    maxAttempts: 1,
    logger: noLogger,
    requestHandler: {
      connectionTimeout: options.connectTimeoutMs,
      requestTimeout: options.readTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: options.maxConnections },
      httpsAgent: { keepAlive: true, maxSockets: options.maxConnections },
    },
  });
  limitCalls(client.config.requestHandler, options);
  return client;
}

/** Has the client read its credentials anew. Rejects where there are none. */
export async function refreshCredentials(client: DynamoDBClient): Promise<void> {
  await client.config.credentials({ forceRefresh: true });
}

function ignore(): void {}
