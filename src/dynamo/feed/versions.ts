// The earlier results of a URL: lists them, and removes those beyond what is kept. Versioned layout only.
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { AbortSignalLike } from '../../domain/abort.js';
import type { ReadVersions, VersionsPage, VersionsRequest } from '../../domain/feed.js';
import type { Asker } from '../../domain/follow.js';
import { formatInstant, type Instant, parseInstant } from '../../domain/instant.js';
import type { UrlKey } from '../../domain/url-key.js';
import { CrawlgateError } from '../../errors.js';
import { maxRangeKeyBytes } from '../codec/feed-attributes.js';
import { urlPrefix } from '../codec/layout-versioned.js';
import { documentClientOf } from '../document-client.js';
import { sendRead, sendWrite, type WriteDeps } from '../send-write.js';
import { deadlineError } from '../store-error.js';
import type { Table } from '../table.js';

/** Removes the oldest versions of a URL beyond what is kept. What cannot be removed now is removed by a later write. */
export type PruneVersions = (url: UrlKey, signal: AbortSignalLike) => Promise<void>;

/** The sort keys of a URL's versions, oldest first or newest first. */
export type ListVersions = (
  url: UrlKey,
  page: {
    readonly newestFirst: boolean;
    readonly from: string | null;
    readonly limit: number;
    /** For whoever must not miss what was put a moment ago. */
    readonly consistent?: boolean;
  },
  asker: Asker,
) => Promise<readonly string[] | CrawlgateError>;

/** Before every version's sort key. */
export const versionPrefix = 'VERSION#';

/** Makes the lister. Sort keys are the ids of versions, without the prefix. */
export function createListVersions(deps: WriteDeps & { readonly table: Table }): ListVersions {
  const client = documentClientOf(deps.client);
  return async (url, { newestFirst, from, limit, consistent = false }, asker) => {
    const ids: string[] = [];
    let startKey: QueryCommandInput['ExclusiveStartKey'];
    do {
      const input: QueryCommandInput = {
        TableName: deps.table.name,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :low AND :high',
        ExpressionAttributeValues: {
          ':pk': `${urlPrefix}${url}`,
          ':low': newestFirst || from === null ? versionPrefix : `${versionPrefix}${from}`,
          // `~` sorts behind every digit, letter and sign of an id.
          ':high': newestFirst && from !== null ? `${versionPrefix}${from}` : `${versionPrefix}~`,
        },
        ProjectionExpression: 'sk',
        ConsistentRead: consistent,
        ScanIndexForward: !newestFirst,
        Limit: limit - ids.length,
        ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
        ReturnConsumedCapacity: 'TOTAL',
      };
      const answer = await sendRead(deps, 'Query', limit, asker, (options) =>
        client.send(new QueryCommand(input), options),
      );
      if (answer.kind === 'failed') return answer.error;
      if (answer.kind === 'refused') return deadlineError(null);
      for (const item of answer.output.Items ?? []) ids.push(String(item.sk).slice(versionPrefix.length));
      // A page ends at 1 MB of items, whatever is projected.
      startKey = answer.output.LastEvaluatedKey;
    } while (startKey !== undefined && ids.length < limit);
    return ids;
  };
}

/** Makes the pruner that keeps the newest `keep` versions besides the one that is the head now. */
export function createPruneVersions(
  deps: WriteDeps & { readonly table: Table },
  list: ListVersions,
  keep: number,
): PruneVersions {
  return async (url, signal) => {
    const newest = await list(url, { newestFirst: true, from: null, limit: keep + 26 }, { signal });
    if (newest instanceof CrawlgateError) return;
    for (const id of newest.slice(keep + 1)) await removeVersion(deps, deps.table, url, id, null, signal);
  };
}

/**
 * Removes one version; its parts go away by their ttl unless the caller removes them.
 * @param writeId only where it still is of this write; null: whatever it is.
 * @returns `gone` where there was nothing to remove; an error where that is not known.
 */
