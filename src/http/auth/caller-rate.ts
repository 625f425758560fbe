// Counts each caller's requests of a minute.
import { LRUCache } from 'lru-cache';

/** Counts one request of a caller: null where it is within the limit, else the seconds until the caller may ask again. */
export type CountRequest = (caller: string) => number | null;

const windowMs = 60_000;
/** Callers that are counted at once; of more, those that asked longest ago start anew. */
const maxCallers = 50_000;

/** Makes the counter; the limit is 1 or more requests in the minute that begins with a caller's first. */
export function createCallerRate(deps: {
  readonly maxPerMinute: number;
  /** Milliseconds of a clock that never jumps. */
  readonly elapsed: () => number;
}): CountRequest {
  const { maxPerMinute, elapsed } = deps;
  const windows = new LRUCache<string, { endsMs: number; count: number }>({ max: maxCallers });
  return (caller) => {
    const now = elapsed();
    const window = windows.get(caller);
    if (window === undefined || now >= window.endsMs) {
      windows.set(caller, { endsMs: now + windowMs, count: 1 });
      return null;
    }
    window.count += 1;
    return window.count <= maxPerMinute ? null : Math.ceil((window.endsMs - now) / 1000);
  };
}
