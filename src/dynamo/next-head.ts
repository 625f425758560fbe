// A head that is to stand where another was read, and the call that puts it there on that condition.
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { AbortSignalLike } from '../domain/abort.js';
import type { CrawlgateError } from '../errors.js';
import { itemBytes } from './codec/item-size.js';
import type { Item } from './table.js';
import type { PutDeps } from './writing/put-deps.js';
import { unchanged } from './writing/unchanged.js';

/** The head as it will be, and how it comes there. */
export interface NextHead {
  readonly after: Item;
  readonly bytes: number;
  readonly operation: 'PutItem' | 'UpdateItem';
  readonly send: (options: {
    abortSignal: AbortSignalLike;
  }) => Promise<{ ConsumedCapacity?: { CapacityUnits?: number | undefined } | undefined }>;
}

/** A head, why there can be none, or the word that what was read is not there any more. */
export type Prepared = NextHead | CrawlgateError | 'changed';

/** The whole item `after` in place of `before`, which is still as it was read. */
export function putOver(deps: PutDeps, before: Item | null, after: Item): NextHead {
  const command = new PutItemCommand({
    TableName: deps.table.name,
    Item: after,
    ...unchanged(before, deps.table.keyAttributes[0] ?? '', 'both'),
    ReturnConsumedCapacity: 'TOTAL',
  });
  return {
    after,
    bytes: itemBytes(after),
    operation: 'PutItem',
    send: (options) => deps.client.send(command, options),
  };
}