export async function removeVersion(
  deps: WriteDeps,
  table: Table,
  url: UrlKey,
  versionId: string,
  writeId: string | null,
  signal: AbortSignalLike,
): Promise<'removed' | 'gone' | CrawlgateError> {
  const command = new DeleteItemCommand({
    TableName: table.name,
    Key: { pk: { S: `${urlPrefix}${url}` }, sk: { S: `${versionPrefix}${versionId}` } },
    ...(writeId === null
      ? {}
      : {
          ConditionExpression: '#w = :w',
          ExpressionAttributeNames: { '#w': 'write_id' },
          ExpressionAttributeValues: { ':w': { S: writeId } },
        }),
    ReturnConsumedCapacity: 'TOTAL',
  });
  const answer = await sendWrite(deps, 'DeleteItem', 1, signal, (options) => deps.client.send(command, options));
  if (answer.kind === 'written') return 'removed';
  return answer.kind === 'refused' ? 'gone' : answer.error;
}

/** Makes the reader behind the `versions` field. Cursors are the ids themselves. */
export function createReadVersions(list: ListVersions): ReadVersions {
  return async (request) => {
    const ids = request.closest === null ? await newest(request) : await nearest(request, request.closest);
    const page = ids.slice(0, request.first);
    return {
      entries: page.map(({ id, createdAt }) => ({ versionId: id, createdAt, cursor: id })),
      hasNextPage: ids.length > request.first,
    };
  };

  async function newest({ url, first, after, before, ...asker }: VersionsRequest): Promise<readonly Version[]> {
    if (after !== null) checkCursor(after);
    const limits = [after, before === null ? null : limitOf(before)].filter((id) => id !== null);
    const from = limits.length === 0 ? null : (limits.sort()[0] ?? null);
    // One more tells whether there is a next page; the cursor itself is in the range too.
    const found = versionsOf(await list(url, { newestFirst: true, from, limit: first + 2 }, asker));
    return found.filter(({ id, createdAt }) => id !== after && (before === null || createdAt < before));
  }

  async function nearest(request: VersionsRequest, closest: Instant): Promise<readonly Version[]> {
    const { url, first, after, before, ...asker } = request;
    // Enough on both sides of the moment, wherever the cursor is; nearness is decided here.
    const skipped = after === null ? 0 : maxNearest;
    const limit = Math.min(maxNearest, first + 1 + skipped);
    const from = formatInstant(closest, 'six');
    const [older, newer] = await Promise.all([
      list(
        url,
        { newestFirst: true, from: before !== null && before <= closest ? limitOf(before) : `${from}~`, limit },
        asker,
      ),
      list(url, { newestFirst: false, from, limit }, asker),
    ]);
    const byId = new Map([...versionsOf(older), ...versionsOf(newer)].map((version) => [version.id, version]));
    const sorted = [...byId.values()]
      .filter(({ createdAt }) => before === null || createdAt < before)
      .sort((a, b) => Math.abs(a.createdAt - closest) - Math.abs(b.createdAt - closest) || b.createdAt - a.createdAt);
    if (after === null) return sorted;
    const index = sorted.findIndex(({ id }) => id === after);
    if (index < 0) throw badCursor();
    return sorted.slice(index + 1);
  }
}

/** Sorts before every id of that moment, after all earlier ones. */
function limitOf(before: Instant): string {
  return formatInstant(before, 'six');
}

/** Versions on each side of a moment that `closest` looks at when it goes on after a cursor. */
const maxNearest = 1000;

interface Version {
  readonly id: string;
  readonly createdAt: Instant;
}

function versionsOf(ids: readonly string[] | CrawlgateError): readonly Version[] {
  if (ids instanceof CrawlgateError) throw ids;
  return ids.flatMap((id) => {
    const createdAt = parseInstant(id.split('#')[0] ?? '');
    return createdAt === null ? [] : [{ id, createdAt }];
  });
}

/** @throws CrawlgateError BAD_USER_INPUT where it is no id: DynamoDB would take it for a fault of the gateway's. */
function checkCursor(cursor: string): void {
  const isKey = cursor.isWellFormed() && Buffer.byteLength(versionPrefix + cursor) <= maxRangeKeyBytes;
  if (!isKey || parseInstant(cursor.split('#')[0] ?? '') === null) throw badCursor();
}

function badCursor(): CrawlgateError {
  return new CrawlgateError('BAD_USER_INPUT', 'The cursor is none that this list gave.', { argument: 'after' });
}

/** The reader of tables that keep no versions. */
export const noVersions: ReadVersions = (): Promise<VersionsPage> =>
  Promise.resolve({ entries: [], hasNextPage: false });
