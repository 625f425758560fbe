// What CloudWatch is told of one stretch of time: names and units as Crawl4AI's operators have them.
import { type Distribution, difference } from './histogram.js';
import type { Counted } from './metrics.js';

/** The namespace of all of them. */
export const cloudwatchNamespace = 'Crawl4AI/DynamoDB';

/** One metric of one stretch of time: a sum, or how often each value occurred. */
export type Datum = { readonly name: string } & (
  | { readonly unit: 'Count'; readonly value: number }
  | { readonly unit: 'Count' | 'Milliseconds' | 'Kilobytes'; readonly values: Occurrences }
);

/** Distinct values and how often each occurred; at least one, at most 82 (see histogram.ts). */
export interface Occurrences {
  readonly values: readonly number[];
  readonly counts: readonly number[];
}

/** The metrics between two readings. What has no value in that time (a rate without lookups) is left out. */
export function cloudwatchData(later: Counted, earlier: Counted): readonly Datum[] {
  const between = (name: keyof Counted['stats']): number => later.stats[name] - earlier.stats[name];
  const sum = (name: string, value: number): Datum => ({ name, unit: 'Count', value });
  return [
    // 1 for a hit and 0 for a miss: the metric's Average is the rate, its SampleCount the lookups.
    ...occurrences('CacheHitRate', 'Count', [
      [1, between('memoryHits') + between('staleHits')],
      [0, between('misses')],
    ]),
    sum('Lookups', between('lookups')),
    sum('StaleHits', between('staleHits')),
    sum('FailedLookups', between('failures')),
    sum('StoreCalls', between('storeCalls')),
    sum('RetriedKeys', between('retriedKeys')),
    sum('Throttles', between('throttles')),
    ...occurrences('ResponseTime', 'Milliseconds', meansOf(difference(later.lookupMs, earlier.lookupMs))),
    ...occurrences('ItemSize', 'Kilobytes', meansOf(difference(later.lookupKb, earlier.lookupKb))),
  ];
}

type Pair = readonly [value: number, count: number];

function occurrences(name: string, unit: 'Count' | 'Milliseconds' | 'Kilobytes', pairs: readonly Pair[]): Datum[] {
  const seen = pairs.filter(([, count]) => count > 0);
  if (seen.length === 0) return [];
  return [{ name, unit, values: { values: seen.map(([value]) => value), counts: seen.map(([, count]) => count) } }];
}

/** Each bucket's mean: so the sum, and with it the average, is that of the values themselves. */
function meansOf({ counts, sums }: Distribution): readonly Pair[] {
  return [...counts].map((count, bucket) => [count === 0 ? 0 : (sums[bucket] ?? 0) / count, count]);
}
