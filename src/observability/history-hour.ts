// An hour of one or several processes as plain data: what workers send each other, and what the page gets of it.
import { percentileOf } from './histogram.js';

/** Milliseconds of a slot. */
export const slotMs = 10_000;
/** Slots of an hour. */
export const slots = 360;

/** What is counted; see HistoryReport. */
export type HistoryCount =
  | 'fresh'
  | 'stale'
  | 'absent'
  | 'notInMemory'
  | 'failed'
  | 'hits'
  | 'calls'
  | 'keys'
  | 'readUnits'
  | 'open';

/** An hour, oldest slot first. It holds nothing that JSON does not. */
export interface HistoryHour {
  /** Milliseconds since 1970: when it was read, when its first slot began, when the process started. */
  readonly at: number;
  readonly firstSlotAt: number;
  readonly startedAt: number;
  /** When DynamoDB last answered a call, and last answered one with an error or not at all; null: not yet. */
  readonly lastAnswerAt: number | null;
  readonly lastError: { readonly at: number; readonly code: string } | null;
  readonly counts: Readonly<Record<HistoryCount, number[]>>;
  /** A histogram of durations a slot (see histogram); null where nothing was answered. */
  readonly latencies: (readonly number[] | null)[];
}

/** What the page draws. Lists have one entry a slot, oldest first; the last slot is still filling. */
export interface HistoryReport {
  readonly at: number;
  readonly firstSlotAt: number;
  readonly startedAt: number;
  readonly slotSeconds: number;
  readonly lastAnswerAt: number | null;
  readonly lastError: { readonly at: number; readonly code: string } | null;
  /** Lookups by outcome: found within its fresh time or just read, older, nothing stored, not in memory, which alone was asked, could not be looked up. */
  readonly fresh: readonly number[];
  readonly stale: readonly number[];
  readonly absent: readonly number[];
  readonly notInMemory: readonly number[];
  readonly failed: readonly number[];
  /** Lookups that memory answered. */
  readonly hits: readonly number[];
  /** Calls of DynamoDB, the keys that they carried, the read units that DynamoDB counted. */
  readonly calls: readonly number[];
  readonly keys: readonly number[];
  readonly readUnits: readonly number[];
  /** Above 0 where the circuit was open. */
  readonly open: readonly number[];
  /** Milliseconds within which half, and 99 of 100, of the API's operations were answered; null where there was none. */
  readonly p50: readonly (number | null)[];
  readonly p99: readonly (number | null)[];
}

/** An hour in which nothing happened. */
export function emptyHour(at: number): HistoryHour {
  const zeros = (): number[] => new Array<number>(slots).fill(0);
  return {
    at,
    firstSlotAt: (Math.floor(at / slotMs) - slots + 1) * slotMs,
    startedAt: at,
    lastAnswerAt: null,
    lastError: null,
    counts: {
      fresh: zeros(),
      stale: zeros(),
      absent: zeros(),
      notInMemory: zeros(),
      failed: zeros(),
      hits: zeros(),
      calls: zeros(),
      keys: zeros(),
      readUnits: zeros(),
      open: zeros(),
    },
    latencies: new Array<null>(slots).fill(null),
  };
}

/** The hour of several processes of one clock, read at nearly the same time: the newest slot of all is the last. */
export function mergeHours(hours: readonly HistoryHour[]): HistoryHour {
  const merged = emptyHour(Math.max(...hours.map(({ at }) => at)));
  const firstSlotAt = Math.max(...hours.map((hour) => hour.firstSlotAt));
  for (const hour of hours) {
    const offset = (firstSlotAt - hour.firstSlotAt) / slotMs;
    for (const [name, into] of Object.entries(merged.counts) as [HistoryCount, number[]][]) {
      for (let slot = 0; slot < slots; slot += 1)
        into[slot] = (into[slot] ?? 0) + (hour.counts[name][slot + offset] ?? 0);
    }
    for (let slot = 0; slot < slots; slot += 1) {
      const more = hour.latencies[slot + offset] ?? null;
      const before = merged.latencies[slot] ?? null;
      if (more !== null) merged.latencies[slot] = before?.map((count, at) => count + (more[at] ?? 0)) ?? more;
    }
  }
  return {
    ...merged,
    firstSlotAt,
    startedAt: Math.min(...hours.map(({ startedAt }) => startedAt)),
    lastAnswerAt: hours.reduce<number | null>((last, { lastAnswerAt }) => later(last, lastAnswerAt), null),
    lastError: hours.reduce<HistoryHour['lastError']>(
      (last, { lastError }) => ((lastError?.at ?? 0) > (last?.at ?? 0) ? lastError : last),
      null,
    ),
  };
}

/** What the page draws of an hour. */
export function reportOf({ counts, latencies, ...facts }: HistoryHour): HistoryReport {
  const percentiles = (share: number): (number | null)[] =>
    latencies.map((counted) => {
      const ms = counted === null ? null : percentileOf(counted, share);
      return ms === null ? null : Math.round(ms * 100) / 100;
    });
  const rounded = (values: readonly number[]): number[] => values.map((value) => Math.round(value * 100) / 100);
  return {
    ...facts,
    slotSeconds: slotMs / 1000,
    ...counts,
    readUnits: rounded(counts.readUnits),
    p50: percentiles(0.5),
    p99: percentiles(0.99),
  };
}

function later(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}
