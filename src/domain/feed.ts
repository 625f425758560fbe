// The seam of listing: stored results newest first, a page of keys at a time.
import type { Asker } from './follow.js';
import type { Instant } from './instant.js';
import type { UrlKey } from './url-key.js';

/** What CDX servers call matchType. */
export type UrlMatch = 'EXACT' | 'PREFIX' | 'HOST' | 'DOMAIN';

/** What a page is narrowed to; null narrows nothing. */
export interface FeedFilter {
  readonly url: string | null;
  readonly match: UrlMatch;
  readonly success: boolean | null;
  readonly statusCode: number | null;
  readonly createdAfter: Instant | null;
  readonly createdBefore: Instant | null;
}

/** One page asked for. */
export interface FeedRequest extends Asker {
  readonly filter: FeedFilter;
  /** At most this many entries, at least 1. */
  readonly first: number;
  /** The cursor after which to go on, as an earlier page gave it. */
  readonly after: string | null;
}

/** One entry: enough to list it without reading its item. */
export interface FeedEntry {
  readonly url: UrlKey;
  readonly createdAt: Instant | null;
  readonly cursor: string;
}

/** One page. `scanned` is true where no index served it and items were scanned. */
export interface FeedPage {
  readonly entries: readonly FeedEntry[];
  readonly hasNextPage: boolean;
  /** Where the next page goes on; also set where this page found nothing within what one page may read. */
  readonly endCursor: string | null;
  readonly scanned: boolean;
}

/** Reads one page. Rejects with a CrawlgateError (BAD_USER_INPUT for a cursor that is none of ours). */
export type ReadFeed = (request: FeedRequest) => Promise<FeedPage>;

/** One page of a URL's earlier results asked for. */
export interface VersionsRequest extends Asker {
  readonly url: UrlKey;
  readonly first: number;
  readonly after: string | null;
  /** Only results older than this one; null: all of them. */
  readonly before: Instant | null;
  /** Nearest to this moment first; null: newest first. */
  readonly closest: Instant | null;
}

/** One page of version ids (see ResultKey). */
export interface VersionsPage {
  readonly entries: readonly { readonly versionId: string; readonly createdAt: Instant; readonly cursor: string }[];
  readonly hasNextPage: boolean;
}

/** Lists a URL's earlier results; empty where the table keeps none. Rejects with a CrawlgateError. */
export type ReadVersions = (request: VersionsRequest) => Promise<VersionsPage>;
