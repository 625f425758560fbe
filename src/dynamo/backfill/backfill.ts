// Goes through a whole table and gives its items what the feed's indexes need, and lone versions their heads.
import { type DynamoDBClient, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { inParallel } from '../../domain/in-parallel.js';
import { reservedPrefix, toUrlKey, type UrlKey } from '../../domain/url-key.js';
import { CrawlgateError } from '../../errors.js';
import { urlPrefix } from '../codec/layout-versioned.js';
import { versionPrefix } from '../feed/versions.js';
import { projectionExpression } from '../reading/projection-expression.js';
import { sendRead, sendWrite, type WriteDeps } from '../send-write.js';
import { deadlineError } from '../store-error.js';
import type { Item, LayoutName, Table } from '../table.js';
import { unchanged, unchangedAttributes } from '../writing/unchanged.js';
import { updateInput } from '../writing/update-input.js';
import { indexAttributes, lackingAttributes, orderOf } from './lacking.js';
import { type MakeHeadDeps, makeHead } from './make-head.js';
import type { Pace } from './pace.js';

/** What the run needs. */
export interface BackfillDeps extends WriteDeps, Omit<MakeHeadDeps, 'now'> {
  readonly client: DynamoDBClient;
  readonly table: Table;
  readonly layout: LayoutName;
  readonly pace: Pick<Pace, 'ready'>;
}

/** What a run has done so far. */
export interface BackfillCounts {
  /** Items looked at, parts and versions included. */
  readonly scanned: number;
  /** Results that were given attributes of the indexes. */
  readonly completed: number;
  /** Heads made of versions that had none. */
  readonly heads: number;
  /** Results without a time: they are found by their URL, not in the newest first. */
  readonly untimed: number;
  /** Results left as they are; each was told. */
  readonly failed: number;
}

/** One run. */
export interface BackfillRequest {
  /** Where an earlier run stopped; null: from the beginning. */
  readonly from: Item | null;
  readonly counts: BackfillCounts;
  readonly signal: AbortSignal;
  /** Told after each page of the scan; `next` is where a later run goes on, null at the end. */
  readonly onPage: (counts: BackfillCounts, next: Item | null) => Promise<void>;
  /** Told of each result that could not be completed; the run goes on. */
  readonly onFailed: (problem: { readonly key: string; readonly error: CrawlgateError }) => void;
}

/** Goes through the table. Rejects with a CrawlgateError where the store fails or the signal aborts: the rest is for a later run. */
export type Backfill = (request: BackfillRequest) => Promise<BackfillCounts>;

/** Nothing done yet. */
export const noCounts: BackfillCounts = { scanned: 0, completed: 0, heads: 0, untimed: 0, failed: 0 };

/** Items of one call of Scan, so that a slow pace is an even one. */
const itemsPerPage = 200;

/** Items written at once. */
const writesInFlight = 8;

/** Codes that are about the store, not about one item: going on would fail them all. */
const storeCodes: ReadonlySet<string> = new Set([
  'STORE_UNAVAILABLE',
  'STORE_THROTTLED',
  'STORE_FORBIDDEN',
  'STORE_MISCONFIGURED',
  'DEADLINE_EXCEEDED',
]);

/** Makes the run. */
export function createBackfill(deps: BackfillDeps): Backfill {
  const { client, table, layout, pace } = deps;
  const partitionKey = table.keyAttributes[0] ?? '';
  const names = ['entity_type', ...unchangedAttributes, ...indexAttributes];

  return async ({ from, counts: before, signal, onPage, onFailed }) => {
    const counts = { ...before };
    let next: Item | null = from;
    // Its head may lie before the place.
    let settled: string | null = from?.pk?.S ?? null;
    do {
      const page = await scan(next, signal);
      const lone: string[] = [];
      await inParallel(page.items, writesInFlight, async (item) => {
        counts.scanned += 1;
        const key = item[partitionKey]?.S ?? '';
        if (isHead(item, key)) await attempt(key, () => complete(item, urlOf(key), counts, signal));
      });
      for (const item of page.items) {
        const key = item.pk?.S ?? '';
        if (layout !== 'versioned' || !key.startsWith(urlPrefix) || key === settled) continue;
        // A head sorts before its versions: a version met first has none.
        if (item.sk?.S === 'LATEST') settled = key;
        if (item.sk?.S?.startsWith(versionPrefix) !== true) continue;
        settled = key;
        lone.push(key);
      }
      await inParallel(lone, writesInFlight, (key) =>
        attempt(key, async () => {
          await pace.ready(signal);
          if (await makeHead(deps, urlOf(key), signal)) counts.heads += 1;
        }),
      );
      next = page.next;
      await onPage({ ...counts }, next);
    } while (next !== null);
    return { ...counts };

    async function attempt(key: string, work: () => Promise<void>): Promise<void> {
      try {
        await work();
      } catch (error) {
        if (!(error instanceof CrawlgateError) || storeCodes.has(error.code)) throw error;
        counts.failed += 1;
        onFailed({ key, error });
      }
    }
  };

  async function scan(from: Item | null, signal: AbortSignal): Promise<{ items: readonly Item[]; next: Item | null }> {
    await pace.ready(signal);
    const command = new ScanCommand({
      TableName: table.name,
      Limit: itemsPerPage,
      ...projectionExpression(table, names),
      ReturnConsumedCapacity: 'TOTAL',
      ...(from === null ? {} : { ExclusiveStartKey: from }),
    });
    const answer = await sendRead(deps, 'Scan', 1, { signal }, (options) => client.send(command, options));
    if (answer.kind === 'failed') throw answer.error;
    if (answer.kind === 'refused') throw deadlineError(null);
    return { items: answer.output.Items ?? [], next: answer.output.LastEvaluatedKey ?? null };
  }

  /** Whether the item is a result that readers find. Expired ones are left to the table's own cleaning. */
  function isHead(item: Item, key: string): boolean {
    const ttl = Number(item.ttl?.N ?? Number.NaN);
    if (ttl * 1000 <= deps.now() || item.entity_type?.S === 'crawl_pending') return false;
    return layout === 'document'
      ? !key.startsWith(reservedPrefix)
      : key.startsWith(urlPrefix) && item.sk?.S === 'LATEST';
  }

  async function complete(
    item: Item,
    url: UrlKey,
    counts: { completed: number; untimed: number },
    signal: AbortSignal,
  ): Promise<void> {
    if (orderOf(item) === null) counts.untimed += 1;
    const set = lackingAttributes(url, item);
    if (Object.keys(set).length === 0) return;
    await pace.ready(signal);
    const key = Object.fromEntries(table.keyAttributes.flatMap((name) => (item[name] ? [[name, item[name]]] : [])));
    const condition = unchanged(item, partitionKey, 'record');
    const command = new UpdateItemCommand(updateInput({ table, key, set, remove: [], condition }));
    const answer = await sendWrite(deps, 'UpdateItem', 1, signal, (options) => client.send(command, options));
    if (answer.kind === 'failed') throw answer.error;
    // Written over or removed since it was read: whoever did that is newer than us; what Python wrote waits for a next run.
    if (answer.kind === 'written') counts.completed += 1;
  }

  function urlOf(key: string): UrlKey {
    return toUrlKey(layout === 'document' ? key : key.slice(urlPrefix.length), deps.maxUrlBytes);
  }
}
