// Counts each caller's requests of a minute.
import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';

/** The rates of callers. */
export interface CallerRate {
  /** Counts one request of a caller: null where it is within the limit, else the seconds until the caller may ask again. */
  count(caller: string): number | null;
  /** The same for one request more, which is not counted. */
  look(caller: string): number | null;
}

const windowMs = 60_000;
/** Callers that are counted at once; of more, those that asked longest ago start anew. */
const maxCallers = 50_000;

/** Makes the counter; the limit is 1 or more requests in the minute that begins with a caller's first. */
export function createCallerRate(deps: {
  readonly maxPerMinute: number;
  /** Milliseconds of a clock that never jumps. */
  readonly elapsed: () => number;
}): CallerRate {
  const { maxPerMinute, elapsed } = deps;
  const windows = new LRUCache<string, { endsMs: number; count: number }>({ max: maxCallers });
  const secondsUntil = (endsMs: number, now: number): number => Math.ceil((endsMs - now) / 1000);
  return {
    count(caller) {
      const now = elapsed();
      const window = windows.get(caller);
      if (window === undefined || now >= window.endsMs) {
        windows.set(caller, { endsMs: now + windowMs, count: 1 });
        return null;
      }
      window.count += 1;
      return window.count <= maxPerMinute ? null : secondsUntil(window.endsMs, now);
    },
    look(caller) {
      const now = elapsed();
      const window = windows.get(caller);
      if (window === undefined || now >= window.endsMs || window.count < maxPerMinute) return null;
      return secondsUntil(window.endsMs, now);
    },
  };
}

/**
 * Who sends a request, where nothing but its address says so. Of an IPv6 address the first 64 bits: one subscriber has all
 * that begin so (https://www.rfc-editor.org/rfc/rfc6177), and would have a rate for each.
 */
export function addressOf({ socket }: Pick<IncomingMessage, 'socket'>): string {
  const { remoteAddress: address = '' } = socket;
  if (!address.includes(':') || address.includes('.')) return `address ${address}`;
  const [before = '', after] = address.split('::');
  const groups = before === '' ? [] : before.split(':');
  // Zeros are left out in one place, with how many of them told by what stands behind.
  const behind = after === undefined || after === '' ? [] : after.split(':');
  const zeros = after === undefined ? 0 : 8 - groups.length - behind.length;
  const all = [...groups, ...Array.from({ length: zeros }, () => '0'), ...behind];
  return `address ${all.slice(0, 4).join(':')}::/64`;
}
