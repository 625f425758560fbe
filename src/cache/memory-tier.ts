// Answers lookups from memory while they are fresh, reads the rest once for everyone, and stands in when reading fails.
import type { Follow } from '../domain/follow.js';
import type { MemoryState } from '../domain/gateway-state.js';
import {
  everyKey,
  type ReadMany,
  type ReadOutcome,
  type ReadRequest,
  type Recall,
  type Want,
} from '../domain/read-many.js';
import type { WriteMany } from '../domain/write-many.js';
import type { Events } from '../observability/events.js';
import { type BeginWrite, type EndWrite, isOutdated } from './begin-write.js';
import { checkedRead, checkedWrite } from './checked-call.js';
import { type Compact, createCompaction } from './compaction.js';
import { createEntries, type MemoryBounds, type ValueRules } from './entries.js';
import { deadlineExceeded, knownAnswer, notInMemory } from './failed-outcomes.js';
import { createFlights } from './flights.js';
import { createGenerations } from './generations.js';
import type { SnapshotMemory } from './snapshot-restore.js';
import { Waiter } from './waiting-room.js';

/** What the tier is made of. */
export interface MemoryTierDeps<Key extends string, Value> extends MemoryBounds, ValueRules<Value> {
  readonly next: ReadMany<Key, Value>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Keys that go straight to `next`: never remembered, never joined, never counted. */
  readonly bypass: (key: Key) => boolean;
  readonly events: Pick<Events, 'lookup' | 'unexpectedError'>;
  /** Told of keys that were written and forgotten; the writes are acknowledged once it has resolved. */
  readonly written?: (keys: Iterable<Key>) => Promise<void>;
  /** Another memory that must know of every write before it is acknowledged: the one of other processes. */
  readonly others?: BeginWrite<Key>;
  /** Applied to found values that are asked for again; values stay as they are if not given. */
  readonly compact?: Compact<Value>;
  /** Milliseconds after a write for which its key is read strongly consistently; 5,000 unless told. */
  readonly strongAfterWriteMs?: number;
}

/** The tier. */
export interface MemoryTier<Key extends string, Value> {
  readonly readMany: ReadMany<Key, Value>;
  /** What needs no store, for callers that have no use for a promise then. */
  readonly recall: Recall<Key, Value>;
  /** `write`, with memory told of every key that it may change: once it answered, nothing older is answered here. */
  aroundWrites<Input, Receipt>(
    keyOf: (input: Input) => Key,
    write: WriteMany<Input, Receipt>,
  ): WriteMany<Input, Receipt>;
  /** Has it know of a write that does not pass through here. Knows at once: before the promise is resolved. */
  readonly beginWrite: BeginWrite<Key>;
  /** What is saved of it, and restored. */
  readonly saved: SnapshotMemory<Key, Value>;
  state(): MemoryState;
}

type Follower = Pick<Follow<never>, 'lookups'> | undefined;

// Made once: a warm lookup must not allocate for each key.
const freshFromMemory = { answer: 'fresh', fromMemory: true, keys: 1 } as const;
const staleFromMemory = { answer: 'stale', fromMemory: true, keys: 1 } as const;
const absentFromMemory = { answer: 'absent', fromMemory: true, keys: 1 } as const;
const foundInStore = { answer: 'store', fromMemory: false, keys: 1 } as const;
const absentInStore = { answer: 'absent', fromMemory: false, keys: 1 } as const;
const notThere = { answer: 'not-in-memory', fromMemory: false, keys: 1 } as const;
const failed = { answer: 'failed', fromMemory: false, keys: 1 } as const;

