// The index by time of a small table, read whole in one call: cheaper than its days one by one.
import { ScanCommand, type ScanCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Asker } from '../../domain/follow.js';
import { documentClientOf } from '../document-client.js';
import { sendRead, type WriteDeps } from '../send-write.js';
import { deadlineError } from '../store-error.js';
import type { Table } from '../table.js';
import type { Listed } from './feed-position.js';
import { listedOf } from './feed-query.js';

/**
 * Every entry whose `order` is within the bounds, both included, in no order; `unknown` where the index is too long for one
 * call (1 MB of keys, some thousand results). Rejects with a CrawlgateError.
 */
export type WholeIndex = (
  bounds: { readonly low: number; readonly high: number },
  asker: Asker,
) => Promise<readonly Listed[] | 'unknown'>;

/** Makes the reader. */
export function createWholeIndex(deps: WriteDeps & { readonly table: Table }): WholeIndex {
  const client = documentClientOf(deps.client);
  return async ({ low, high }, asker) => {
    const input: ScanCommandInput = {
      TableName: deps.table.name,
      IndexName: 'by-time',
      FilterExpression: '#o BETWEEN :low AND :high',
      ExpressionAttributeNames: { '#o': 'order' },
      ExpressionAttributeValues: { ':low': low, ':high': high },
      ReturnConsumedCapacity: 'TOTAL',
    };
    const answer = await sendRead(deps, 'Scan', 1, asker, (options) => client.send(new ScanCommand(input), options));
    if (answer.kind === 'failed') throw answer.error;
    if (answer.kind === 'refused') throw deadlineError(null);
    if (answer.output.LastEvaluatedKey !== undefined) return 'unknown';
    return (answer.output.Items ?? []).flatMap((item) => listedOf(deps.table, item, 'order'));
  };
}
