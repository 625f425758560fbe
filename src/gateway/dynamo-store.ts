// A DynamoDB as the gateway's store: the table, found at the start or later, behind its circuit and shared batches.
import { createCircuit } from '../cache/circuit.js';
import { createSharedBatches } from '../cache/shared-batches.js';
import type { Config } from '../config.js';
import type { StoredResult } from '../domain/crawl-result.js';
import type { ReadMany } from '../domain/read-many.js';
import type { ResultKey } from '../domain/result-key.js';
import { maxPartitionKeyBytes } from '../domain/url-key.js';
import { refreshCredentials } from '../dynamo/client.js';
import { createBatchGet } from '../dynamo/reading/batch-get.js';
import { createSessionReader } from '../dynamo/reading/session-reader.js';
import { createRetryPolicy, waitForReal } from '../dynamo/retry.js';
import { sessionKeyAttributes } from '../dynamo/table.js';
import { isStoreThere } from './check-ready.js';
import { findTable } from './find-table.js';
import type { GatewayStore, GatewayStoreDeps } from './gateway-store.js';
import { createLateReader, createLateTable, createLateWriter } from './late-table.js';
import { loadSamples } from './load-samples.js';
import { openDynamo } from './open-dynamo.js';
import { guardedLook, reachTable } from './reach-table.js';
import { openTable, type TableAccess } from './table-access.js';

/** Puts it together. Nothing is asked before `reach`. */
export function openDynamoStore(config: Config, deps: GatewayStoreDeps): GatewayStore {
  const { engine, events, now, elapsed, setTimer, atTurnEnd } = deps;
  const client = openDynamo(config, engine.facts);
  const circuit = createCircuit({
    probe: () => isStoreThere(readTable, config.dynamo.readTimeoutMs),
    setTimer,
    elapsed,
    events,
  });
  const { guard } = circuit;
  const retry = createRetryPolicy({
    baseMs: config.dynamo.retryBaseMs,
    maxRetries: config.dynamo.maxRetries,
    random: Math.random,
    wait: waitForReal,
    guard,
    refreshCredentials: () => refreshCredentials(client),
  });
  const batchGet = createBatchGet({ client, retry, events, now: elapsed });
  const table = createLateTable<TableAccess>({
    find: async () =>
      openTable(await guardedLook(guard, () => findTable(client, config)), {
        client,
        batchGet,
        retry,
        readResults: deps.readFromTop,
        config: config.dynamo,
        events,
        now,
      }),
    onFound: ({
      described: {
        table: { name },
        layout,
      },
    }) => events.notice({ level: 'info', message: `The table ${name} has the ${layout} layout.` }),
    elapsed,
  });

  // Bottom to top: each tier takes the one before. Without one of these lines the path is a tier shorter.
  const readTable: ReadMany<ResultKey, StoredResult> = createLateReader(table, ({ read }) => read);
  let readResults = circuit.reads(readTable);
  const batching = { setTimer, atTurnEnd, events, maxCalls: config.dynamo.maxPoolConnections };
  readResults = createSharedBatches({ next: readResults, ...batching });
  const sessionTable = { name: config.tables.sessions, keyAttributes: sessionKeyAttributes };
  const readSessions = createSharedBatches({
    next: circuit.reads(createSessionReader({ batchGet, table: sessionTable, now })),
    ...batching,
  });

  return {
    engine: engine.facts,
    readResults,
    readSessions,
    readFeed: circuit.pages(async (request) => (await table.get()).readFeed(request)),
    readVersions: circuit.pages(async (request) => (await table.get()).readVersions(request)),
    writers: {
      put: circuit.writes(createLateWriter(table, ({ writers }) => writers.put)),
      revalidate: circuit.writes(createLateWriter(table, ({ writers }) => writers.revalidate)),
      invalidate: circuit.writes(createLateWriter(table, ({ writers }) => writers.invalidate)),
    },
    storeState: () => ({
      kind: config.store.kind,
      table: config.tables.results,
      region: config.store.kind === 'embedded' ? null : config.store.region,
      layout: table.known()?.described.layout ?? null,
      // The embedded engine does not count: it would always say 0.
      itemCount: config.store.kind === 'embedded' ? null : (table.known()?.described.itemCount ?? null),
    }),
    circuitState: circuit.state,
    maxUrlBytes: () => table.known()?.maxUrlBytes ?? maxPartitionKeyBytes,
    async reach() {
      await reachTable(table.get, events);
    },
    async fill(put) {
      const found = table.known();
      if (found === null || config.store.kind !== 'embedded' || !config.embedded.samples) return;
      const { ttlDays } = config.dynamo;
      const target = { client, tables: config.tables, put, ttlDays, maxUrlBytes: found.maxUrlBytes };
      await loadSamples({ ...target, nowMs: now() }, events);
    },
    async [Symbol.asyncDispose]() {
      circuit[Symbol.dispose]();
      client.destroy();
      await engine[Symbol.asyncDispose]();
    },
  };
}
