// The hour's counts as the curves that are drawn: rates a second, shares and means, and the same in a table.
import type { HistoryReport } from '../observability/history-hour.js';
import { short } from './words.js';

type Values = (number | null)[];

/** One line of a plot. */
export interface Curve {
  readonly label: string;
  /** The style sheet's name of its colour. */
  readonly color: string;
  readonly values: (report: HistoryReport) => Values;
}

/** One plot. */
export interface Plot {
  readonly id: string;
  readonly title: string;
  readonly curves: readonly Curve[];
  /** A value as it is read, with its unit. */
  readonly words: (value: number) => string;
  /** Largest value of the axis where that is known. */
  readonly max?: number;
  /** True where a gap between values says that nothing happened, and single values must be seen. */
  readonly dotted?: boolean;
}

const perSecond = (value: number): string => `${short(value)}/s`;
const milliseconds = (value: number): string => `${short(value)} ms`;

/** All of them, in their order. */
export const plots: readonly Plot[] = [
  {
    id: 'lookups',
    title: 'Lookups a second',
    words: perSecond,
    curves: [
      { label: 'fresh', color: '--fresh', values: (report) => rates(report, report.fresh) },
      { label: 'stale', color: '--stale', values: (report) => rates(report, report.stale) },
      { label: 'absent', color: '--absent', values: (report) => rates(report, report.absent) },
      { label: 'not in memory', color: '--unheld', values: (report) => rates(report, report.notInMemory) },
      { label: 'failed', color: '--failed', values: (report) => rates(report, report.failed) },
    ],
  },
  {
    id: 'hits',
    title: 'Answered from memory',
    words: (value) => `${short(value)} %`,
    max: 100,
    dotted: true,
    curves: [
      {
        label: 'hit rate',
        color: '--one',
        values: (report) => ratios(report.hits, lookups(report)).map((share) => (share === null ? null : 100 * share)),
      },
    ],
  },
  {
    id: 'latency',
    title: 'Time to answer a request',
    words: milliseconds,
    dotted: true,
    curves: [
      { label: 'half within (p50)', color: '--one', values: ({ p50 }) => [...p50] },
      { label: '99 % within (p99)', color: '--two', values: ({ p99 }) => [...p99] },
    ],
  },
  {
    id: 'calls',
    title: 'DynamoDB calls a second',
    words: perSecond,
    curves: [{ label: 'calls', color: '--one', values: (report) => rates(report, report.calls) }],
  },
  {
    id: 'keys',
    title: 'Keys a batch',
    words: short,
    dotted: true,
    curves: [{ label: 'keys a call', color: '--one', values: ({ keys, calls }) => ratios(keys, calls) }],
  },
  {
    id: 'units',
    title: 'Read units a second',
    words: perSecond,
    curves: [{ label: 'read units', color: '--one', values: (report) => rates(report, report.readUnits) }],
  },
];

/** Seconds since 1970 at which the slots begin, as the plotting library wants them. */
export function timesOf({ firstSlotAt, slotSeconds, calls }: HistoryReport): number[] {
  return calls.map((_, slot) => firstSlotAt / 1000 + slot * slotSeconds);
}

/** Stretches of time, in seconds since 1970, in which the circuit was open. */
export function outagesOf(report: HistoryReport): readonly (readonly [number, number])[] {
  const times = timesOf(report);
  return report.open.flatMap((count, slot) => {
    const from = times[slot] ?? 0;
    return count > 0 ? [[from, from + report.slotSeconds] as const] : [];
  });
}

/** The newest value of a curve, the slot before where the present one has none yet. */
export function newest(values: Values): number | null {
  return values.at(-1) ?? values.at(-2) ?? null;
}

/** The hour in twelve rows of five minutes: sums as means a second, ratios of sums, and the worst of the percentiles. */
export function tableOf(report: HistoryReport): readonly (readonly string[])[] {
  const { slotSeconds, firstSlotAt, calls } = report;
  const slotsOfRow = 300 / slotSeconds;
  const rows = Math.ceil(calls.length / slotsOfRow);
  return Array.from({ length: rows }, (_, row) => {
    const [from, to] = [row * slotsOfRow, (row + 1) * slotsOfRow];
    const sum = (values: readonly (number | null)[]): number =>
      values.slice(from, to).reduce<number>((total, value) => total + (value ?? 0), 0);
    const worst = (values: readonly (number | null)[]): string => {
      const present = values.slice(from, to).filter((value) => value !== null);
      return present.length === 0 ? '–' : milliseconds(Math.max(...present));
    };
    const ratio = (part: number, of: number, words: (value: number) => string): string =>
      of === 0 ? '–' : words(part / of);
    const clock = new Date(firstSlotAt + from * slotSeconds * 1000);
    return [
      clock.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' }),
      ...[report.fresh, report.stale, report.absent, report.notInMemory, report.failed].map((values) =>
        short(sum(values)),
      ),
      ratio(sum(report.hits), sum(lookups(report)), (share) => `${short(100 * share)} %`),
      worst(report.p50),
      worst(report.p99),
      short(sum(calls)),
      ratio(sum(report.keys), sum(calls), short),
      short(sum(report.readUnits)),
    ];
  }).reverse();
}

/** The heads of the table's columns. */
export const tableHeads: readonly string[] = [
  'From',
  'Fresh',
  'Stale',
  'Absent',
  'Not in memory',
  'Failed',
  'From memory',
  'Slowest p50',
  'Slowest p99',
  'Calls',
  'Keys a call',
  'Read units',
];

function lookups({ fresh, stale, absent, notInMemory, failed }: HistoryReport): readonly number[] {
  return fresh.map((_, slot) =>
    [fresh, stale, absent, notInMemory, failed].reduce((total, counts) => total + (counts[slot] ?? 0), 0),
  );
}

function ratios(parts: readonly number[], of: readonly number[]): Values {
  return parts.map((part, slot) => ((of[slot] ?? 0) === 0 ? null : part / (of[slot] ?? 1)));
}

/** Counts a second. The last slot is still filling: its time so far is what counts, from two seconds on. */
function rates({ at, firstSlotAt, slotSeconds }: HistoryReport, counts: readonly number[]): Values {
  const last = counts.length - 1;
  const lastSeconds = at / 1000 - (firstSlotAt / 1000 + last * slotSeconds);
  return counts.map((count, slot) => {
    if (slot !== last) return count / slotSeconds;
    return lastSeconds < 2 ? null : count / Math.min(slotSeconds, lastSeconds);
  });
}
