// A results table on an engine of its own, with the gateway's own reader and writers on it and a clock that tests set.

import { randomBytes } from 'node:crypto';
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
import { toUrlKey } from '../../../src/domain/url-key.js';
import type { ResultWriters, StoredReceipt, WriteOutcome } from '../../../src/domain/write-many.js';
import { createBatchGet } from '../../../src/dynamo/batch-get.js';
import { createBatchReader } from '../../../src/dynamo/batch-reader.js';
import { createBatchWriter } from '../../../src/dynamo/batch-writer.js';
import { createClient } from '../../../src/dynamo/client.js';
import { tableOf } from '../../../src/dynamo/describe.js';
import type { Dialect } from '../../../src/dynamo/encode-value.js';
import { documentLayout } from '../../../src/dynamo/layout-document.js';
import { versionedLayout } from '../../../src/dynamo/layout-versioned.js';
import { createTable, resultsTableInput } from '../../../src/dynamo/provision.js';
import { createReadHeads } from '../../../src/dynamo/read-head.js';
import { createRetryPolicy, waitForReal } from '../../../src/dynamo/retry.js';
import type { LayoutName, Table } from '../../../src/dynamo/table.js';
import { createListVersions, createPruneVersions, createReadVersions } from '../../../src/dynamo/versions.js';
import { startEngineServer } from '../../../src/embedded/engine-server.js';
import { type Events, silentEvents } from '../../../src/observability/events.js';

/** What a test has in its hands. */
export interface World extends AsyncDisposable {
  readonly client: DynamoDBClient;
  readonly table: Table;
  readonly read: ReadMany<ResultKey, StoredResult>;
  readonly readVersions: ReadVersions;
  readonly writers: ResultWriters;
  readonly errors: unknown[];
  readonly units: { read: number; write: number };
  now: number;
  /** Stores Crawl4AI documents; `created_at` of each decides its order. */
  put(...documents: JsonValue[]): Promise<readonly WriteOutcome<StoredReceipt>[]>;
  /** What is stored for a URL, read consistently. */
  stored(url: string, wanted?: FieldGroups): Promise<StoredResult | null>;
  /** The whole document of the newest record; null where none is stored. */
  document(url: string, record?: 'success' | 'failure'): Promise<JsonValue | null>;
  /** Every item of the table, raw. */
  items(): Promise<Record<string, AttributeValue>[]>;
}

/** How a world differs from the usual one. */
export interface WorldOptions {
  readonly layout: LayoutName;
  readonly dialect?: Dialect;
  readonly keepVersions?: number;
  readonly ttlDays?: number;
}

const engineDefaults = { folder: null, port: 0, portFallback: true, waitMs: 0, tables: [], sweepEveryMs: 3_600_000 };

/** Opens a world; dispose it after the test. */
export async function openWorld(options: WorldOptions): Promise<World> {
  const engine = await startEngineServer({ ...engineDefaults, signal: new AbortController().signal });
  const client = createClient({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${engine.port}`,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxConnections: 50,
    connectTimeoutMs: 1000,
    readTimeoutMs: 5000,
  });
  const layout = options.layout === 'document' ? documentLayout : versionedLayout;
  const table = tableOf('results', options.layout);
  await createTable(client, resultsTableInput('results', options.layout));
  const errors: unknown[] = [];
  const units = { read: 0, write: 0 };
  const events: Events = {
    ...silentEvents,
    unexpectedError: ({ error }) => errors.push(error),
    storeCall: ({ readUnits, writeUnits }) => {
      units.read += readUnits;
      units.write += writeUnits;
    },
  };
  const retry = createRetryPolicy({ baseMs: 5, maxRetries: 3, random: Math.random, wait: waitForReal });
  const now = (): number => world.now;
  const common = { client, retry, events, now, table, layout };
  const batchGet = createBatchGet(common);
  const read = createBatchReader({ ...common, batchGet });
  const listVersions = createListVersions(common);
  const keepVersions = options.keepVersions ?? 0;
  const writers = createBatchWriter({
    ...common,
    dialect: options.dialect ?? 'maps',
    keepVersions,
    read,
    readHeads: createReadHeads({ batchGet, table, layout }),
    pruneVersions: createPruneVersions(common, listVersions, keepVersions),
    listVersions,
    newWriteId: () => randomBytes(9).toString('base64url'),
  });
  const world: World = {
    client,
    table,
    read,
    readVersions: createReadVersions(listVersions),
    writers,
    errors,
    units,
    now: Date.UTC(2026, 10, 23, 12),
    put: (...documents) =>
      writers.put({
        inputs: documents.map((document) =>
          newResultOfCrawl4ai(document, {
            nowMs: world.now,
            ttlDays: options.ttlDays ?? 30,
            maxUrlBytes: layout.maxUrlBytes,
          }),
        ),
        signal: AbortSignal.timeout(30_000),
      }),
    stored: async (url, wanted = groups.all) => {
      const key = latestKey(toUrlKey(url));
      const want = { ...plainWant, groups: wanted, consistency: 'STRONG' as const };
      const outcome = (await read({ keys: [key], want, signal: AbortSignal.timeout(30_000) })).get(key);
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
