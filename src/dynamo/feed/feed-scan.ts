// The feed of a table without our indexes: what a bounded scan finds, in the table's own order.
import { ScanCommand, type ScanCommandInput } from '@aws-sdk/lib-dynamodb';
import type { FeedFilter } from '../../domain/feed.js';
import type { Asker } from '../../domain/follow.js';
import { type Instant, instantOfSeconds, parseInstant } from '../../domain/instant.js';
import { reservedPrefix } from '../../domain/url-key.js';
import { CrawlgateError } from '../../errors.js';
import { urlPrefix } from '../codec/layout-versioned.js';
import { documentClientOf, numberOf } from '../document-client.js';
import { projectionExpression } from '../reading/projection-expression.js';
import { sendRead, type WriteDeps } from '../send-write.js';
import { deadlineError } from '../store-error.js';
import type { LayoutName, Table } from '../table.js';
import { matchesUrl, type SiteMatch } from './feed-match.js';
import type { FeedPosition, Listed } from './feed-position.js';

/** One page to be scanned for. */
export interface ScanRequest extends Asker {
  readonly filter: FeedFilter;
  readonly match: SiteMatch | null;
  readonly first: number;
  readonly from: FeedPosition | null;
}

/** Scans until a page is full or a page's share of the table is read. Rejects with a CrawlgateError. */
export type ScanFeed = (
  request: ScanRequest,
) => Promise<{ readonly listed: readonly Listed[]; readonly next: FeedPosition | null }>;

/** Items of one call, and calls of one page: a page reads at most 1,000 items or 4 MB. */
const itemsPerCall = 250;
const callsPerPage = 4;

/** Attributes that the filters look at. */
const attributes = ['created_at', 'crawled_at', 'success', 'status_code', 'ttl', 'entity_type'];

/** Makes the scanner. Parts, versions and expired items are passed over. */
export function createScanFeed(
  deps: WriteDeps & { readonly table: Table; readonly layout: { readonly name: LayoutName } },
): ScanFeed {
  const client = documentClientOf(deps.client);
  const keyNames = deps.table.keyAttributes;
  return async ({ filter, match, first, from, ...asker }) => {
    const listed: Listed[] = [];
    let start: Record<string, unknown> | undefined = from === null ? undefined : keyOfPosition(from);
    for (let call = 0; call < callsPerPage; call += 1) {
      const page = await send(start, asker);
      for (const item of page.items) {
        const entry = listedOf(item, filter, match);
        if (entry === null) continue;
        if (listed.length === first) return { listed, next: listed.at(-1)?.position ?? null };
        listed.push(entry);
      }
      start = page.next;
      if (start === undefined) return { listed, next: null };
    }
    return { listed, next: positionAt(start ?? {}, '') };
  };

  async function send(
    start: Record<string, unknown> | undefined,
    asker: Asker,
  ): Promise<{ items: readonly Record<string, unknown>[]; next: Record<string, unknown> | undefined }> {
    const input: ScanCommandInput = {
      TableName: deps.table.name,
      Limit: itemsPerCall,
      ...projectionExpression(deps.table, attributes),
      ReturnConsumedCapacity: 'TOTAL',
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    };
    const answer = await sendRead(deps, 'Scan', 1, asker, (options) => client.send(new ScanCommand(input), options));
    if (answer.kind === 'failed') throw answer.error;
    if (answer.kind === 'refused') throw deadlineError(null);
    return { items: answer.output.Items ?? [], next: answer.output.LastEvaluatedKey };
  }

  function listedOf(item: Record<string, unknown>, filter: FeedFilter, match: SiteMatch | null): Listed | null {
    const url = urlOf(item);
    if (url === null || (match !== null && !matchesUrl(match, url))) return null;
    const ttl = numberOf(item.ttl);
    if (ttl * 1000 <= deps.now()) return null;
    if (filter.success !== null && item.success !== filter.success) return null;
    if (filter.statusCode !== null && numberOf(item.status_code) !== filter.statusCode) return null;
    const order = momentOf(item.created_at) ?? momentOf(item.crawled_at);
    if (filter.createdAfter !== null && (order === null || order <= filter.createdAfter)) return null;
    if (filter.createdBefore !== null && (order === null || order >= filter.createdBefore)) return null;
    return { url, order, expiresAt: Number.isFinite(ttl) ? ttl : null, position: positionAt(item, url) };
  }

  function urlOf(item: Record<string, unknown>): string | null {
    const key = item[keyNames[0] ?? ''];
    if (typeof key !== 'string') return null;
    if (deps.layout.name === 'document') return key.startsWith(reservedPrefix) ? null : key;
    // A head that a writer is about to replace holds no result yet.
    if (item.entity_type === 'crawl_pending') return null;
    return key.startsWith(urlPrefix) && item.sk === 'LATEST' ? key.slice(urlPrefix.length) : null;
  }

  function positionAt(item: Record<string, unknown>, url: string): FeedPosition {
    return { kind: 'scan', rank: JSON.stringify(keyNames.map((name) => item[name])), url };
  }

  function keyOfPosition(position: FeedPosition): Record<string, unknown> {
    const values = parseKey(String(position.rank));
    if (values === null || values.length !== keyNames.length) {
      throw new CrawlgateError('BAD_USER_INPUT', 'The cursor is none that this list gave.', { argument: 'after' });
    }
    return Object.fromEntries(keyNames.map((name, index) => [name, values[index]]));
  }
}

function parseKey(text: string): readonly string[] | null {
  try {
    const values: unknown = JSON.parse(text);
    return Array.isArray(values) && values.every((value) => typeof value === 'string' && value !== '') ? values : null;
  } catch {
    return null;
  }
}

function momentOf(value: unknown): Instant | null {
  if (typeof value === 'string') return parseInstant(value);
  const seconds = numberOf(value);
  return Number.isFinite(seconds) ? instantOfSeconds(seconds) : null;
}
