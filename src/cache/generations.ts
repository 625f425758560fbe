// When each key was last written through this gateway, so that what was read before is neither kept nor shared.
import { checkMilliseconds } from './option-checks.js';

/** Moments of this process in their order: a larger tick is later. Not a time. */
export type Tick = number & { readonly __brand: 'Tick' };

/** Before everything. */
export const beginning = 0 as Tick;

/** The generations of keys: raised before and after each write. */
export interface Generations<Key> {
  /** This moment; later than every moment asked for before. */
  tick(): Tick;
  /** To be called before the store is asked to write `keys`, and `end` with the same keys after it answered. */
  begin(keys: Iterable<Key>): void;
  end(keys: Iterable<Key>): void;
  /** Whether a write of `key` began or ended after `since`. May say yes wrongly for a `since` longer ago than `recentMs`. */
  changedSince(key: Key, since: Tick): boolean;
  /** Whether a write of `key` has begun and not ended. */
  isWriting(key: Key): boolean;
  /** Whether `key` is being written or was less than `recentMs` ago. */
  isRecent(key: Key): boolean;
  /** Keys remembered: those being written and those written less than `recentMs` before the last question. */
  readonly size: number;
}

interface Writes {
  raised: Tick;
  writers: number;
  recentUntil: number;
}

/**
 * Counts generations.
 * @param recentMs Milliseconds for which a key is remembered after its last write ended.
 */
export function createGenerations<Key>({
  now,
  recentMs,
}: {
  readonly now: () => number;
  readonly recentMs: number;
}): Generations<Key> {
  checkMilliseconds('recentMs', recentMs);
  // In the order in which writes ended, those in progress anywhere between: what is to be forgotten is at the front.
  const written = new Map<Key, Writes>();
  let last = beginning;
  // The latest generation that was forgotten. A read older than this cannot be told from one before a forgotten write.
  let forgotten = beginning;

  function tick(): Tick {
    last = (last + 1) as Tick;
    return last;
  }

  function forget(nowMs: number): void {
    for (const [key, writes] of written) {
      if (writes.writers > 0) continue;
      if (writes.recentUntil > nowMs) break;
      written.delete(key);
      if (writes.raised > forgotten) forgotten = writes.raised;
    }
  }

  return {
    tick,
    begin(keys) {
      for (const key of keys) {
        const writes = written.get(key) ?? { raised: beginning, writers: 0, recentUntil: 0 };
        writes.raised = tick();
        writes.writers += 1;
        written.set(key, writes);
      }
    },
    end(keys) {
      const nowMs = now();
      for (const key of keys) {
        const writes = written.get(key);
        if (writes === undefined) continue;
        writes.raised = tick();
        writes.writers -= 1;
        writes.recentUntil = nowMs + recentMs;
        written.delete(key);
        written.set(key, writes);
      }
      forget(nowMs);
    },
    changedSince: (key, since) => (written.get(key)?.raised ?? forgotten) > since,
    isWriting: (key) => written.size > 0 && (written.get(key)?.writers ?? 0) > 0,
    isRecent(key) {
      if (written.size === 0) return false;
      const nowMs = now();
      forget(nowMs);
      const writes = written.get(key);
      return writes !== undefined && (writes.writers > 0 || writes.recentUntil > nowMs);
    },
    get size() {
      return written.size;
    },
  };
}
