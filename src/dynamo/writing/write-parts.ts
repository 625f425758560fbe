// Puts and removes part items: in batches, unprocessed ones sent again, removed only by the write that put them.
import { BatchWriteItemCommand, DeleteItemCommand, type WriteRequest } from '@aws-sdk/client-dynamodb';
import type { AbortSignalLike } from '../../domain/abort.js';
import { inParallel } from '../../domain/in-parallel.js';
import type { UrlKey } from '../../domain/url-key.js';
import { CrawlgateError } from '../../errors.js';
import { itemBytes } from '../codec/item-size.js';
import type { Layout } from '../codec/layout.js';
import { chunksOf, type PackedField } from '../codec/packed-field.js';
import type { PartRef } from '../codec/part-ref.js';
import { partData } from '../reading/read-parts.js';
import { sendWrite, type WriteDeps } from '../send-write.js';
import type { Item, Table } from '../table.js';

/** Items and bytes of one call: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const maxItemsPerCall = 25;
const maxBytesPerCall = 8 * 1024 * 1024;

/** Parts of one URL that are removed at once. */
const removalsInFlight = 8;

/** Where parts go. */
export interface PartsTarget {
  readonly table: Table;
  readonly layout: Layout;
}

/** What was put. */
export type PutParts =
  | { readonly kind: 'done'; readonly bytes: number; readonly items: number }
  | { readonly kind: 'failed'; readonly error: CrawlgateError };

/** Puts the parts of every field. `ttl` in epoch seconds; null means never. */
export async function putParts(
  deps: WriteDeps,
  target: PartsTarget,
  url: UrlKey,
  fields: Iterable<PackedField>,
  ttl: number | null,
  signal: AbortSignalLike,
): Promise<PutParts> {
  const items: Item[] = [];
  for (const field of fields) {
    chunksOf(field).forEach((chunk, index) => {
      items.push({
        ...target.layout.partKey(url, field.ref, index),
        ...(target.layout.name === 'versioned' ? { entity_type: { S: 'crawl_part' } } : {}),
        [partData]: { B: chunk },
        write_id: { S: field.ref.writeId },
        ...(ttl === null ? {} : { ttl: { N: String(ttl) } }),
      });
    });
  }
  let bytes = 0;
  for (const call of callsOf(items)) {
    const error = await putCall(deps, target.table, call, signal);
    if (error !== null) return { kind: 'failed', error };
    bytes += call.reduce((sum, item) => sum + itemBytes(item), 0);
  }
  return { kind: 'done', bytes, items: items.length };
}

/** Removes parts, each on condition that it still is of the write that named it. What cannot be removed is left to its ttl. */
export async function removeParts(
  deps: WriteDeps,
  target: PartsTarget,
  url: UrlKey,
  refs: Iterable<PartRef>,
  signal: AbortSignalLike,
): Promise<void> {
  const chunks = [...refs].flatMap((ref) => Array.from({ length: ref.chunks }, (_, chunk) => ({ ref, chunk })));
  await inParallel(chunks, removalsInFlight, async ({ ref, chunk }) => {
    const command = new DeleteItemCommand({
      TableName: target.table.name,
      Key: target.layout.partKey(url, ref, chunk),
      ConditionExpression: '#w = :w',
      ExpressionAttributeNames: { '#w': 'write_id' },
      ExpressionAttributeValues: { ':w': { S: ref.writeId } },
      ReturnConsumedCapacity: 'TOTAL',
    });
    await sendWrite(deps, 'DeleteItem', 1, signal, (options) => deps.client.send(command, options));
  });
}

async function putCall(
  deps: WriteDeps,
  table: Table,
  items: readonly Item[],
  signal: AbortSignalLike,
): Promise<CrawlgateError | null> {
  let requests: WriteRequest[] = items.map((Item) => ({ PutRequest: { Item } }));
  for (let attempt = 0; ; attempt += 1) {
    const command = new BatchWriteItemCommand({
      RequestItems: { [table.name]: requests },
      ReturnConsumedCapacity: 'TOTAL',
    });
    const answer = await sendWrite(deps, 'BatchWriteItem', requests.length, signal, (options) =>
      deps.client.send(command, options),
    );
    if (answer.kind === 'failed') return answer.error;
    if (answer.kind === 'refused') throw new Error('BatchWriteItem has no condition that could fail');
    requests = answer.output.UnprocessedItems?.[table.name] ?? [];
    if (requests.length === 0) return null;
    deps.events.retried({ operation: 'BatchWriteItem', keys: requests.length, reason: 'UnprocessedItems' });
    if (!(await deps.retry.againUnprocessed(attempt, signal))) {
      return new CrawlgateError('STORE_THROTTLED', 'DynamoDB left items unprocessed until the deadline.', {});
    }
  }
}

function callsOf(items: readonly Item[]): readonly (readonly Item[])[] {
  const calls: Item[][] = [];
  let call: Item[] = [];
  let planned = 0;
  for (const item of items) {
    const bytes = itemBytes(item);
    if (call.length === maxItemsPerCall || (call.length > 0 && planned + bytes > maxBytesPerCall)) {
      calls.push(call);
      call = [];
      planned = 0;
    }
    call.push(item);
    planned += bytes;
  }
  if (call.length > 0) calls.push(call);
  return calls;
}
