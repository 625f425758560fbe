// lib-dynamodb's client over the one we have, for queries and scans.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * The document client over `client`. Made here and nowhere else: `from` keeps its options on the shared client's own
 * config, so a second one with other options would change the first. Numbers are wrapped, because a single stored
 * number beyond a double's precision fails the whole read otherwise; read them with `numberOf`.
 */
export function documentClientOf(client: DynamoDBClient): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(client, { unmarshallOptions: { wrapNumbers: true } });
}

/** A stored number as a double; NaN where the value is none. */
export function numberOf(value: unknown): number {
  return value === undefined || value === null || value === '' ? Number.NaN : Number(String(value));
}
