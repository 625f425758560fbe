import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryTier } from '../../src/cache/memory-tier.js';
import { createSharedBatches } from '../../src/cache/shared-batches.js';
import { includes } from '../../src/domain/fields.js';
import type { ReadOutcome, Want } from '../../src/domain/read-many.js';
import type { WriteMany } from '../../src/domain/write-many.js';
import { both, freshMs, head, html, type Page, pageRules, staleMs } from './memory-world.js';
import { createEventRecord, createFakeClock, settle, unavailable } from './scripted-store.js';
import { createSimulatedStore } from './simulated-store.js';

const keys = ['a', 'b', 'c'];
const maxBytes = 6_000;
const strongAfterWriteMs = 5_000;
const maxKeys = 2;
const maxCalls = 2;

const index = fc.nat({ max: 20 });
const wants: fc.Arbitrary<Want> = fc.record({
  groups: fc.constantFrom(head.groups, html.groups, both.groups),
  consistency: fc.constantFrom('EVENTUAL', 'EVENTUAL', 'EVENTUAL', 'STRONG'),
  outcome: fc.constant('ANY'),
  maxAge: fc.constant(null),
  maxStale: fc.constantFrom(null, null, 0, 100),
  onlyIfCached: fc.constantFrom(false, false, false, true),
});
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('ask'), keys: fc.subarray(keys, { minLength: 1 }), want: wants }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('leave'), which: index }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('read'), which: index, lag: fc.nat({ max: 3 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('answer'),
      which: index,
      lag: fc.nat({ max: 3 }),
      failing: fc.constantFrom(0, 0, 0, 1, 2, 3),
      rejects: fc.constantFrom(false, false, false, false, true),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('write'),
      key: fc.constantFrom(...keys),
      bytes: fc.constantFrom(0, 500, 1_000, 3_000, 7_000),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('apply'), which: index }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('acknowledge'), which: index, known: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(1, 5, 900, 4_000, 5_000, 60_000) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never;

interface PendingWrite {
  readonly key: string;
  readonly bytes: number;
  index: number | null;
  acknowledge: ((known: boolean) => void) | null;
}

interface Asked {
  readonly ending: AbortController;
  answered: boolean;
}

async function play(steps: readonly Step[]): Promise<void> {
  const clock = createFakeClock();
  const store = createSimulatedStore(clock.now, keys, strongAfterWriteMs - 100);
  const { events } = createEventRecord();
  const next = createSharedBatches({
    next: store.next,
    setTimer: clock.setTimer,
    atTurnEnd: queueMicrotask,
    events,
    maxKeys,
    maxCalls,
  });
  const tier = createMemoryTier<string, Page>({
    next,
    maxBytes,
    freshMs,
    staleMs,
    absentMs: 3_000,
    now: clock.now,
    ...pageRules,
    bypass: () => false,
    events,
    strongAfterWriteMs,
  });
  const asked: Asked[] = [];
  const writes: PendingWrite[] = [];
  // The model: for each key the number of the newest state of which a writer was told.
  const acknowledged = new Map<string, number>(keys.map((key) => [key, 0]));

  function ask(wanted: readonly string[], want: Want): void {
    const question: Asked = { ending: new AbortController(), answered: false };
    asked.push(question);
    const askedAt = clock.now();
    const strong = want.consistency === 'STRONG';
    const floors = new Map(wanted.map((key) => [key, strong ? store.indexOf(key) : (acknowledged.get(key) ?? 0)]));
    void tier.readMany({ keys: [...wanted, ...wanted], want, signal: question.ending.signal }).then((outcomes) => {
      question.answered = true;
      expect([...outcomes.keys()].sort()).toEqual([...wanted].sort());
      for (const [key, outcome] of outcomes) check(key, outcome, want, floors.get(key) ?? 0, askedAt);
    });
  }

  function check(key: string, outcome: ReadOutcome<Page>, want: Want, floor: number, askedAt: number): void {
    if (outcome.kind === 'absent') {
      expect(store.wasEmptySince(key, floor)).toBe(true);
    } else if (outcome.kind === 'failed') {
      expect(outcome.error.code === 'NOT_IN_MEMORY').toBe(want.onlyIfCached);
    } else {
      expect(outcome.value.write).toBeGreaterThanOrEqual(floor);
      expect(includes(outcome.value.groups, want.groups)).toBe(true);
      const { source, status, readAt } = outcome.provenance;
      const bound = status === 'FRESH' ? freshMs : Math.min(staleMs, (want.maxStale ?? staleMs) * 1_000);
      // Fresh is judged when the question comes, though other keys of it may take long; stale when reading failed.
      const judgedAt = status === 'FRESH' ? askedAt : clock.now();
      if (source === 'MEMORY') expect(judgedAt - readAt).toBeLessThan(bound);
      if (want.onlyIfCached) expect(source).toBe('MEMORY');
      if (want.consistency === 'STRONG') expect(source).toBe('DYNAMODB');
    }
  }

  function startWrite(key: string, bytes: number): void {
    const write: PendingWrite = { key, bytes, index: null, acknowledge: null };
    writes.push(write);
    const writeMany: WriteMany<string, null> = () =>
      new Promise((resolve) => {
        write.acknowledge = (known) => {
          write.acknowledge = null;
          resolve([known ? { kind: 'done', receipt: null } : unavailable]);
        };
      });
    const { signal } = new AbortController();
    void tier
      .aroundWrites(
        (input: string) => input,
        writeMany,
      )({ inputs: [key], signal })
      .then(([outcome]) => {
        if (outcome?.kind !== 'done') return;
        acknowledged.set(key, Math.max(acknowledged.get(key) ?? 0, write.index ?? 0));
      });
  }

  function apply(write: PendingWrite): void {
    write.index ??= store.write(write.key, write.bytes);
  }

  async function take(each: Step): Promise<void> {
    const pick = <T>(list: readonly T[]): T | undefined =>
      'which' in each && list.length > 0 ? list[each.which % list.length] : undefined;
    if (each.do === 'ask') ask(each.keys, each.want);
    if (each.do === 'leave') pick(asked)?.ending.abort();
    if (each.do === 'wait') await clock.advance(each.ms);
    if (each.do === 'write') startWrite(each.key, each.bytes);
    const call = pick(store.pending);
    if (each.do === 'read' && call) store.read(call, each.lag);
    if (each.do === 'answer' && call) store.answer(call, each);
    // A write that timed out may still be applied, at any time later.
    const unapplied = pick(writes.filter((write) => write.index === null));
    if (each.do === 'apply' && unapplied) apply(unapplied);
    const open = pick(writes.filter((write) => write.acknowledge !== null));
    if (each.do === 'acknowledge' && open) {
      if (each.known) apply(open);
      open.acknowledge?.(each.known);
    }
    await settle();
  }

  for (const each of steps) {
    await take(each);
    expect(tier.state().bytes).toBeLessThanOrEqual(maxBytes);
    expect(store.pending.length).toBeLessThanOrEqual(maxCalls);
    for (const { request } of store.pending) {
      expect(new Set(request.keys).size).toBe(request.keys.length);
      expect(request.keys.length).toBeLessThanOrEqual(maxKeys);
    }
  }
  while (store.pending.length > 0) await take({ do: 'answer', which: 0, lag: 0, failing: 0, rejects: false });
  expect(asked.filter(({ answered }) => !answered)).toEqual([]);
  expect(clock.timers.size).toBe(0);
}

describe('the tiers, however reads, writes, answers and failures interleave', () => {
  it('answer every key, never older than an acknowledged write, never absent for failed, within their bytes', async () => {
    // A failed check inside a callback must fail the run, not vanish with its promise.
    const lost: unknown[] = [];
    const listen = (error: unknown) => lost.push(error);
    process.on('unhandledRejection', listen);
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
          await play(steps);
          const [first] = lost.splice(0);
          if (first !== undefined) throw first;
        }),
        { numRuns: 1_000 },
      );
    } finally {
      process.off('unhandledRejection', listen);
    }
  });
});
