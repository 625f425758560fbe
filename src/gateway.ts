// Builds the gateway. The only file that knows which tier stands before which, and in what order they are closed.
import { performance } from 'node:perf_hooks';
import { createCircuit } from './cache/circuit.js';
import { createMemoryTier } from './cache/memory-tier.js';
import { createSharedBatches, type SetTimer } from './cache/shared-batches.js';
import { createSnapshot, noSnapshot, type Snapshot } from './cache/snapshot.js';
import type { Config } from './config.js';
import type { StoredResult } from './domain/crawl-result.js';
import type { ReadMany } from './domain/read-many.js';
import { healthKey, latestKey, type ResultKey } from './domain/result-key.js';
import { storedResultCodec } from './domain/stored-result-codec.js';
import { maxPartitionKeyBytes, type UrlKey } from './domain/url-key.js';
import type { NewResult, ResultWriters, Revalidation } from './domain/write-many.js';
import { refreshCredentials } from './dynamo/client.js';
import { createBatchGet } from './dynamo/reading/batch-get.js';
import { createSessionReader } from './dynamo/reading/session-reader.js';
import { createRetryPolicy, waitForReal } from './dynamo/retry.js';
import { type LayoutName, sessionKeyAttributes } from './dynamo/table.js';
import { checkReady, isStoreThere } from './gateway/check-ready.js';
import { findTable } from './gateway/find-table.js';
import { createGraphqlHandler } from './gateway/graphql-handler.js';
import { createLateReader, createLateTable, createLateWriter } from './gateway/late-table.js';
import { loadSamples } from './gateway/load-samples.js';
import { type EngineFacts, openDynamo } from './gateway/open-dynamo.js';
import { guardedLook, reachTable } from './gateway/reach-table.js';
import { storedResultRules } from './gateway/stored-result-rules.js';
import { openTable, type TableAccess } from './gateway/table-access.js';
import type { GatewayServices } from './graphql/services.js';
import { createGraphiqlPage } from './http/graphiql-page.js';
import { createHostPolicy } from './http/host-policy.js';
import { createProbes } from './http/probes.js';
import { createHttpServer, type ListenAddress } from './http/server.js';
import { type Events, fanOut } from './observability/events.js';
import { createLog, type LogOutput } from './observability/log.js';
import { createMetrics } from './observability/metrics.js';
import { exampleQueries } from './samples/example-queries.js';

/** What the gateway takes from the process it runs in. */
export interface GatewayDeps {
  /** Where log lines go. */
  readonly output: LogOutput;
  /** Further sinks of events. */
  readonly sinks?: readonly Events[];
}

/** A gateway that answers. */
export interface Gateway extends AsyncDisposable {
  readonly address: ListenAddress;
  /** The embedded engine; null where the store is another. */
  readonly engine: EngineFacts | null;
  /** As found in the table; null as long as the store was not reached. */
  readonly layout: () => LayoutName | null;
  /** Does ahead of time what the first visitor would wait for. Nobody needs to await it; it does not reject. */
  warmUp(): Promise<void>;
  /**
   * Stops accepting, lets queries in flight answer within CRAWLGATE_SHUTDOWN_MS, then closes what is behind them, the
   * store last. Closing twice is harmless.
   */
  close(): Promise<void>;
}

/**
 * Resolves when requests are answered. Rejects with an EmbeddedStartError or Node's own error of `listen` where the
 * configuration cannot be had, or a CrawlgateError for a table that is none of ours. A store that is down is no reason:
 * lookups fail with STORE_UNAVAILABLE until it is back.
 */
