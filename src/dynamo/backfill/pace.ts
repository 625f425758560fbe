// A limit on the capacity that a long run consumes, so that it leaves the table to those who wait for answers.
import { type Events, silentEvents } from '../../observability/events.js';

/** Counts what calls consume, as a sink of events, and says when the next one may be made. */
export interface Pace {
  readonly events: Events;
  /** Resolves once everything consumed so far is within the limit, or the signal aborts. */
  readonly ready: (signal: AbortSignal) => Promise<void>;
}

/** Makes one. @param unitsPerSecond read and write capacity units together; 0: no limit. */
export function createPace(deps: {
  readonly unitsPerSecond: number;
  /** Milliseconds of a clock that never jumps. */
  readonly elapsed: () => number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}): Pace {
  const { unitsPerSecond, elapsed, wait } = deps;
  // What was consumed is paid for until then; a pause earns nothing, or a burst would follow it.
  let paidUntil = 0;
  return {
    events: {
      ...silentEvents,
      storeCall({ readUnits, writeUnits }) {
        if (unitsPerSecond === 0) return;
        paidUntil = Math.max(paidUntil, elapsed()) + ((readUnits + writeUnits) / unitsPerSecond) * 1000;
      },
    },
    async ready(signal) {
      for (;;) {
        const ms = paidUntil - elapsed();
        if (ms <= 0 || signal.aborted) return;
        await wait(ms, signal);
      }
    },
  };
}
