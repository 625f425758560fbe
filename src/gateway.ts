// Builds the gateway. The only file that knows which tier stands before which, and in what order they are closed.
import { performance } from 'node:perf_hooks';
import { createMemoryTier } from './cache/memory-tier.js';
import { createSnapshot, noSnapshot, type Snapshot } from './cache/snapshot.js';
import type { Config } from './config.js';
import type { StoredResult } from './domain/crawl-result.js';
import type { ReadMany } from './domain/read-many.js';
import { healthKey, latestKey, type ResultKey } from './domain/result-key.js';
import { storedResultCodec } from './domain/stored-result-codec.js';
import type { UrlKey } from './domain/url-key.js';
import type { NewResult, ResultWriters, Revalidation } from './domain/write-many.js';
import { checkReady } from './gateway/check-ready.js';
import { checkSnapshotFile } from './gateway/door-files.js';
import { openDoors } from './gateway/doors.js';
import type { GatewayStoreDeps } from './gateway/gateway-store.js';
import { createGraphqlHandler } from './gateway/graphql-handler.js';
import { openStore } from './gateway/open-store.js';
import { createOtherMemories, hearOfWrites } from './gateway/shared-writes.js';
import { type EngineFacts, type StartedEngine, startEngine } from './gateway/start-engine.js';
import { storedResultRules } from './gateway/stored-result-rules.js';
import { openTelemetry } from './gateway/telemetry.js';
import { createWholeHistory } from './gateway/whole-history.js';
import { createWholeState } from './gateway/whole-state.js';
import type { GatewayServices } from './graphql/services.js';
import { createAllowOrigin } from './http/cors.js';
import { createGraphiqlPage } from './http/graphiql-page.js';
import { createHostPolicy } from './http/host-policy.js';
import { createPageFiles } from './http/page-files.js';
import { createProbes } from './http/probes.js';
import { createHttpServer, type HttpServer, type ListenAddress } from './http/server.js';
import type { Events } from './observability/events.js';
import { createHistory } from './observability/history.js';
import type { LogOutput } from './observability/log.js';
import { exampleQueries } from './samples/example-queries.js';
import { alone, type Workers } from './workers/topic.js';

/** What the gateway takes from the process it runs in. */
export interface GatewayDeps {
  /** Where log lines go. */
  readonly output: LogOutput;
  /** Further sinks of events. */
  readonly sinks?: readonly Events[];
  /** The embedded engine where it was started already; the gateway ends it. */
  readonly engine?: Promise<StartedEngine>;
  /** The processes of this gateway; this one is alone if not given. */
  readonly workers?: Workers;
}

/** A gateway that answers. */
export interface Gateway extends AsyncDisposable {
  readonly address: ListenAddress;
  /** The embedded engine; null where the store is another. */
  readonly engine: EngineFacts | null;
  /** As found in the table; null as long as the store was not reached. */
  readonly layout: () => string | null;
  /** Does ahead of time what the first visitor would wait for. Nobody needs to await it; it does not reject. */
  warmUp(): Promise<void>;
  /**
   * Stops accepting, lets queries in flight answer within CRAWLGATE_SHUTDOWN_MS, then closes what is behind them, the
   * store last. Closing twice is harmless.
   */
  close(): Promise<void>;
  /** Reads the files of callers' keys and persisted documents anew, see `Doors`. */
  readonly reload: () => Promise<void>;
}

/**
 * Resolves when requests are answered. Rejects with an EmbeddedStartError or Node's own error of `listen` where the
 * configuration cannot be had, or a CrawlgateError for a table that is none of ours. A store that is down is no reason:
 * lookups fail with STORE_UNAVAILABLE until it is back.
 */