export async function createGateway(config: Config, deps: GatewayDeps): Promise<Gateway> {
  const { limits, memory } = config;
  const now = Date.now;
  const elapsed = (): number => performance.now();
  const metrics = createMetrics();
  const log = createLog({ config: config.log, output: deps.output, elapsed });
  const events = fanOut([log, metrics.events, ...(deps.sinks ?? [])]);

  const dynamo = await openDynamo(config, events);
  try {
    const { client } = dynamo;
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
          readResults: (request) => readResults(request),
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

    // The lookup path, bottom to top: each tier takes the one before. Without one of these lines it is a tier shorter.
    const readTable: ReadMany<ResultKey, StoredResult> = createLateReader(table, ({ read }) => read);
    let readResults = circuit.reads(readTable);
    readResults = createSharedBatches({
      next: readResults,
      setTimer,
      events,
      maxCalls: config.dynamo.maxPoolConnections,
    });
    const snapshot: Snapshot<ResultKey, StoredResult> =
      memory.snapshot === null
        ? noSnapshot()
        : createSnapshot({ path: memory.snapshot, codec: storedResultCodec, setTimer, elapsed, events });
    const memoryTier = createMemoryTier({
      next: readResults,
      ...storedResultRules,
      maxBytes: memory.bytes,
      freshMs: memory.freshSeconds * 1000,
      staleMs: (memory.freshSeconds + memory.staleSeconds) * 1000,
      absentMs: memory.absentSeconds * 1000,
      now,
      bypass: (key: ResultKey) => key === healthKey,
      written: snapshot.written,
      events,
    });
    readResults = memoryTier.readMany;

    // Memory must know of every write, or it would go on answering what was there before.
    const { aroundWrites } = memoryTier;
    const keyOfInput = ({ url }: NewResult | Revalidation): ResultKey => latestKey(url);
    const put = createLateWriter(table, ({ writers }) => writers.put);
    const revalidate = createLateWriter(table, ({ writers }) => writers.revalidate);
    const invalidate = createLateWriter(table, ({ writers }) => writers.invalidate);
    const writers: ResultWriters = {
      put: aroundWrites(keyOfInput, circuit.writes(put)),
      revalidate: aroundWrites(keyOfInput, circuit.writes(revalidate)),
      invalidate: aroundWrites((url: UrlKey) => latestKey(url), circuit.writes(invalidate)),
    };

    const sessionTable = { name: config.tables.sessions, keyAttributes: sessionKeyAttributes };
    const readSessions = createSharedBatches({
      next: circuit.reads(createSessionReader({ batchGet, table: sessionTable, now })),
      setTimer,
      events,
    });

    const services: GatewayServices = {
      readResults,
      readSessions,
      readFeed: circuit.pages(async (request) => (await table.get()).readFeed(request)),
      readVersions: circuit.pages(async (request) => (await table.get()).readVersions(request)),
      writers,
      storeState: () => ({
        kind: config.store.kind,
        table: config.tables.results,
        region: config.store.kind === 'embedded' ? null : config.store.region,
        layout: table.known()?.described.layout ?? null,
        // The embedded engine does not count: it would always say 0.
        itemCount: config.store.kind === 'embedded' ? null : (table.known()?.described.itemCount ?? null),
      }),
      memoryState: memoryTier.state,
      circuitState: circuit.state,
      stats: metrics.stats,
      now,
      elapsed,
      limits: {
        maxUrls: limits.maxUrls,
        deadlineMs: limits.deadlineMs,
        maxResultBytes: limits.maxResultBytes,
        get maxUrlBytes() {
          return table.known()?.maxUrlBytes ?? maxPartitionKeyBytes;
        },
      },
      ttlDays: config.dynamo.ttlDays,
      consistentReads: config.dynamo.consistentReads,
      events,
    };
    const graphiqlPage = createGraphiqlPage({
      endpoint: '/graphql',
      title: 'Crawlgate',
      examples: exampleQueries.filter(({ query }) => config.store.kind === 'embedded' || !query.includes('.example/')),
    });
    const probes = createProbes({
      checkReady: () => checkReady(readResults, limits.deadlineMs, memoryTier.state),
      now,
      elapsed,
    });
    const http = createHttpServer({
      handleGraphql: createGraphqlHandler({ services, maxBodyBytes: limits.maxBodyBytes }),
      graphiqlPage,
      maxBodyBytes: limits.maxBodyBytes,
      probes,
      hostPolicy: createHostPolicy(config.listen),
      events,
    });

    const [reached] = await Promise.all([reachTable(table.get, events), snapshot.open(memoryTier.saved)]);
    const address = await http.listen(config.listen);
    if (reached !== null && config.store.kind === 'embedded' && config.embedded.samples) {
      const { ttlDays } = config.dynamo;
      const target = { client, tables: config.tables, put: writers.put, ttlDays, maxUrlBytes: reached.maxUrlBytes };
      await loadSamples({ ...target, nowMs: now() }).then(
        (count) => count > 0 && events.notice({ level: 'info', message: `Loaded ${count} sample results.` }),
        (error: unknown) => events.unexpectedError({ where: 'samples', error }),
      );
    }

    let closing: Promise<void> | undefined;
    const close = (): Promise<void> => {
      closing ??= http.close(limits.shutdownMs).then(async () => {
        circuit[Symbol.dispose]();
        await snapshot[Symbol.asyncDispose]();
        await dynamo[Symbol.asyncDispose]();
      });
      return closing;
    };
    return {
      address,
      engine: dynamo.engine,
      layout: () => table.known()?.described.layout ?? null,
      warmUp: () =>
        graphiqlPage.prepare().catch((error: unknown) => events.unexpectedError({ where: 'graphiql-page', error })),
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await dynamo[Symbol.asyncDispose]();
    throw error;
  }
}

const setTimer: SetTimer = (run, ms) => {
  // The server keeps the process alive, not what is due behind it.
  const timer = setTimeout(run, ms).unref();
  return () => clearTimeout(timer);
};
