// The three indexes as ordered lists: all results by time, one site by time, one site by URL.
import type { FeedFilter } from '../../domain/feed.js';
import type { Instant } from '../../domain/instant.js';
import { feedDay, feedShards } from '../codec/feed-attributes.js';
import type { SiteMatch } from './feed-match.js';
import type { NewestUpTo } from './feed-newest.js';
import type { FeedPosition, Listed } from './feed-position.js';
import type { PartitionPage, QueryPartition } from './feed-query.js';

/** One stretch of a list, unordered between partitions. `next` is where to go on; null: nothing is left. */
export interface Stretch {
  readonly listed: readonly Listed[];
  readonly next: FeedPosition | null;
}

/** Reads at least `limit` keys behind `from`, or to the end of what one page may look at. */
export type ListPage = (from: FeedPosition | null, limit: number, signal: AbortSignal) => Promise<Stretch>;

/** Microseconds of one day. */
const dayMicros = 86_400_000_000;

/** Days looked at in one stretch: eight small queries each. */
const daysPerStretch = 7;

/** Days without a result behind which none is looked for any more, where the index is too long to look over. */
const maxEmptyDays = 400;

/** A moment ahead of ours that another machine's clock may have written. */
const aheadMicros = 600_000_000;

/** Everything, newest first: the shards of one day after another. */
export function listByTime(
  query: QueryPartition,
  newestUpTo: NewestUpTo,
  filter: FeedFilter,
  now: () => number,
): ListPage {
  const newest = Math.min(now() * 1000 + aheadMicros, (filter.createdBefore ?? Number.POSITIVE_INFINITY) - 1);
  const oldest = Math.max(0, (filter.createdAfter ?? Number.NEGATIVE_INFINITY) + 1);
  return async (from, limit, signal) => {
    let high = Math.min(newest, highestAfter(from));
    let emptySince = (from?.kind === 'time' ? from.emptySince : undefined) ?? high;
    for (;;) {
      const stretch = await days(high, Math.max(oldest, emptySince - maxEmptyDays * dayMicros), limit, signal);
      if (stretch.listed.length > 0 || stretch.next?.kind !== 'time') return stretch;
      // Nothing for days on end: one look over the whole index tells where it goes on, unless that is too long to look at.
      const next = await newestUpTo(stretch.next.rank, signal);
      if (next === 'unknown') return { listed: [], next: { ...stretch.next, emptySince } };
      if (next === null || next < oldest) return { listed: [], next: null };
      high = next;
      emptySince = next;
    }
  };

  async function days(from: number, oldestOfAll: number, limit: number, signal: AbortSignal): Promise<Stretch> {
    let high = from;
    const listed: Listed[] = [];
    for (let day = 0; day < daysPerStretch && high >= oldestOfAll; day += 1) {
      const dayStart = Math.floor(high / dayMicros) * dayMicros;
      const low = Math.max(dayStart, oldestOfAll);
      const partitions = await Promise.all(
        Array.from({ length: feedShards }, (_, shard) =>
          query(
            {
              index: 'by-time',
              hash: ['feed_day', feedDay(high as Instant, shard)],
              range: ['order', low, high],
              newestFirst: true,
              // The place itself is listed again and left out by the caller.
              limit: limit + 1,
            },
            signal,
          ),
        ),
      );
      // A shard that was cut short ends somewhere: what lies behind the nearest such end is not known to be next.
      const end = cutRank(partitions);
      const found = partitions.flatMap((partition) => partition.listed);
      listed.push(...found.filter(({ position }) => end === null || Number(position.rank) >= end));
      if (listed.length > limit) return { listed, next: { kind: 'time', rank: end ?? low, url: lastUrl } };
      high = end === null ? dayStart - 1 : end - 1;
    }
    return { listed, next: high < oldestOfAll ? null : { kind: 'time', rank: high, url: '' } };
  }
}

/** One registrable domain, newest first. */
export function listBySite(query: QueryPartition, match: SiteMatch, filter: FeedFilter, now: () => number): ListPage {
  const newest = Math.min(now() * 1000 + aheadMicros, (filter.createdBefore ?? Number.POSITIVE_INFINITY) - 1);
  const oldest = Math.max(0, (filter.createdAfter ?? Number.NEGATIVE_INFINITY) + 1);
  return async (from, limit, signal) => {
    const high = Math.min(newest, highestAfter(from));
    if (high < oldest) return { listed: [], next: null };
    const page = await query(
      {
        index: 'by-site',
        hash: ['site', match.site],
        range: ['order', oldest, high],
        newestFirst: true,
        limit: limit + 1,
      },
      signal,
    );
    const end = cutRank([page]);
    return { listed: page.listed, next: end === null ? null : { kind: 'time', rank: end, url: lastUrl } };
  };
}

/** The URLs of one site that begin alike, in their sort-friendly order. */
export function listByUrl(query: QueryPartition, match: SiteMatch): ListPage {
  return async (from, limit, signal) => {
    const low = from?.kind === 'url' ? lowestAfter(String(from.rank), from.url) : match.surtPrefix;
    const { listed, isCut } = await query(
      {
        index: 'by-url',
        hash: ['site', match.site],
        range: ['surt', low, `${match.surtPrefix}\u{10ffff}`],
        newestFirst: false,
        limit: limit + 1,
      },
      signal,
    );
    const last = listed.at(-1);
    const next: FeedPosition | null =
      isCut && last !== undefined ? { kind: 'url', rank: String(last.position.rank), url: lastUrl } : null;
    return { listed, next };
  };
}

/** Sorts behind every URL: the whole rank is done. */
const lastUrl = '\u{10ffff}';

/** The newest moment that may come after a place: its own, for the ties that are left, or the one before. */
function highestAfter(from: FeedPosition | null): number {
  if (from?.kind !== 'time') return Number.POSITIVE_INFINITY;
  return from.url === lastUrl ? from.rank - 1 : from.rank;
}

/** The first text that may come after a place. */
function lowestAfter(rank: string, url: string): string {
  return url === lastUrl ? `${rank}\u0000` : rank;
}

/** The rank at which the first partition that was cut short ends; null where all were read to their end. */
function cutRank(partitions: readonly PartitionPage[]): number | null {
  const ends = partitions
    .filter(({ isCut }) => isCut)
    .map(({ listed }) => Number(listed.at(-1)?.position.rank ?? Number.NEGATIVE_INFINITY));
  return ends.length === 0 ? null : Math.max(...ends);
}
