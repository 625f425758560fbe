// The last hour as a sink of events: counts in rings of constant size, a slot for every ten seconds.
import type { LookupAnswer } from '../domain/follow.js';
import { type Events, silentEvents } from './events.js';
import { bucketCount, bucketOf } from './histogram.js';
import { emptyHour, type HistoryCount, type HistoryHour, slotMs, slots } from './history-hour.js';

/** What the history needs. */
export interface HistoryDeps {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Calls `run` once after `ms` milliseconds, unless the function that it answers is called before. */
  readonly setTimer: (run: () => void, ms: number) => () => void;
}

/** The last hour of one process. */
export interface History extends Disposable {
  readonly events: Events;
  /** The hour as it stands, the slot that is still filling last. */
  readonly read: () => HistoryHour;
}

/** Where in a slot's stretch of the ring each count stands. */
const place = {
  fresh: 0,
  stale: 1,
  absent: 2,
  notInMemory: 3,
  failed: 4,
  hits: 5,
  calls: 6,
  keys: 7,
  readUnits: 8,
  open: 9,
} as const satisfies Record<HistoryCount, number>;
const names = Object.keys(place) as HistoryCount[];
const width = names.length;

const placeOf: Readonly<Record<LookupAnswer, number>> = {
  ...place,
  store: place.fresh,
  'not-in-memory': place.notInMemory,
};

/**
 * An empty hour. It holds 360 slots of ten counts and of a histogram, 147 KB, and never more. An event costs an addition:
 * no clock is read for it, a timer moves the slot on.
 */
export function createHistory({ now, setTimer }: HistoryDeps): History {
  const counts = new Float64Array(slots * width);
  const latencies = new Uint32Array(slots * bucketCount);
  const startedAt = now();
  /** Number of the slot since 1970, and where its counts and histogram begin. */
  let slot = slotOf(startedAt);
  let at = (slot % slots) * width;
  let latencyAt = (slot % slots) * bucketCount;
  let isOpen = false;
  let lastAnswerAt: number | null = null;
  let lastError: HistoryHour['lastError'] = null;

  function add(offset: number, count: number): void {
    const index = at + offset;
    counts[index] = (counts[index] ?? 0) + count;
  }

  /** Goes on to the slot of the present; one that is set back waits in its slot for time to come by again. */
  function moveOn(): void {
    const present = slotOf(now());
    for (let next = Math.max(slot + 1, present - slots + 1); next <= present; next += 1) {
      at = (next % slots) * width;
      latencyAt = (next % slots) * bucketCount;
      counts.fill(0, at, at + width);
      latencies.fill(0, latencyAt, latencyAt + bucketCount);
      if (isOpen) add(place.open, 1);
    }
    slot = Math.max(slot, present);
  }

  let cancelTimer = setTimer(tick, untilNext());
  function tick(): void {
    moveOn();
    cancelTimer = setTimer(tick, untilNext());
  }

  function untilNext(): number {
    return slotMs - (now() % slotMs);
  }

  return {
    events: {
      ...silentEvents,
      lookup({ answer, fromMemory, keys }) {
        add(placeOf[answer], keys);
        if (fromMemory && answer !== 'failed') add(place.hits, keys);
      },
      storeCall(event) {
        if (event.error === null) lastAnswerAt = now();
        // A request that ended first, or whose caller left, says nothing of the store.
        else if (event.error.code !== 'DEADLINE_EXCEEDED') lastError = { at: now(), code: event.error.code };
        // A call for the health probe alone carries no key of a lookup.
        if (event.keys === 0) return;
        add(place.calls, 1);
        add(place.keys, event.keys);
        add(place.readUnits, event.readUnits);
      },
      operation({ outcome, durationMs }) {
        if (outcome === 'refused' || outcome === 'abandoned') return;
        const index = latencyAt + bucketOf(durationMs);
        latencies[index] = (latencies[index] ?? 0) + 1;
      },
      circuitChanged({ state }) {
        isOpen = state === 'OPEN';
        if (isOpen) add(place.open, 1);
      },
    },
    read() {
      moveOn();
      const hour = emptyHour(now());
      const first = slot - slots + 1;
      for (let index = 0; index < slots; index += 1) {
        const ring = (first + index) % slots;
        for (const name of names) hour.counts[name][index] = counts[ring * width + place[name]] ?? 0;
        const histogram = latencies.subarray(ring * bucketCount, (ring + 1) * bucketCount);
        hour.latencies[index] = histogram.some((count) => count > 0) ? [...histogram] : null;
      }
      return { ...hour, firstSlotAt: first * slotMs, startedAt, lastAnswerAt, lastError };
    },
    [Symbol.dispose]() {
      cancelTimer();
    },
  };
}

function slotOf(ms: number): number {
  return Math.floor(ms / slotMs);
}
