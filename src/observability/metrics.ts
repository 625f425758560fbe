// The counters as a sink of events, and the one reading of them that the `stats` query answers.
import type { Stats } from '../domain/gateway-state.js';
import { type Events, silentEvents } from './events.js';

/** Counts since it was made. */
export interface Metrics {
  readonly events: Events;
  readonly stats: () => Stats;
  /** Outages: times the circuit opened, and how long it was open altogether, the present outage not counted. */
  readonly outages: () => Outages;
}

/** What was counted of outages. */
export interface Outages {
  readonly count: number;
  readonly downMs: number;
}

type Counts = { -readonly [Name in keyof Omit<Stats, 'hitRate'>]: Stats[Name] };

/** Makes counters that stand at nothing. */
export function createMetrics(): Metrics {
  const counts: Counts = {
    lookups: 0,
    memoryHits: 0,
    staleHits: 0,
    misses: 0,
    storeCalls: 0,
    storeKeys: 0,
    retriedKeys: 0,
    throttles: 0,
    failures: 0,
    consumedReadUnits: 0,
    consumedWriteUnits: 0,
  };
  const outages = { count: 0, downMs: 0 };
  return {
    events: {
      ...silentEvents,
      lookup({ answer, fromMemory, keys }) {
        counts.lookups += keys;
        if (answer === 'stale') counts.staleHits += keys;
        else if (fromMemory && answer !== 'failed') counts.memoryHits += keys;
        else counts.misses += keys;
        if (answer === 'failed') counts.failures += keys;
      },
      storeCall({ keys, readUnits, writeUnits, error }) {
        // A call for the health probe alone carries no key of a lookup.
        if (keys === 0) return;
        counts.storeCalls += 1;
        counts.storeKeys += keys;
        counts.consumedReadUnits += readUnits;
        counts.consumedWriteUnits += writeUnits;
        if (error?.code === 'STORE_THROTTLED') counts.throttles += 1;
      },
      retried({ keys, reason }) {
        counts.retriedKeys += keys;
        // A throttled call was counted when it came back; one that only left keys over came back without an error.
        if (reason === 'UnprocessedKeys' || reason === 'UnprocessedItems') counts.throttles += 1;
      },
      circuitChanged({ state, downMs }) {
        if (state === 'OPEN') outages.count += 1;
        outages.downMs += downMs;
      },
    },
    outages: () => ({ ...outages }),
    stats: () => ({
      ...counts,
      hitRate: counts.lookups === 0 ? 0 : (counts.memoryHits + counts.staleHits) / counts.lookups,
    }),
  };
}
