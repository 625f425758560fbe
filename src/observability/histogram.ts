// Counts how values are distributed, at a cost of a few additions each: milliseconds and kilobytes alike.

/** How values were distributed since the histogram was made. */
export interface Distribution {
  /** Of values seen. */
  readonly count: number;
  /** Of all values. */
  readonly sum: number;
  /** Values in each bucket: bucket `i` has those above `upperBound(i - 1)` up to `upperBound(i)`. */
  readonly counts: Float64Array;
  /** Sum of the values in each bucket, so that a bucket's mean is exact. */
  readonly sums: Float64Array;
}

/** A histogram that is being filled. */
export interface Histogram {
  /** Counts `value`, `times` over. */
  add(value: number, times?: number): void;
  /** As it stands; a copy. */
  read(): Distribution;
}

/** Four buckets for every doubling: no value is further than 19 % from its bucket's bounds. */
const perDoubling = 4;
const lowestPower = -4;
const highestPower = 16;

/** 1/16 to 65,536 and one for what is above: 82, under the 100 (EMF) and 150 (PutMetricData) distinct values of CloudWatch. */
export const bucketCount = (highestPower - lowestPower) * perDoubling + 2;

/** Largest value of a bucket; infinite for the last. */
export function upperBound(bucket: number): number {
  return bucket === bucketCount - 1 ? Number.POSITIVE_INFINITY : 2 ** (lowestPower + bucket / perDoubling);
}

/** Makes one that has seen nothing. */
export function createHistogram(): Histogram {
  const counts = new Float64Array(bucketCount);
  const sums = new Float64Array(bucketCount);
  let count = 0;
  let sum = 0;
  return {
    add(value, times = 1) {
      const bucket = bucketOf(value);
      counts[bucket] = (counts[bucket] ?? 0) + times;
      sums[bucket] = (sums[bucket] ?? 0) + value * times;
      count += times;
      sum += value * times;
    },
    read: () => ({ count, sum, counts: counts.slice(), sums: sums.slice() }),
  };
}

/** What came between two readings of one histogram. */
export function difference(later: Distribution, earlier: Distribution): Distribution {
  return {
    count: later.count - earlier.count,
    sum: later.sum - earlier.sum,
    counts: later.counts.map((count, bucket) => count - (earlier.counts[bucket] ?? 0)),
    sums: later.sums.map((sum, bucket) => sum - (earlier.sums[bucket] ?? 0)),
  };
}

/** The bucket of a value. */
export function bucketOf(value: number): number {
  if (!(value > 2 ** lowestPower)) return 0;
  const bucket = Math.ceil((Math.log2(value) - lowestPower) * perDoubling);
  return bucket < bucketCount - 1 ? bucket : bucketCount - 1;
}

/**
 * The value that a share (0 to 1) of those counted did not exceed: the upper bound of the bucket that holds it, at most
 * 65,536. Null where nothing was counted.
 */
export function percentileOf(counts: ArrayLike<number>, share: number): number | null {
  let total = 0;
  for (let bucket = 0; bucket < counts.length; bucket += 1) total += counts[bucket] ?? 0;
  if (total === 0) return null;
  let left = Math.max(1, Math.ceil(total * share));
  for (let bucket = 0; bucket < counts.length; bucket += 1) {
    left -= counts[bucket] ?? 0;
    if (left <= 0) return Math.min(upperBound(bucket), 2 ** highestPower);
  }
  return null;
}
