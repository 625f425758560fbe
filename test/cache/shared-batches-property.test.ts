// Requests that come, leave and are answered in any order: nobody waits for ever, nothing is asked in vain or given up too soon.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSharedBatches } from '../../src/cache/shared-batches.js';
import { AbortSwitch } from '../../src/domain/abort.js';
import { groupOf, groups } from '../../src/domain/fields.js';
import { plainWant, type ReadOutcome, type Want } from '../../src/domain/read-many.js';
import { createEventRecord, createFakeClock, createScriptedStore, unavailable } from './scripted-store.js';

const head: Want = { ...plainWant, groups: groups.head };
const wants: readonly Want[] = [
  head,
  { ...plainWant, groups: groupOf('html') },
  { ...head, consistency: 'STRONG' },
  { ...plainWant, groups: groups.none, consistency: 'STRONG' },
];

const step = fc.oneof(
  {
    weight: 4,
    // Many keys at a time: what is enough for a call is sent before the turn ends.
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      first: fc.nat(60),
      count: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 25, max: 60 })),
      want: fc.nat(wants.length - 1),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('leave' as const), who: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('answer' as const), call: fc.nat(), rejects: fc.boolean() }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'microtasks' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'turn' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'time' as const }) },
);

interface Asked {
  readonly keys: readonly string[];
  readonly want: Want;
  readonly signal: AbortSwitch;
  outcomes: ReadonlyMap<string, ReadOutcome<string>> | null;
}

it('every request is answered once and whole, by calls that somebody waits for', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(2, 40, 100),
      fc.constantFrom(1, 2, 50),
      fc.array(step, { maxLength: 30 }),
      async (maxKeys, maxCalls, steps) => {
        const clock = createFakeClock();
        const store = createScriptedStore<string>(clock.now);
        const ends: (() => void)[] = [];
        const readMany = createSharedBatches({
          next: store.next,
          setTimer: clock.setTimer,
          atTurnEnd: (run) => ends.push(run),
          events: createEventRecord().events,
          maxKeys,
          maxCalls,
        });
        const asked: Asked[] = [];
        const spoiled = new Set<string>();
        const open = () => store.calls.filter((call) => !call.answered);
        const turn = async (): Promise<void> => {
          for (const end of ends.splice(0)) end();
          await Promise.resolve();
        };
        const answer = async (call: (typeof store.calls)[number], rejects: boolean): Promise<void> => {
          if (call.signal.aborted) await call.fail();
          else if (rejects) {
            for (const key of call.keys) spoiled.add(key);
            await call.reject(new Error('torn'));
          } else await call.find({});
        };

        for (const one of steps) {
          if (one.kind === 'ask') {
            const keys = Array.from({ length: one.count }, (_, index) => `k${one.first + index}`);
            const request: Asked = { keys, want: wants[one.want] ?? head, signal: new AbortSwitch(), outcomes: null };
            asked.push(request);
            void readMany(request).then((outcomes) => {
              expect(request.outcomes).toBeNull();
              request.outcomes = outcomes;
            });
          } else if (one.kind === 'leave') asked[one.who % asked.length]?.signal.abort();
          else if (one.kind === 'turn') await turn();
          else if (one.kind === 'time') await clock.advance(5);
          else if (one.kind === 'microtasks') await new Promise((resolve) => setImmediate(resolve));
          else {
            const calls = open();
            const call = calls[one.call % calls.length];
            if (call !== undefined) await answer(call, one.rejects);
          }
          expect(open().length).toBeLessThanOrEqual(maxCalls);
          for (const call of open()) {
            expect(new Set(call.keys).size).toBe(call.keys.length);
            expect(call.keys.length).toBeLessThanOrEqual(maxKeys);
            const isWanted = asked.some(
              ({ keys, want, signal, outcomes }) =>
                !signal.aborted &&
                outcomes === null &&
                want.consistency === call.want.consistency &&
                (want.groups === call.want.groups || want.groups === groups.none) &&
                keys.some((key) => call.keys.includes(key)),
            );
            if (!isWanted) expect(call.signal.aborted).toBe(true);
          }
        }

        // No more than a turn for each call, and no time: a call that returns takes along what is held.
        await new Promise((resolve) => setImmediate(resolve));
        await turn();
        for (let rounds = 0; open().length > 0 || ends.length > 0; rounds += 1) {
          expect(rounds).toBeLessThan(2_000);
          for (const call of open()) await answer(call, false);
          await turn();
        }
        for (const { keys, signal, outcomes } of asked) {
          expect([...(outcomes?.keys() ?? [])].sort()).toEqual([...keys].sort());
          for (const [key, outcome] of outcomes ?? []) {
            if (outcome.kind === 'absent') continue;
            const code = outcome.kind === 'failed' && outcome.error.code;
            if (signal.aborted && code === 'DEADLINE_EXCEEDED') continue;
            expect([code, spoiled.has(key)]).toEqual(['INTERNAL_SERVER_ERROR', true]);
            expect(outcome).not.toBe(unavailable);
          }
        }
        expect(clock.timers.size).toBe(0);
      },
    ),
    { numRuns: 150 },
  );
});
