// What a table and its indexes consumed, period by period, beside what they have: figures, no words.
import {
  type MetricRequest,
  type MetricsRange,
  type MetricsSource,
  type MetricsSubject,
  readMetrics,
} from './read-metrics.js';

/** A table or index, and the units a second that it was given; null: on demand. */
export interface CapacitySubject extends MetricsSubject {
  readonly provisioned: { readonly read: number; readonly write: number } | null;
}

/** One period. */
export interface CapacityPeriod {
  /** Its start, ISO 8601. */
  readonly start: string;
  /** Units consumed. */
  readonly sum: number;
  /** `sum` by the seconds of the period: what provisioned units are compared with. */
  readonly perSecond: number;
  /** Units of one call, on average. */
  readonly average: number;
  /** Units of the largest call. */
  readonly maximum: number;
  readonly throttleEvents: number;
}

/** One direction of a subject over the whole time. */
export interface Capacity extends MetricsSubject {
  readonly direction: 'read' | 'write';
  /** Units a second: over all periods, and in the busiest. */
  readonly average: number;
  readonly maximum: number;
  /** Units of the largest call. */
  readonly largestCall: number;
  readonly sum: number;
  readonly throttleEvents: number;
  /** Units a second; null: on demand. */
  readonly provisioned: number | null;
  /** Of what is provisioned, in per cent; null: on demand. */
  readonly usedOnAverage: number | null;
  readonly usedAtMost: number | null;
  /** What the units would have cost on demand; null where no price was given. */
  readonly onDemandCost: number | null;
  readonly periods: readonly CapacityPeriod[];
}

/** Prices of a million units on demand, in any currency. */
export interface UnitPrices {
  readonly read: number | null;
  readonly write: number | null;
}

/** Seconds of a period: DynamoDB's metrics come by the minute, and are kept by five minutes for 63 days. */
export const periodSeconds = 300;

/** The last `hours` up to the end of the last whole period. */
export function rangeOf(nowMs: number, hours: number): MetricsRange {
  const endMs = Math.floor(nowMs / (periodSeconds * 1000)) * periodSeconds * 1000;
  return { startMs: endMs - hours * 3_600_000, endMs, periodSeconds };
}

/** Reads and counts. Rejects with a CrawlgateError. */
export async function readCapacity(
  source: MetricsSource,
  subjects: readonly CapacitySubject[],
  range: MetricsRange,
  prices: UnitPrices,
  signal: AbortSignal,
): Promise<readonly Capacity[]> {
  const wanted = subjects.flatMap((subject) => directions.map((direction) => ({ subject, direction })));
  const requests = wanted.flatMap(({ subject, direction }) => requestsOf(subject, direction));
  const values = await readMetrics(source, requests, range, signal);
  const each = requests.length / Math.max(1, wanted.length);
  return wanted.map(({ subject, direction }, at) =>
    capacityOf(subject, direction, values.slice(at * each, (at + 1) * each), range, prices),
  );
}

const directions = ['read', 'write'] as const;

function requestsOf({ table, index }: MetricsSubject, direction: 'read' | 'write'): readonly MetricRequest[] {
  const word = direction === 'read' ? 'Read' : 'Write';
  const consumed = `Consumed${word}CapacityUnits`;
  return [
    { table, index, metric: consumed, statistic: 'Sum' },
    { table, index, metric: consumed, statistic: 'Average' },
    { table, index, metric: consumed, statistic: 'Maximum' },
    { table, index, metric: `${word}ThrottleEvents`, statistic: 'Sum' },
  ];
}

function capacityOf(
  { table, index, provisioned: units }: CapacitySubject,
  direction: 'read' | 'write',
  [sums, averages, maxima, throttles]: readonly ReadonlyMap<number, number>[],
  { startMs, endMs }: MetricsRange,
  prices: UnitPrices,
): Capacity {
  const periods: CapacityPeriod[] = [];
  for (let time = startMs; time < endMs; time += periodSeconds * 1000) {
    const sum = sums?.get(time) ?? 0;
    periods.push({
      start: new Date(time).toISOString(),
      sum,
      perSecond: sum / periodSeconds,
      average: averages?.get(time) ?? 0,
      maximum: maxima?.get(time) ?? 0,
      throttleEvents: throttles?.get(time) ?? 0,
    });
  }
  const total = (of: (period: CapacityPeriod) => number): number =>
    periods.reduce((all, period) => all + of(period), 0);
  const most = (of: (period: CapacityPeriod) => number): number => Math.max(0, ...periods.map(of));
  const sum = total((period) => period.sum);
  const average = sum / ((endMs - startMs) / 1000);
  const maximum = most((period) => period.perSecond);
  const provisioned = units?.[direction] ?? null;
  const price = prices[direction];
  return {
    table,
    index,
    direction,
    average,
    maximum,
    largestCall: most((period) => period.maximum),
    sum,
    throttleEvents: total((period) => period.throttleEvents),
    provisioned,
    usedOnAverage: provisioned === null ? null : (100 * average) / provisioned,
    usedAtMost: provisioned === null ? null : (100 * maximum) / provisioned,
    onDemandCost: price === null ? null : (sum / 1_000_000) * price,
    periods,
  };
}
