// What memory holds: found and absent answers, bounded by bytes, and how long each of them answers.
import { LRUCache } from 'lru-cache';
import type { MemoryState } from '../domain/gateway-state.js';
import type { Consistency, Found, Provenance, ReadOutcome, Want } from '../domain/read-many.js';
import { beginning, type Tick } from './generations.js';
import { checkMilliseconds, checkWhole } from './option-checks.js';

/** What memory must know of the values it holds. */
export interface ValueRules<Value> {
  /** Bytes it takes in memory, a positive whole number. */
  readonly sizeOf: (value: Value) => number;
  /** Whether it has all the groups wanted. */
  readonly covers: (value: Value, want: Want) => boolean;
  /** Whether it is young enough for `want.maxAge` and not expired. */
  readonly isAcceptable: (value: Value, want: Want, nowMs: number) => boolean;
  /** `newer` completed with what `older` knows of the very same write; where the writes differ, `newer` alone. */
  readonly merge: (older: Value, newer: Value) => Value;
}

/** The bounds of memory. */
export interface MemoryBounds {
  readonly maxBytes: number;
  /** Milliseconds since it was read for which a found answer is fresh. */
  readonly freshMs: number;
  /** Milliseconds since it was read for which a found answer stands in where the store cannot be read. */
  readonly staleMs: number;
  /** Milliseconds for which an absent answer is remembered. */
  readonly absentMs: number;
}

/** The read that brought an answer: whether it was strongly consistent, and the moment it was sent. */
export interface Origin {
  readonly consistency: Consistency;
  readonly begun: Tick;
}

type Absent = Extract<ReadOutcome<never>, { kind: 'absent' }>;

interface Entry<Value> {
  /** As it goes out while fresh; made once, since a warm lookup must not allocate. */
  readonly answer: Found<Value> | Absent;
  /** Milliseconds since 1970 when it was read from the store. */
  readonly readAt: number;
  /** The moment it was put here. */
  readonly kept: Tick;
  /** The moment its read was sent if that was strongly consistent, else `beginning`. */
  readonly strongFrom: Tick;
  /** True: it may stand in where the store cannot be read, and nothing else. */
  readonly isSpare: boolean;
}

/** Remembered answers. */
export interface Entries<Key, Value> {
  /** A found answer while fresh or an absent one while remembered, if it meets `want`. */
  fresh(key: Key, want: Want, nowMs: number): Found<Value> | Absent | undefined;
  /** A found answer, marked STALE, within the stale bound and `want.maxStale`, if it meets `want` otherwise. */
  stale(key: Key, want: Want, nowMs: number): Found<Value> | undefined;
  keep(key: Key, outcome: ReadOutcome<Value>, origin: Origin, moment: { nowMs: number; tick: Tick }): void;
  /** Puts another form of `value` in its place, if that is still what is held. */
  replace(key: Key, value: Value, form: Value): void;
  /** A found answer stands in where the store cannot be read, and no more; an absent one is forgotten. */
  demote(key: Key): void;
  remove(key: Key): void;
  /** Keys of found answers, the least recently used first. */
  keys(): readonly Key[];
  peek(key: Key): { readonly value: Value; readonly readAt: number } | undefined;
  /** Takes back a found answer of an earlier process, never to be fresh; not where the key has an answer by now. */
  restore(key: Key, value: Value, readAt: number, nowMs: number): void;
  /** Another number after every change. */
  changes(): number;
  state(): MemoryState;
}

/** Bytes that an entry takes beside its key and value: its objects and its places in the cache's lists. */
const entryOverhead = 400;
const absent: Absent = { kind: 'absent' };

