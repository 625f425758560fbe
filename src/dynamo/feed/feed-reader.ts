// Lists stored results: newest first by time or site, in URL order as CDX servers do, or by scanning where no index helps.
import { type CrawlResult, type StoredResult, selectRecord } from '../../domain/crawl-result.js';
import type { FeedEntry, FeedFilter, FeedPage, FeedRequest, ReadFeed } from '../../domain/feed.js';
import { groups } from '../../domain/fields.js';
import type { Asker } from '../../domain/follow.js';
import type { Instant } from '../../domain/instant.js';
import { plainWantFor, type ReadMany } from '../../domain/read-many.js';
import { latestKey, type ResultKey } from '../../domain/result-key.js';
import { toUrlKey, type UrlKey } from '../../domain/url-key.js';
import type { DescribedTable } from '../describe.js';
import { cursorOf, positionOf } from './feed-cursor.js';
import { matchesUrl, parseMatch } from './feed-match.js';
import { comparePositions, type FeedPosition, type Listed } from './feed-position.js';
import type { QueryPartition } from './feed-query.js';
import type { ScanFeed } from './feed-scan.js';
import { type ListPage, listBySite, listByTime, listByUrl } from './feed-sources.js';
import type { WholeIndex } from './feed-whole.js';

/** What the reader needs. */
export interface FeedReaderDeps {
  readonly described: DescribedTable;
  readonly query: QueryPartition;
  readonly wholeIndex: WholeIndex;
  readonly scan: ScanFeed;
  /** Reads heads where a filter asks for what no index says. */
  readonly read: ReadMany<ResultKey, StoredResult>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Rounds of listing and filtering that one page may take; what is left goes to the next page. */
const maxRounds = 10;

/** Makes the reader of the feed. */
export function createFeedReader(deps: FeedReaderDeps): ReadFeed {
  return async (request) => {
    const { filter, after } = request;
    if (filter.url !== null && filter.match === 'EXACT') return exact(request, filter.url);
    const match = filter.url === null ? null : parseMatch(filter.url, filter.match);
    const isByUrl = match !== null && filter.match !== 'DOMAIN';
    const index = match === null ? 'by-time' : isByUrl ? 'by-url' : 'by-site';
    if (!deps.described.indexes.has(index)) {
      const from = after === null ? null : positionOf(after, 'scan');
      const page = await deps.scan({
        filter,
        match,
        first: request.first,
        from,
        signal: request.signal,
        follow: request.follow,
      });
      return pageOf(page.listed, page.next, true);
    }
    const from = after === null ? null : positionOf(after, isByUrl ? 'url' : 'time');
    const list: ListPage =
      match === null
        ? listByTime(deps.query, deps.wholeIndex, filter, deps.now)
        : isByUrl
          ? listByUrl(deps.query, match)
          : listBySite(deps.query, match, filter, deps.now);
    return ordered(request, from, list, (listed) => match === null || matchesUrl(match, listed.url));
  };

  async function ordered(
    { filter, first, ...asker }: FeedRequest,
    start: FeedPosition | null,
    list: ListPage,
    isMatch: (listed: Listed) => boolean,
  ): Promise<FeedPage> {
    const found: Listed[] = [];
    let from = start;
    for (let round = 0; round < maxRounds; round += 1) {
      const page = await list(from, first + 1 - found.length, asker);
      const sorted = [...page.listed].sort((a, b) => comparePositions(a.position, b.position));
      const candidates = sorted.filter(({ position }) => from === null || comparePositions(from, position) < 0);
      const kept = await filtered(candidates.filter(isMatch), filter, asker);
      found.push(...kept);
      if (found.length > first) {
        const entries = found.slice(0, first);
        return pageOf(entries, entries.at(-1)?.position ?? null, false);
      }
      from = page.next;
      if (from === null) return pageOf(found, null, false);
    }
    return pageOf(found, from, false);
  }

  /** Those that the filter lets through; heads are read only where it asks for what the index does not say. */
  async function filtered(listed: readonly Listed[], filter: FeedFilter, asker: Asker): Promise<readonly Listed[]> {
    const inTime = listed.filter(
      ({ order, expiresAt }) =>
        (expiresAt === null || expiresAt * 1000 > deps.now()) && (order === null || isInTime(order, filter)),
    );
    const isToldByKeys = filter.success === null && filter.statusCode === null;
    if (inTime.length === 0 || (isToldByKeys && inTime.every(({ order }) => order !== null))) return inTime;
    const want = plainWantFor(groups.head);
    const keys = inTime.map(({ url }) => latestKey(url as UrlKey));
    const outcomes = await deps.read({ keys, want, signal: asker.signal, follow: asker.follow });
    const kept: Listed[] = [];
    for (const [position, entry] of inTime.entries()) {
      const outcome = outcomes.get(keys[position] ?? latestKey(entry.url as UrlKey));
      // A page that left out what could not be read would say that it is not there.
      if (outcome?.kind === 'failed') throw outcome.error;
      if (outcome?.kind !== 'found') continue;
      const record = recordOf(outcome.value, filter, deps.now());
      if (record === null) continue;
      const order = record.order ?? entry.order;
      const isWanted =
        (filter.success === null || record.success === filter.success) &&
        (filter.statusCode === null || record.statusCode === filter.statusCode) &&
        (order === null || isInTime(order, filter));
      if (isWanted) kept.push({ ...entry, order });
    }
    return kept;
  }

  async function exact({ filter, after, ...asker }: FeedRequest, url: string): Promise<FeedPage> {
    if (after !== null) positionOf(after, 'url');
    if (after !== null) return pageOf([], null, false);
    const key = toUrlKey(url);
    const listed: Listed = { url: key, order: null, expiresAt: null, position: { kind: 'url', rank: '', url: key } };
    return pageOf(await filtered([listed], filter, asker), null, false);
  }
}

/** What is listed of a URL: as in the indexes its last success, or else a failure; a later failure to who asks about crawls. */
function recordOf(stored: StoredResult, { success, statusCode }: FeedFilter, nowMs: number): CrawlResult | null {
  const isOfCrawls = success === false || (success === null && statusCode !== null);
  return (isOfCrawls ? null : selectRecord(stored, 'SUCCESS', nowMs)) ?? selectRecord(stored, 'ANY', nowMs);
}

function isInTime(order: number, filter: FeedFilter): boolean {
  return (
    (filter.createdAfter === null || order > filter.createdAfter) &&
    (filter.createdBefore === null || order < filter.createdBefore)
  );
}

function pageOf(listed: readonly Listed[], next: FeedPosition | null, scanned: boolean): FeedPage {
  const entries = listed.map(
    ({ url, order, position }): FeedEntry => ({
      url: url as UrlKey,
      createdAt: order as Instant | null,
      cursor: cursorOf(position),
    }),
  );
  return {
    entries,
    hasNextPage: next !== null,
    endCursor: next === null ? (entries.at(-1)?.cursor ?? null) : cursorOf(next),
    scanned,
  };
}
