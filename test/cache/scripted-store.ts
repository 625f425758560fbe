// A store that answers when the test says so, and a clock that the test moves.

import type { LookupAnswer } from '../../src/domain/follow.js';
import type { Consistency, ReadMany, ReadOutcome, ReadRequest } from '../../src/domain/read-many.js';
import { CrawlgateError } from '../../src/errors.js';
import type { Events } from '../../src/observability/events.js';
import { silentEvents } from '../../src/observability/events.js';

/** One call that reached the store and waits for its answer. */
export interface ScriptedCall<Value> extends ReadRequest<string> {
  answered: boolean;
  answer(outcomes: ReadonlyMap<string, ReadOutcome<Value>>): Promise<void>;
  /** Found for the keys of `values`, absent for the others. */
  find(values: Readonly<Record<string, Value>>): Promise<void>;
  fail(): Promise<void>;
  reject(error: unknown): Promise<void>;
}

/** Lets everything run that waits for nothing outside. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export const unavailable = { kind: 'failed', error: new CrawlgateError('STORE_UNAVAILABLE', 'away', {}) } as const;

/** Calls are kept in `calls` until the test answers them. */
export function createScriptedStore<Value>(now: () => number) {
  const calls: ScriptedCall<Value>[] = [];
  const next: ReadMany<string, Value> = (request) =>
    new Promise((resolve, reject) => {
      const call: ScriptedCall<Value> = {
        ...request,
        answered: false,
        answer(outcomes) {
          call.answered = true;
          resolve(outcomes);
          return settle();
        },
        find(values) {
          const provenance = { source: 'DYNAMODB', status: 'FRESH', readAt: now() } as const;
          const known = new Map(Object.entries(values));
          return call.answer(
            new Map(
              request.keys.map((key) => {
                const value = known.get(key);
                return [key, value === undefined ? { kind: 'absent' } : { kind: 'found', value, provenance }];
              }),
            ),
          );
        },
        fail: () => call.answer(new Map(request.keys.map((key) => [key, unavailable]))),
        reject(error) {
          call.answered = true;
          reject(error);
          return settle();
        },
      };
      calls.push(call);
    });
  return {
    next,
    calls,
    keysOfCalls: () => calls.map((call) => call.keys),
    call(index: number): ScriptedCall<Value> {
      const call = calls.at(index);
      if (call === undefined) throw new Error(`the store was called ${calls.length} times; no call ${index}`);
      return call;
    },
    consistencies: (): Consistency[] => calls.map((call) => call.want.consistency),
  };
}

/** A clock at a time of its own, with timers that run when it is moved past them. */
export function createFakeClock() {
  let nowMs = 1_700_000_000_000;
  const timers = new Set<{ at: number; run: () => void }>();
  return {
    now: () => nowMs,
    timers,
    setTimer(run: () => void, ms: number) {
      const timer = { at: nowMs + ms, run };
      timers.add(timer);
      return () => {
        timers.delete(timer);
      };
    },
    async advance(ms: number) {
      await settle();
      const end = nowMs + ms;
      for (;;) {
        const [first] = [...timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at);
        if (first === undefined) break;
        timers.delete(first);
        nowMs = first.at;
        first.run();
        await settle();
      }
      nowMs = end;
      await settle();
    },
  };
}

/** Events kept for the test to look at. */
export function createEventRecord() {
  const lookups: { answer: LookupAnswer; fromMemory: boolean }[] = [];
  const unexpected: { where: string; error: unknown }[] = [];
  const events: Events = {
    ...silentEvents,
    lookup: ({ keys, ...event }) => {
      for (let key = 0; key < keys; key += 1) lookups.push(event);
    },
    unexpectedError: (event) => void unexpected.push(event),
  };
  return { events, lookups, unexpected };
}