/** An empty memory. */
export function createEntries<Key extends string, Value>(
  bounds: MemoryBounds,
  rules: ValueRules<Value>,
): Entries<Key, Value> {
  const { maxBytes, freshMs, staleMs, absentMs } = bounds;
  // lru-cache takes a maxSize of 0 for 'no bound'.
  checkWhole('maxBytes', maxBytes, 1);
  checkMilliseconds('freshMs', freshMs);
  checkMilliseconds('staleMs', staleMs);
  checkMilliseconds('absentMs', absentMs);
  const cache = new LRUCache<Key, Entry<Value>>({ maxSize: maxBytes });
  let changes = 0;
  let latest: Provenance = { source: 'MEMORY', status: 'FRESH', readAt: Number.NaN };

  function put(key: Key, entry: Entry<Value>): void {
    changes += 1;
    const bytes = entry.answer.kind === 'found' ? rules.sizeOf(entry.answer.value) : 0;
    // What is larger than maxSize is not kept, and what was under its key is removed: lru-cache does both without a word.
    cache.set(key, entry, { size: Math.ceil(bytes) + Buffer.byteLength(key) + entryOverhead });
  }

  function remove(key: Key): void {
    if (cache.delete(key)) changes += 1;
  }

  return {
    fresh(key, want, nowMs) {
      const entry = cache.get(key);
      if (entry === undefined) return undefined;
      const { answer } = entry;
      if (entry.isSpare) return undefined;
      const age = nowMs - entry.readAt;
      // The clock was set back: nobody knows how old it is.
      if (age < 0) return undefined;
      if (answer.kind === 'absent') return age < absentMs ? answer : undefined;
      if (age >= freshMs || !rules.covers(answer.value, want)) return undefined;
      return rules.isAcceptable(answer.value, want, nowMs) ? answer : undefined;
    },

    stale(key, want, nowMs) {
      const entry = cache.get(key);
      if (entry === undefined || entry.answer.kind === 'absent') return undefined;
      const { answer, readAt } = entry;
      const bound = want.maxStale === null ? staleMs : Math.min(staleMs, want.maxStale * 1000);
      if (nowMs - readAt >= bound || !rules.covers(answer.value, want)) return undefined;
      if (!rules.isAcceptable(answer.value, want, nowMs)) return undefined;
      return { ...answer, provenance: { ...answer.provenance, status: 'STALE' } };
    },

    keep(key, outcome, { consistency, begun }, { nowMs, tick }) {
      if (outcome.kind === 'failed') return;
      const known = cache.peek(key);
      // What was demoted may be of before a write that left no other trace: nothing is joined to it.
      const held = known?.isSpare ? undefined : known;
      const strong = consistency === 'STRONG';
      // Reads overlap, so the answer that comes last need not be the newest. An eventually consistent one gives way to
      // whatever was put here after it was sent; a strongly consistent one only to another that was sent after it,
      // because an eventually consistent answer may be older than it however late it came. What gives way still adds
      // its groups where it is the same write.
      if (held !== undefined && (strong ? held.strongFrom > begun : held.kept > begun)) {
        if (outcome.kind === 'absent' || held.answer.kind === 'absent') return;
        const value = rules.merge(outcome.value, held.answer.value);
        put(key, { ...held, answer: { ...held.answer, value } });
        return;
      }
      const strongFrom = strong ? begun : beginning;
      if (outcome.kind === 'absent') {
        put(key, { answer: absent, readAt: nowMs, kept: tick, strongFrom, isSpare: false });
        return;
      }
      const { readAt } = outcome.provenance;
      // Merged groups count as read now: the same write was seen in the store once more.
      const value = held?.answer.kind === 'found' ? rules.merge(held.answer.value, outcome.value) : outcome.value;
      // Keys that were read together share it.
      if (latest.readAt !== readAt) latest = { source: 'MEMORY', status: 'FRESH', readAt };
      const answer: Found<Value> = { kind: 'found', value, provenance: latest };
      put(key, { answer, readAt, kept: tick, strongFrom, isSpare: false });
    },

    replace(key, value, form) {
      const entry = cache.peek(key);
      if (entry?.answer.kind !== 'found' || entry.answer.value !== value) return;
      put(key, { ...entry, answer: { ...entry.answer, value: form } });
    },

    demote(key) {
      const entry = cache.peek(key);
      if (entry?.answer.kind === 'found') put(key, { ...entry, isSpare: true });
      else remove(key);
    },

    remove,

    keys: () => [...cache.rkeys()].filter((key) => cache.peek(key)?.answer.kind === 'found'),

    peek(key) {
      const entry = cache.peek(key);
      return entry?.answer.kind === 'found' ? { value: entry.answer.value, readAt: entry.readAt } : undefined;
    },

    restore(key, value, savedReadAt, nowMs) {
      // A clock that was set back since must not make it younger than it is.
      const readAt = Math.min(savedReadAt, nowMs);
      if (cache.has(key) || nowMs - readAt >= staleMs) return;
      const provenance = { source: 'MEMORY', status: 'STALE', readAt } as const;
      const answer: Found<Value> = { kind: 'found', value, provenance };
      put(key, { answer, readAt, kept: beginning, strongFrom: beginning, isSpare: true });
    },

    changes: () => changes,

    state: () => ({ entries: cache.size, bytes: cache.calculatedSize, maxBytes }),
  };
}
