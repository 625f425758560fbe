// What every ReadMany promises, run against each implementation.
import { describe, expect, it } from 'vitest';
import type { ReadMany, ReadOutcome, Want } from '../../src/domain/read-many.js';

/** What the implementation under test finds behind it. Keys not named are not stored. */
export interface ReadManyWorld<Key> {
  readonly stored: readonly Key[];
  /** Keys that the store fails to read, each time, for a reason that is not retried. */
  readonly failing: readonly Key[];
  /** `stalls`: no call is ever answered (its signal is honoured). `throws`: every call throws what no code describes. */
  readonly fault: 'none' | 'stalls' | 'throws';
}

/** An implementation in such a world. */
export interface ReadManySubject<Key, Value> {
  readonly readMany: ReadMany<Key, Value>;
  /** The keys of each call that reached the store so far. */
  readonly calls: () => readonly (readonly Key[])[];
  /** Resolves once a call is on its way where one is to be expected; real neighbours need a while. */
  readonly underway?: () => Promise<void>;
  readonly close?: () => Promise<void>;
}

/** How the suite talks about an implementation's keys and values. */
export interface ReadManySuite<Key, Value> {
  /** Different for different numbers. */
  readonly keyAt: (index: number) => Key;
  /** The key under which a found value was stored. */
  readonly keyOf: (value: Value) => Key;
  readonly want: Want;
  readonly makeSubject: (
    world: ReadManyWorld<Key>,
  ) => ReadManySubject<Key, Value> | Promise<ReadManySubject<Key, Value>>;
}

/** Declares the suite for one implementation. */
export function describeReadMany<Key, Value>(name: string, suite: ReadManySuite<Key, Value>): void {
  const { keyAt, keyOf, want, makeSubject } = suite;
  const keysFrom = (first: number, count: number) => Array.from({ length: count }, (_, index) => keyAt(first + index));
  const kindsOf = (outcomes: ReadonlyMap<Key, ReadOutcome<Value>>, keys: readonly Key[]) =>
    keys.map((key) => outcomes.get(key)?.kind);

  async function using(
    world: Partial<ReadManyWorld<Key>>,
    run: (
      subject: ReadManySubject<Key, Value>,
      ask: (keys: readonly Key[], signal?: AbortSignal) => Promise<ReadonlyMap<Key, ReadOutcome<Value>>>,
    ) => Promise<void>,
  ): Promise<void> {
    const subject = await makeSubject({ stored: [], failing: [], fault: 'none', ...world });
    try {
      await run(subject, (keys, signal = new AbortController().signal) => subject.readMany({ keys, want, signal }));
    } finally {
      await subject.close?.();
    }
  }

  describe(`${name}, as a ReadMany`, () => {
    it('answers each key with its own value, whatever the order', () =>
      using({ stored: keysFrom(0, 7) }, async (_, ask) => {
        const keys = [5, 0, 3, 6, 1, 4, 2].map(keyAt);
        const outcomes = await ask(keys);
        expect(outcomes.size).toBe(7);
        for (const key of keys) {
          const outcome = outcomes.get(key);
          expect(outcome?.kind === 'found' ? keyOf(outcome.value) : outcome).toEqual(key);
        }
      }));

    it('answers every key of a question longer than one batch', () =>
      using({ stored: keysFrom(0, 250) }, async (_, ask) => {
        const outcomes = await ask(keysFrom(0, 260));
        expect(new Set(kindsOf(outcomes, keysFrom(0, 250)))).toEqual(new Set(['found']));
        expect(new Set(kindsOf(outcomes, keysFrom(250, 10)))).toEqual(new Set(['absent']));
      }));

    it('says absent for what is not stored, and failed for what could not be read', () =>
      using({ failing: [keyAt(1)] }, async (_, ask) => {
        expect(kindsOf(await ask(keysFrom(0, 2)), keysFrom(0, 2))).toEqual(['absent', 'failed']);
      }));

    it("lets one key's failure spare the others", () =>
      using({ stored: keysFrom(0, 5), failing: [keyAt(2)] }, async (_, ask) => {
        const kinds = kindsOf(await ask(keysFrom(0, 5)), keysFrom(0, 5));
        expect(kinds).toEqual(['found', 'found', 'failed', 'found', 'found']);
      }));

    it('asks once for a key named several times', () =>
      using({ stored: keysFrom(0, 2) }, async (subject, ask) => {
        const [a, b] = [keyAt(0), keyAt(1)];
        const outcomes = await ask([a, a, b, a, b]);
        expect([...outcomes.keys()].sort()).toEqual([a, b].sort());
        expect(subject.calls().flat().sort()).toEqual([a, b].sort());
      }));

    it('makes no call for an empty list', () =>
      using({}, async (subject, ask) => {
        expect((await ask([])).size).toBe(0);
        expect(subject.calls()).toEqual([]);
      }));

    it('makes no call for a request that has ended before', () =>
      using({ stored: keysFrom(0, 3) }, async (subject, ask) => {
        const outcomes = await ask(keysFrom(0, 3), AbortSignal.abort());
        expect(kindsOf(outcomes, keysFrom(0, 3))).toEqual(['failed', 'failed', 'failed']);
        expect(subject.calls()).toEqual([]);
      }));

    it('answers DEADLINE_EXCEEDED for what is unread when its request ends', () =>
      using({ stored: keysFrom(0, 3), fault: 'stalls' }, async (subject, ask) => {
        const ending = new AbortController();
        const asked = ask(keysFrom(0, 3), ending.signal);
        await (subject.underway?.() ?? new Promise((resolve) => setImmediate(resolve)));
        ending.abort();
        const outcomes = await asked;
        for (const key of keysFrom(0, 3)) {
          expect(outcomes.get(key)).toMatchObject({ kind: 'failed', error: { code: 'DEADLINE_EXCEEDED' } });
        }
      }));

    it('never rejects, whatever happens below', () =>
      using({ stored: keysFrom(0, 3), fault: 'throws' }, async (_, ask) => {
        expect(kindsOf(await ask(keysFrom(0, 3)), keysFrom(0, 3))).toEqual(['failed', 'failed', 'failed']);
      }));
  });
}
