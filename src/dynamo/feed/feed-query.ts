// Ordered reading of one index partition: keys only, from a place on, ties kept together.
import { QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Asker } from '../../domain/follow.js';
import { urlPrefix } from '../codec/layout-versioned.js';
import { documentClientOf, numberOf } from '../document-client.js';
import type { IndexName } from '../feed-indexes.js';
import { sendRead, type WriteDeps } from '../send-write.js';
import { deadlineError } from '../store-error.js';
import type { Table } from '../table.js';
import type { FeedPosition, Listed } from './feed-position.js';

/** One partition of one index, between two bounds of its range key, both included. */
export interface PartitionQuery {
  readonly index: IndexName;
  /** The index's partition key and range key. */
  readonly hash: readonly [name: string, value: string];
  readonly range: readonly [name: string, low: number | string, high: number | string];
  readonly newestFirst: boolean;
  /** At least so many, or all there are; ties of the last one are always complete. */
  readonly limit: number;
}

/** What was read of a partition; `isCut` where more lies behind the last rank listed. */
export interface PartitionPage {
  readonly listed: readonly Listed[];
  readonly isCut: boolean;
}

/** Reads one partition. Rejects with a CrawlgateError. */
export type QueryPartition = (query: PartitionQuery, asker: Asker) => Promise<PartitionPage>;

/** Makes the reader of index partitions. */
export function createQueryPartition(deps: WriteDeps & { readonly table: Table }): QueryPartition {
  const client = documentClientOf(deps.client);
  return async (query, asker) => {
    const found: Listed[] = [];
    let from: Record<string, unknown> | undefined;
    do {
      const page = await send(query, from, asker);
      found.push(...page.items);
      from = page.next;
    } while (from !== undefined && (found.length < query.limit || !isPast(found, query.limit)));
    if (from === undefined) return { listed: found, isCut: false };
    return { listed: withoutOpenTies(found), isCut: true };
  };

  async function send(
    { index, hash, range, newestFirst, limit }: PartitionQuery,
    from: Record<string, unknown> | undefined,
    asker: Asker,
  ): Promise<{ items: readonly Listed[]; next: Record<string, unknown> | undefined }> {
    const input: QueryCommandInput = {
      TableName: deps.table.name,
      IndexName: index,
      KeyConditionExpression: '#h = :h AND #r BETWEEN :low AND :high',
      ExpressionAttributeNames: { '#h': hash[0], '#r': range[0] },
      ExpressionAttributeValues: { ':h': hash[1], ':low': range[1], ':high': range[2] },
      ScanIndexForward: !newestFirst,
      // Behind the first page lie many of one rank, an import's perhaps: as many in a call as DynamoDB gives.
      ...(from === undefined ? { Limit: limit + 1 } : { ExclusiveStartKey: from }),
      ReturnConsumedCapacity: 'TOTAL',
    };
    const answer = await sendRead(deps, 'Query', 1, asker, (options) => client.send(new QueryCommand(input), options));
    if (answer.kind === 'failed') throw answer.error;
    if (answer.kind === 'refused') throw deadlineError(null);
    const items = (answer.output.Items ?? []).flatMap((item) => listedOf(deps.table, item, range[0]));
    return { items, next: answer.output.LastEvaluatedKey };
  }
}

/** One item of an index as an entry; none where it is not what an index holds. @param range the index's sort key. */
export function listedOf(table: Table, item: Record<string, unknown>, range: string): readonly Listed[] {
  const key = item[table.keyAttributes[0] ?? ''];
  if (typeof key !== 'string') return [];
  const url = table.keyAttributes[0] === 'pk' ? key.slice(urlPrefix.length) : key;
  const rank = item[range];
  const number = numberOf(item.order);
  const order = Number.isSafeInteger(number) ? number : null;
  const ttl = numberOf(item.ttl);
  const entry = { url, order, expiresAt: Number.isFinite(ttl) ? ttl : null };
  if (range === 'order') return order === null ? [] : [{ ...entry, position: { kind: 'time', rank: order, url } }];
  return [{ ...entry, position: { kind: 'url', rank: String(rank), url } }];
}

/** Whether something behind the ties of the last wanted one was read, so that these are complete. */
function isPast(found: readonly Listed[], limit: number): boolean {
  const last = found.at(-1)?.position.rank;
  return last !== found[limit - 1]?.position.rank;
}

// What shares its rank with the last one read may go on unread: left for the next page.
function withoutOpenTies(found: readonly Listed[]): readonly Listed[] {
  const last: FeedPosition['rank'] | undefined = found.at(-1)?.position.rank;
  return found.filter(({ position }) => position.rank !== last);
}
