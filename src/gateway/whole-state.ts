// What the whole gateway says of itself, whichever of its processes is asked: sums of all, and the worst circuit.
import type { CircuitState, MemoryState, Stats } from '../domain/gateway-state.js';
import { topic, type Workers } from '../workers/topic.js';

/** What one process says of itself; of the whole gateway where it is alone. */
export interface ProcessState {
  readonly stats: () => Stats;
  readonly memoryState: () => MemoryState;
  readonly circuitState: () => CircuitState;
}

/** The same for all processes together; `stats` with what workers that died had told. Without a silent one's memory and circuit. */
export interface WholeState {
  readonly stats: () => Stats | Promise<Stats>;
  readonly memoryState: () => MemoryState | Promise<MemoryState>;
  readonly circuitState: () => CircuitState | Promise<CircuitState>;
}

/** Sums of those that died stay in it: counters do not go back. */
export const statsTopic = topic<null, Stats>('stats', (left, last) =>
  sumOfStats(left === null ? [last] : [left, last]),
);
const memoryTopic = topic<null, MemoryState>('memory');
const circuitTopic = topic<null, CircuitState>('circuit');

/** Answers for this process, and asks all. */
export function createWholeState(workers: Workers, own: ProcessState): WholeState {
  if (workers.count === 1) return own;
  workers.answer(statsTopic, own.stats);
  workers.answer(memoryTopic, own.memoryState);
  workers.answer(circuitTopic, own.circuitState);
  return {
    stats: async () => sumOfStats(await workers.ask(statsTopic, null)),
    memoryState: async () => {
      const all = await workers.ask(memoryTopic, null);
      return { entries: sum(all, 'entries'), bytes: sum(all, 'bytes'), maxBytes: sum(all, 'maxBytes') };
    },
    circuitState: async () => {
      const all = await workers.ask(circuitTopic, null);
      return (['OPEN', 'HALF_OPEN'] as const).find((state) => all.includes(state)) ?? 'CLOSED';
    },
  };
}

function sumOfStats(all: readonly Stats[]): Stats {
  const lookups = sum(all, 'lookups');
  const memoryHits = sum(all, 'memoryHits');
  const staleHits = sum(all, 'staleHits');
  return {
    lookups,
    memoryHits,
    staleHits,
    misses: sum(all, 'misses'),
    hitRate: lookups === 0 ? 0 : (memoryHits + staleHits) / lookups,
    storeCalls: sum(all, 'storeCalls'),
    storeKeys: sum(all, 'storeKeys'),
    retriedKeys: sum(all, 'retriedKeys'),
    throttles: sum(all, 'throttles'),
    failures: sum(all, 'failures'),
    consumedReadUnits: sum(all, 'consumedReadUnits'),
    consumedWriteUnits: sum(all, 'consumedWriteUnits'),
  };
}

function sum<Name extends string>(all: readonly Readonly<Record<Name, number>>[], name: Name): number {
  return all.reduce((total, one) => total + one[name], 0);
}
