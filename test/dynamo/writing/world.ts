// A results table on an engine of its own, with the gateway's own reader and writers on it and a clock that tests set.
import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import {
  type AttributeValue,
  type DynamoDBClient,
  ScanCommand,
  type ScanCommandOutput,
} from '@aws-sdk/client-dynamodb';
import type { StoredResult } from '../../../src/domain/crawl-result.js';
import { newResultOfCrawl4ai } from '../../../src/domain/crawl4ai-input.js';
import { crawl4aiOf } from '../../../src/domain/crawl4ai-output.js';
import type { ReadVersions } from '../../../src/domain/feed.js';
import { type FieldGroups, groups } from '../../../src/domain/fields.js';
import type { JsonValue } from '../../../src/domain/packed-text.js';
import { plainWant, type ReadMany } from '../../../src/domain/read-many.js';
import { latestKey, type ResultKey } from '../../../src/domain/result-key.js';
import { toUrlKey, type UrlKey } from '../../../src/domain/url-key.js';
import type { RemovedReceipt, ResultWriters, StoredReceipt, WriteOutcome } from '../../../src/domain/write-many.js';
import type { Dialect } from '../../../src/dynamo/codec/encode-value.js';
import type { Layout } from '../../../src/dynamo/codec/layout.js';
import { documentLayout } from '../../../src/dynamo/codec/layout-document.js';
import { versionedLayout } from '../../../src/dynamo/codec/layout-versioned.js';
import { tableOf } from '../../../src/dynamo/describe.js';
import { createListVersions, createPruneVersions, createReadVersions } from '../../../src/dynamo/feed/versions.js';
import { createTable, resultsTableInput } from '../../../src/dynamo/provision.js';
import { createBatchGet } from '../../../src/dynamo/reading/batch-get.js';
import { createBatchReader } from '../../../src/dynamo/reading/batch-reader.js';
import { createReadHeads, type ReadHeads } from '../../../src/dynamo/reading/read-head.js';
import { createRetryPolicy, waitForReal } from '../../../src/dynamo/retry.js';
import type { LayoutName, Table } from '../../../src/dynamo/table.js';
import { createBatchWriter } from '../../../src/dynamo/writing/batch-writer.js';
import { startEngineServer } from '../../../src/embedded/engine-server.js';
import { type Events, silentEvents } from '../../../src/observability/events.js';
import { clientAt } from '../../support/client-at.js';

/** One gateway's way to the table. */
export interface Station {
  readonly read: ReadMany<ResultKey, StoredResult>;
  readonly readVersions: ReadVersions;
  readonly writers: ResultWriters;
  /** Stores Crawl4AI documents; `created_at` of each decides its order. */
  put(...documents: JsonValue[]): Promise<readonly WriteOutcome<StoredReceipt>[]>;
  invalidate(url: string): Promise<WriteOutcome<RemovedReceipt>>;
}

/** What a test has in its hands. */
export interface World extends Station, AsyncDisposable {
  readonly client: DynamoDBClient;
  readonly table: Table;
  readonly layout: Layout;
  /** What was not expected to happen. */
  readonly errors: unknown[];
  readonly units: { read: number; write: number };
  /** What counts units and calls, for readers that a test makes itself. */
  readonly events: Events;
  /** Calls of each operation since the test last emptied it. */
  readonly calls: Map<string, number>;
  now: number;
  /** What is stored for a URL, read consistently. */
  stored(url: string, wanted?: FieldGroups): Promise<StoredResult | null>;
  /** The whole document of the newest record; null where none is stored. */
  document(url: string, record?: 'success' | 'failure'): Promise<JsonValue | null>;
  /** Every item of the table, raw. */
  items(): Promise<Record<string, AttributeValue>[]>;
  /** Another gateway on the same table, with something between it and the table. */
  station(through?: Between): Station;
}

/** What stands between a gateway and the table. */
export interface Between {
  readonly client?: DynamoDBClient;
  readonly readHeads?: (readHeads: ReadHeads) => ReadHeads;
  readonly keepVersions?: number;
  /** Ends what its calls wait for; 30 seconds unless given. */
  readonly signal?: AbortSignal;
}

/** How a world differs from the usual one. */
export interface WorldOptions {
  readonly layout: LayoutName;
  readonly dialect?: Dialect;
  readonly keepVersions?: number;
  readonly ttlDays?: number;
  /** The port of an engine that is somebody else's; its table may be there already. */
  readonly port?: number;
  /** The folder of the engine; in memory unless given. */
  readonly folder?: string;
}