export async function createGateway(config: Config, deps: GatewayDeps): Promise<Gateway> {
  const { limits, memory } = config;
  const { workers = alone() } = deps;
  const now = Date.now;
  const elapsed = (): number => performance.now();
  const history = createHistory({ now, setTimer });
  const sinks = [history.events, ...(deps.sinks ?? [])];
  const worker = workers.count === 1 ? null : workers.place;
  const telemetry = await openTelemetry({ config, worker, output: deps.output, sinks, elapsed, setTimer });
  const { events } = telemetry;

  const stopTelling = async (): Promise<void> => {
    history[Symbol.dispose]();
    await telemetry[Symbol.asyncDispose]();
  };
  const orStop = <Opened>(opening: Promise<Opened>): Promise<Opened> =>
    opening.catch((error: unknown) => stopTelling().then(() => Promise.reject(error)));

  if (memory.snapshot !== null) await orStop(checkSnapshotFile(memory.snapshot));
  const doors = await orStop(openDoors(config, { events, now, elapsed }));

  // The lookup path, bottom to top: each tier takes the one before. Without one of these lines it is a tier shorter.
  let readResults: ReadMany<ResultKey, StoredResult>;
  const readFromTop: typeof readResults = (request) => readResults(request);
  const engine = await orStop(deps.engine ?? startEngine(config, events));
  const storeDeps = { engine, readFromTop, events, now, elapsed, setTimer, atTurnEnd };
  const store = await orStop(openStore(config, storeDeps));
  readResults = store.readResults;
  const snapshot: Snapshot<ResultKey, StoredResult> =
    memory.snapshot === null
      ? noSnapshot()
      : createSnapshot({ path: memory.snapshot, codec: storedResultCodec, setTimer, elapsed, events });
  /** What stands behind the server, the store last but for what tells of it. */
  const closeBehind = async (): Promise<void> => {
    await snapshot[Symbol.asyncDispose]();
    await store[Symbol.asyncDispose]();
    await stopTelling();
  };
  try {
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
      ...(workers.count === 1 ? {} : { others: createOtherMemories<ResultKey>(workers) }),
      events,
    });
    hearOfWrites(workers, memoryTier.beginWrite);
    const watched = telemetry.watch(memoryTier);
    readResults = watched.readMany;

    // Memory must know of every write, or it would go on answering what was there before.
    const { aroundWrites } = memoryTier;
    const keyOfInput = ({ url }: NewResult | Revalidation): ResultKey => latestKey(url);
    const writers: ResultWriters = {
      put: aroundWrites(keyOfInput, store.writers.put),
      revalidate: aroundWrites(keyOfInput, store.writers.revalidate),
      invalidate: aroundWrites((url: UrlKey) => latestKey(url), store.writers.invalidate),
    };

    const services: GatewayServices = {
      readResults,
      recallResults: watched.recall,
      readSessions: store.readSessions,
      readFeed: store.readFeed,
      readVersions: store.readVersions,
      writers,
      storeState: store.storeState,
      ...createWholeState(workers, {
        stats: telemetry.stats,
        memoryState: memoryTier.state,
        circuitState: store.circuitState,
      }),
      now,
      elapsed,
      limits: {
        ...limits.operation,
        deadlineMs: limits.deadlineMs,
        maxResultBytes: limits.maxResultBytes,
        get maxUrlBytes() {
          return store.maxUrlBytes();
        },
      },
      ttlDays: config.dynamo.ttlDays,
      consistentReads: config.dynamo.consistentReads,
      events,
      traceOf: telemetry.traced?.traceOf,
    };
    const graphiqlPage = config.profile.graphiql
      ? createGraphiqlPage({
          endpoint: '/graphql',
          title: 'Crawlgate',
          examples: exampleQueries.filter(
            ({ query }) => config.store.kind === 'embedded' || !query.includes('.example/'),
          ),
        })
      : null;
    const probes = createProbes({
      checkReady: () => checkReady(readResults, limits.deadlineMs, memoryTier.state, !config.auth.required),
      now,
      elapsed,
    });
    const handleGraphql = createGraphqlHandler({
      services,
      maxBodyBytes: limits.maxWriterBodyBytes,
      profile: config.profile,
      persisted: doors.persisted,
    });
    const http: HttpServer = createHttpServer({
      handleGraphql: telemetry.traced?.wrap(handleGraphql) ?? handleGraphql,
      graphiqlPage,
      page: config.profile.page
        ? { files: createPageFiles(config.profile), readHistory: createWholeHistory(workers, history) }
        : null,
      admit: doors.admit,
      room: doors.room,
      authorize: doors.authorize,
      allowOrigin: createAllowOrigin(config.listen.corsOrigins),
      ...limits,
      probes,
      hostPolicy: createHostPolicy(config.listen),
      readMetrics: telemetry.readMetrics(
        {
          memory: memoryTier.state,
          circuit: store.circuitState,
          load: () => ({ ...doors.room.state(), connections: http.connections() }),
        },
        workers,
      ),
      events,
    });

    await Promise.all([store.reach(), snapshot.open(memoryTier.saved)]);
    await workers.ready();
    const address = await http.listen(config.listen);
    await store.fill(writers.put);

    let closing: Promise<void> | undefined;
    const close = (): Promise<void> => {
      closing ??= http.close(limits.shutdownMs).then(async () => {
        // What is saved now must not be outdated by a write that another worker still answers.
        await workers.drained();
        await closeBehind();
      });
      return closing;
    };
    return {
      address,
      engine: store.engine,
      layout: () => store.storeState().layout,
      async warmUp() {
        await graphiqlPage
          ?.prepare()
          .catch((error: unknown) => events.unexpectedError({ where: 'graphiql-page', error }));
      },
      reload: doors.reload,
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await closeBehind();
    throw error;
  }
}

const setTimer: GatewayStoreDeps['setTimer'] = (run, ms) => {
  // The server keeps the process alive, not what is due behind it.
  const timer = setTimeout(run, ms).unref();
  return () => clearTimeout(timer);
};

const atTurnEnd: GatewayStoreDeps['atTurnEnd'] = (run) => void setImmediate(run);
