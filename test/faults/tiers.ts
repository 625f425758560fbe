// The lookup path of a gateway, from memory to the proxy, without anything above it.
import { type Circuit, createCircuit } from '../../src/cache/circuit.js';
import { createMemoryTier, type MemoryTier } from '../../src/cache/memory-tier.js';
import { createSharedBatches } from '../../src/cache/shared-batches.js';
import type { StoredResult } from '../../src/domain/crawl-result.js';
import type { ReadMany } from '../../src/domain/read-many.js';
import { healthKey, type ResultKey } from '../../src/domain/result-key.js';
import { documentLayout } from '../../src/dynamo/codec/layout-document.js';
import { createBatchGet } from '../../src/dynamo/reading/batch-get.js';
import { createBatchReader } from '../../src/dynamo/reading/batch-reader.js';
import { createRetryPolicy, waitForReal } from '../../src/dynamo/retry.js';
import { isStoreThere } from '../../src/gateway/check-ready.js';
import { storedResultRules } from '../../src/gateway/stored-result-rules.js';
import { silentEvents } from '../../src/observability/events.js';
import { type FaultWorld, tableName } from './fault-world.js';

export interface Tiers {
  readonly readResults: ReadMany<ResultKey, StoredResult>;
  readonly memory: MemoryTier<ResultKey, StoredResult>;
  readonly circuit: Circuit;
}

/** Joins them as gateway.ts does. Nothing in memory is ever fresh unless told. */
export function tiersOver(world: FaultWorld, freshMs: number = 0): Tiers {
  const elapsed = (): number => performance.now();
  const setTimer = (run: () => void, ms: number): (() => void) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  };
  const events = silentEvents;
  const circuit = createCircuit({ probe: () => isStoreThere(readTable, 1_000), setTimer, elapsed, events });
  const { guard } = circuit;
  const retry = createRetryPolicy({ baseMs: 20, maxRetries: 3, random: Math.random, wait: waitForReal, guard });
  const batchGet = createBatchGet({ client: world.client, retry, events, now: elapsed });
  const table = { name: tableName, keyAttributes: ['url'] };
  const readTable = createBatchReader({ batchGet, table, layout: documentLayout, events, now: Date.now });
  const memory = createMemoryTier<ResultKey, StoredResult>({
    next: createSharedBatches({ next: circuit.reads(readTable), setTimer, atTurnEnd: setImmediate, events }),
    ...storedResultRules,
    maxBytes: 100_000_000,
    freshMs,
    staleMs: 86_400_000,
    absentMs: 0,
    now: Date.now,
    bypass: (key) => key === healthKey,
    events,
  });
  return { readResults: memory.readMany, memory, circuit };
}
