// The gateway's own DynamoDB client for a store on this machine.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createClient } from '../../src/dynamo/client.js';

/** `readTimeoutMs`: milliseconds for one answer. Whoever makes it destroys it. */
export function clientAt(endpoint: string, readTimeoutMs: number): DynamoDBClient {
  return createClient({
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxConnections: 50,
    connectTimeoutMs: 1000,
    readTimeoutMs,
  });
}
