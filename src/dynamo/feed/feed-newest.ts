// Where the feed goes on behind a gap: one bounded look over the whole index by time.
import { ScanCommand, type ScanCommandInput } from '@aws-sdk/lib-dynamodb';
import { documentClientOf, numberOf } from '../document-client.js';
import { sendRead, type WriteDeps } from '../send-write.js';
import { deadlineError } from '../store-error.js';
import type { Table } from '../table.js';

/**
 * The newest `order` of at most `limit`; null where there is none; `unknown` where the index is too long for one call
 * (1 MB of keys, some thousand results). Rejects with a CrawlgateError.
 */
export type NewestUpTo = (limit: number, signal: AbortSignal) => Promise<number | null | 'unknown'>;

/** Makes the look. */
export function createNewestUpTo(deps: WriteDeps & { readonly table: Table }): NewestUpTo {
  const client = documentClientOf(deps.client);
  return async (limit, signal) => {
    const input: ScanCommandInput = {
      TableName: deps.table.name,
      IndexName: 'by-time',
      FilterExpression: '#o <= :limit',
      ProjectionExpression: '#o',
      ExpressionAttributeNames: { '#o': 'order' },
      ExpressionAttributeValues: { ':limit': limit },
      ReturnConsumedCapacity: 'TOTAL',
    };
    const answer = await sendRead(deps, 'Scan', 1, signal, (options) => client.send(new ScanCommand(input), options));
    if (answer.kind === 'failed') throw answer.error;
    if (answer.kind === 'refused') throw deadlineError(null);
    if (answer.output.LastEvaluatedKey !== undefined) return 'unknown';
    const orders = (answer.output.Items ?? []).map((item) => numberOf(item.order));
    return orders.reduce<number | null>((newest, order) => (newest === null || order > newest ? order : newest), null);
  };
}