/** A memory before `next`. Byte bound, ages and rules are described at `MemoryBounds` and `ValueRules`. */
export function createMemoryTier<Key extends string, Value>(deps: MemoryTierDeps<Key, Value>): MemoryTier<Key, Value> {
  const { next, now, bypass, events, strongAfterWriteMs = 5_000, compact, others } = deps;
  const caller = { where: 'memory tier', events };
  const entries = createEntries<Key, Value>(deps, deps);
  const consider =
    compact === undefined ? undefined : createCompaction<Key, Value>({ compact, replace: entries.replace, events });
  const generations = createGenerations<Key>({ now, recentMs: strongAfterWriteMs });
  const fly = createFlights<Key, Value>({
    next,
    generations,
    caller,
    land(key, outcome, flight) {
      if (generations.isWriting(key) || generations.changedSince(key, flight.begun)) return;
      try {
        entries.keep(key, outcome, flight, { nowMs: now(), tick: generations.tick() });
      } catch (error) {
        // A value that cannot be measured or merged is still an answer; memory goes without it.
        entries.remove(key);
        events.unexpectedError({ where: caller.where, error });
      }
    },
  });

  function count(lookup: Parameters<Events['lookup']>[0], follow: Follower): void {
    events.lookup(lookup);
    follow?.lookups(lookup.answer, lookup.fromMemory, lookup.keys);
  }

  /** The answer that needs no store, counted; undefined where the store must be asked. */
  function recall(key: Key, want: Want, nowMs: number, follow: Follower): ReadOutcome<Value> | undefined {
    if (!want.onlyIfCached) return mustAsk(key, want) ? undefined : rememberedFresh(key, want, nowMs, follow);
    const known = want.consistency === 'STRONG' ? undefined : remembered(key, want, nowMs, follow);
    return known ?? refuse(follow);
  }

  /** While a key is being written memory cannot say which side of the write it is on; the store can. */
  function mustAsk(key: Key, want: Want): boolean {
    return want.consistency === 'STRONG' || generations.isWriting(key);
  }

  function rememberedFresh(key: Key, want: Want, nowMs: number, follow: Follower): ReadOutcome<Value> | undefined {
    const answer = look(key, want, nowMs);
    if (answer !== undefined) count(answer.kind === 'found' ? freshFromMemory : absentFromMemory, follow);
    return answer;
  }

  function look(key: Key, want: Want, nowMs: number): ReturnType<typeof entries.fresh> {
    const answer = entries.fresh(key, want, nowMs);
    if (answer?.kind === 'found') consider?.(key, answer.value);
    return answer;
  }

  function remembered(key: Key, want: Want, nowMs: number, follow: Follower): ReadOutcome<Value> | undefined {
    const answer = rememberedFresh(key, want, nowMs, follow);
    if (answer !== undefined) return answer;
    const old = entries.stale(key, want, nowMs);
    if (old !== undefined) count(staleFromMemory, follow);
    return old;
  }

  function refuse(follow: Follower): ReadOutcome<Value> {
    count(notThere, follow);
    return notInMemory();
  }

  /** The answer after the store was asked, counted: where it failed, what it knows or memory has by now stands in. */
  function conclude(
    key: Key,
    outcome: ReadOutcome<Value>,
    request: ReadRequest<Key>,
    nowMs: number,
  ): ReadOutcome<Value> {
    const { want, follow } = request;
    if (outcome.kind !== 'failed') {
      count(outcome.kind === 'found' ? foundInStore : absentInStore, follow);
      return outcome;
    }
    const known = knownAnswer(outcome, deps, want, nowMs);
    if (known !== undefined) count(foundInStore, follow);
    const instead = known ?? (want.consistency === 'STRONG' ? undefined : remembered(key, want, nowMs, follow));
    if (instead === undefined) count(failed, follow);
    return instead ?? outcome;
  }

  function readKeys(
    keys: readonly Key[],
    { want, signal, follow }: ReadRequest<Key>,
  ): Promise<Map<Key, ReadOutcome<Value>>> {
    if (signal.aborted) return Promise.resolve(everyKey(keys, deadlineExceeded()));
    const { groups, consistency } = want;
    const waiter = new Waiter<Key, Value>(signal);
    if (consistency === 'STRONG') {
      // A read already sent may have been answered by the store before this question was asked.
      fly(keys, { groups, consistency, shared: false, follow }, waiter);
      return waiter.done();
    }
    // DynamoDB may answer an eventually consistent read with what was there before a write for about a second; such an
    // answer could neither be told from a newer one nor be given to a client that saw the write acknowledged. So for
    // `strongAfterWriteMs` a key is read strongly consistently instead, whoever asks.
    const strong: Key[] = [];
    const eventual: Key[] = [];
    for (const key of keys) (generations.isRecent(key) ? strong : eventual).push(key);
    if (eventual.length > 0) fly(eventual, { groups, consistency: 'EVENTUAL', shared: true, follow }, waiter);
    if (strong.length > 0) fly(strong, { groups, consistency: 'STRONG', shared: true, follow }, waiter);
    return waiter.done();
  }

  function beginHere(keys: ReadonlySet<Key>): EndWrite<Key> {
    generations.begin(keys);
    return async (outdated) => {
      generations.end(keys);
      for (const key of keys) {
        if (outdated.has(key)) entries.remove(key);
        // Nobody was told that it is written, but it may be: the store must be asked, and where it is down what was
        // known before is still the best answer.
        else entries.demote(key);
      }
      if (outdated.size > 0) await deps.written?.(outdated);
    };
  }

  return {
    async readMany(request) {
      const { keys, want, signal, follow } = request;
      const known: [Key, ReadOutcome<Value>][] = [];
      const unknown: Key[] = [];
      const passed: Key[] = [];
      const startMs = now();
      for (const key of keys.length === 1 ? keys : new Set(keys)) {
        if (bypass(key)) {
          passed.push(key);
          continue;
        }
        const answer = recall(key, want, startMs, follow);
        if (answer === undefined) unknown.push(key);
        else known.push([key, answer]);
      }
      if (unknown.length === 0 && passed.length === 0) return new Map(known);

      // Both are asked before either is awaited, so that what is below can send them together.
      const through = passed.length === 0 ? null : checkedRead(next, { keys: passed, want, signal, follow }, caller);
      const outcomes = unknown.length === 0 ? new Map<Key, ReadOutcome<Value>>() : await readKeys(unknown, request);
      const endMs = now();
      for (const [key, outcome] of outcomes) outcomes.set(key, conclude(key, outcome, request, endMs));
      for (const [key, answer] of known) outcomes.set(key, answer);
      if (through !== null) for (const [key, outcome] of await through) outcomes.set(key, outcome);
      return outcomes;
    },

    recall: {
      answer: (key, want, nowMs) => (bypass(key) || mustAsk(key, want) ? undefined : look(key, want, nowMs)),
      used(found, absent) {
        if (found > 0) events.lookup(found === 1 ? freshFromMemory : { ...freshFromMemory, keys: found });
        if (absent > 0) events.lookup(absent === 1 ? absentFromMemory : { ...absentFromMemory, keys: absent });
      },
    },

    aroundWrites: (keyOf, write) => async (request) => {
      if (request.inputs.length === 0) return [];
      const keys = new Set(request.inputs.map(keyOf));
      const end = beginHere(keys);
      const endElsewhere = others === undefined ? undefined : await others(keys);
      const outcomes = await checkedWrite(write, request, caller);
      const outdated = new Set(request.inputs.map(keyOf).filter((_, index) => isOutdated(outcomes[index])));
      await Promise.all([end(outdated), endElsewhere?.(outdated)]);
      return outcomes;
    },

    beginWrite: async (keys) => beginHere(keys),

    saved: { ...entries, restore: (key, value, readAt) => entries.restore(key, value, readAt, now()) },

    state: () => entries.state(),
  };
}
