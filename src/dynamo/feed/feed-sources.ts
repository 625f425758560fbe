// The three indexes as ordered lists: all results by time, one site by time, one site by URL.
import type { FeedFilter } from '../../domain/feed.js';
import type { Asker } from '../../domain/follow.js';
import type { Instant } from '../../domain/instant.js';
import { feedDay, feedShards, maxRangeKeyBytes } from '../codec/feed-attributes.js';
import { prefixesOf, type SiteMatch } from './feed-match.js';
import type { FeedPosition, Listed } from './feed-position.js';
import type { PartitionPage, QueryPartition } from './feed-query.js';
import type { WholeIndex } from './feed-whole.js';

/** One stretch of a list, unordered between partitions. `next` is where to go on; null: nothing is left. */
export interface Stretch {
  readonly listed: readonly Listed[];
  readonly next: FeedPosition | null;
}

/** Reads at least `limit` keys behind `from`, or to the end of what one page may look at. */
export type ListPage = (from: FeedPosition | null, limit: number, asker: Asker) => Promise<Stretch>;

/** Microseconds of one day. */
const dayMicros = 86_400_000_000;

/** Days looked at before the whole index is, and days of one stretch where that is too long: eight small queries each. */
const firstDays = 2;
const daysPerStretch = 7;

/** Entries beyond a page that one stretch lists: a filter reads the heads of all that are listed. */
const entriesToChooseFrom = 100;

/** Days without a result behind which none is looked for any more, where the index is too long to look over. */
const maxEmptyDays = 400;

/** A moment ahead of ours that another machine's clock may have written. */
const aheadMicros = 600_000_000;

/** Everything, newest first: the shards of one day after another, or the whole index at once where it is short. */
export function listByTime(
  query: QueryPartition,
  wholeIndex: WholeIndex,
  filter: FeedFilter,
  now: () => number,
): ListPage {
  const newest = Math.min(now() * 1000 + aheadMicros, (filter.createdBefore ?? Number.POSITIVE_INFINITY) - 1);
  const oldest = Math.max(0, (filter.createdAfter ?? Number.NEGATIVE_INFINITY) + 1);
  return async (from, limit, asker) => {
    const high = Math.min(newest, highestAfter(from));
    const emptySince = (from?.kind === 'time' ? from.emptySince : undefined) ?? high;
    const oldestOfAll = Math.max(oldest, emptySince - maxEmptyDays * dayMicros);
    const first = await days(high, oldestOfAll, firstDays, limit, asker);
    if (first.listed.length > limit || first.next?.kind !== 'time') return first;
    // Not full after two days: one look over the whole index is cheaper than more of them, unless it is too long for one.
    const whole = await wholeIndex({ low: oldest, high: Number(first.next.rank) }, asker);
    if (whole !== 'unknown') return nextOf([...first.listed, ...whole], limit);
    const more = await days(Number(first.next.rank), oldestOfAll, daysPerStretch, limit - first.listed.length, asker);
    const listed = [...first.listed, ...more.listed];
    if (listed.length > 0 || more.next?.kind !== 'time') return { listed, next: more.next };
    return { listed, next: { ...more.next, emptySince } };
  };

  async function days(from: number, oldestOfAll: number, count: number, limit: number, asker: Asker): Promise<Stretch> {
    let high = from;
    const listed: Listed[] = [];
    for (let day = 0; day < count && high >= oldestOfAll; day += 1) {
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
            asker,
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

/** The newest of all that are left: enough for a filter to choose from, ties kept together. */
function nextOf(left: readonly Listed[], limit: number): Stretch {
  const ranks = left.map(({ position }) => Number(position.rank)).sort((a, b) => b - a);
  const end = ranks[limit + entriesToChooseFrom];
  if (end === undefined) return { listed: left, next: null };
  const above = left.filter(({ position }) => Number(position.rank) > end);
  if (above.length > 0) return { listed: above, next: { kind: 'time', rank: end, url: '' } };
  return {
    listed: left.filter(({ position }) => Number(position.rank) === end),
    next: { kind: 'time', rank: end, url: lastUrl },
  };
}

/** One registrable domain, newest first. */
export function listBySite(query: QueryPartition, match: SiteMatch, filter: FeedFilter, now: () => number): ListPage {
  const newest = Math.min(now() * 1000 + aheadMicros, (filter.createdBefore ?? Number.POSITIVE_INFINITY) - 1);
  const oldest = Math.max(0, (filter.createdAfter ?? Number.NEGATIVE_INFINITY) + 1);
  return async (from, limit, asker) => {
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
      asker,
    );
    const end = cutRank([page]);
    return { listed: page.listed, next: end === null ? null : { kind: 'time', rank: end, url: lastUrl } };
  };
}

/** The URLs of one site that begin alike, in their sort-friendly order. */
export function listByUrl(query: QueryPartition, match: SiteMatch): ListPage {
  return async (from, limit, asker) => {
    const start = from?.kind === 'url' ? lowestAfter(String(from.rank), from.url) : '';
    const listed: Listed[] = [];
    for (const prefix of prefixesOf(match)) {
      const [low, high] = [start > prefix ? start : prefix, highestWith(prefix)];
      if (low > high) continue;
      const page = await query(
        {
          index: 'by-url',
          hash: ['site', match.site],
          range: ['surt', low, high],
          newestFirst: false,
          limit: Math.max(1, limit + 1 - listed.length),
        },
        asker,
      );
      listed.push(...page.listed);
      const last = listed.at(-1);
      if (page.isCut && last !== undefined) {
        return { listed, next: { kind: 'url', rank: String(last.position.rank), url: lastUrl } };
      }
    }
    return { listed, next: null };
  };
}

/** Sorts behind every URL: the whole rank is done. */
const lastUrl = '\u{10ffff}';

/** The newest moment that may come after a place: its own, for the ties that are left, or the one before. */
function highestAfter(from: FeedPosition | null): number {
  if (from?.kind !== 'time') return Number.POSITIVE_INFINITY;
  return from.url === lastUrl ? from.rank - 1 : from.rank;
}

/** The first text that may come after a place. A rank is ASCII; none is longer than a range key may be. */
function lowestAfter(rank: string, url: string): string {
  if (url !== lastUrl) return rank;
  if (rank.length < maxRangeKeyBytes) return `${rank}\u0000`;
  return `${rank.slice(0, -1)}${String.fromCharCode(rank.charCodeAt(rank.length - 1) + 1)}`;
}

/** A text behind all that begin so, itself short enough for a range key. */
function highestWith(prefix: string): string {
  return `${prefix.slice(0, maxRangeKeyBytes - Buffer.byteLength(lastUrl))}${lastUrl}`;
}

/** The rank at which the first partition that was cut short ends; null where all were read to their end. */
function cutRank(partitions: readonly PartitionPage[]): number | null {
  const ends = partitions
    .filter(({ isCut }) => isCut)
    .map(({ listed }) => Number(listed.at(-1)?.position.rank ?? Number.NEGATIVE_INFINITY));
  return ends.length === 0 ? null : Math.max(...ends);
}