const engineDefaults = { port: 0, portFallback: true, waitMs: 5000, tables: [], sweepEveryMs: 3_600_000 };

/** Opens a world; dispose it after the test. */
export async function openWorld(options: WorldOptions): Promise<World> {
  const { signal } = new AbortController();
  const engine =
    options.port === undefined
      ? await startEngineServer({ ...engineDefaults, folder: options.folder ?? null, signal })
      : { port: options.port, close: async () => {} };
  const client = clientAt(`http://127.0.0.1:${engine.port}`, 10_000);
  const layout = options.layout === 'document' ? documentLayout : versionedLayout;
  const table = tableOf('results', options.layout);
  await createTable(client, resultsTableInput('results', options.layout));
  const errors: unknown[] = [];
  const units = { read: 0, write: 0 };
  const calls = new Map<string, number>();
  const events: Events = {
    ...silentEvents,
    unexpectedError: ({ error }) => errors.push(error),
    storeCall: ({ operation, readUnits, writeUnits }) => {
      units.read += readUnits;
      units.write += writeUnits;
      calls.set(operation, (calls.get(operation) ?? 0) + 1);
    },
  };
  const now = (): number => world.now;

  function station(through: Between = {}): Station {
    const retryOptions = { baseMs: 5, maxRetries: 3, random: Math.random, wait: waitForReal };
    const retry = createRetryPolicy(retryOptions);
    const common = { client: through.client ?? client, retry, events, now, table, layout };
    const batchGet = createBatchGet(common);
    const read = createBatchReader({ ...common, batchGet });
    const listVersions = createListVersions(common);
    const keepVersions = through.keepVersions ?? options.keepVersions ?? 0;
    const readHeads = createReadHeads({ batchGet, table, layout });
    const writers = createBatchWriter({
      ...common,
      dialect: options.dialect ?? 'maps',
      keepVersions,
      read,
      readHeads: through.readHeads?.(readHeads) ?? readHeads,
      pruneVersions: createPruneVersions(common, listVersions, keepVersions),
      listVersions,
      newWriteId: () => randomBytes(9).toString('base64url'),
    });
    const deadline = (): AbortSignal => {
      const signal = through.signal ?? AbortSignal.timeout(30_000);
      // As for the gateway's requests: every call of a batch listens to the one signal, which is no leak.
      setMaxListeners(0, signal);
      return signal;
    };
    const input = { ttlDays: options.ttlDays ?? 30, maxUrlBytes: layout.maxUrlBytes };
    return {
      read,
      readVersions: createReadVersions(listVersions),
      writers,
      put: (...documents) =>
        writers.put({
          inputs: documents.map((document) => newResultOfCrawl4ai(document, { ...input, nowMs: world.now })),
          signal: deadline(),
        }),
      invalidate: async (url) => {
        const [outcome] = await writers.invalidate({ inputs: [url as UrlKey], signal: deadline() });
        if (outcome === undefined) throw new Error(`${url} was not answered`);
        return outcome;
      },
    };
  }

  const own = station();
  const world: World = {
    ...own,
    client,
    table,
    layout,
    errors,
    units,
    events,
    calls,
    station,
    now: Date.UTC(2026, 10, 23, 12),
    stored: async (url, wanted = groups.all) => {
      const key = latestKey(toUrlKey(url));
      const want = { ...plainWant, groups: wanted, consistency: 'STRONG' as const };
      const outcome = (await own.read({ keys: [key], want, signal: AbortSignal.timeout(30_000) })).get(key);
      if (outcome?.kind === 'failed') throw outcome.error;
      return outcome?.kind === 'found' ? outcome.value : null;
    },
    document: async (url, record) => {
      const value = await world.stored(url);
      const chosen = record === undefined ? (value?.failure ?? value?.success) : value?.[record];
      return chosen === null || chosen === undefined ? null : crawl4aiOf(chosen);
    },
    items: async () => {
      const found: Record<string, AttributeValue>[] = [];
      let from: Record<string, AttributeValue> | undefined;
      do {
        const page: ScanCommandOutput = await client.send(
          new ScanCommand({ TableName: 'results', ...(from === undefined ? {} : { ExclusiveStartKey: from }) }),
        );
        found.push(...(page.Items ?? []));
        from = page.LastEvaluatedKey;
      } while (from !== undefined);
      return found;
    },
    [Symbol.asyncDispose]: async () => {
      client.destroy();
      await engine.close(1000);
    },
  };
  return world;
}
