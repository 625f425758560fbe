// A results table of its own on any engine, with everything on it that a gateway has, deleted when the test is over.
import { randomBytes } from 'node:crypto';
import {
  type AttributeValue,
  type CreateTableCommandInput,
  DeleteTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  type ScanCommandOutput,
} from '@aws-sdk/client-dynamodb';
import type { StoredResult } from '../../src/domain/crawl-result.js';
import { newResultOfCrawl4ai } from '../../src/domain/crawl4ai-input.js';
import { crawl4aiOf } from '../../src/domain/crawl4ai-output.js';
import { type FieldGroups, groups } from '../../src/domain/fields.js';
import type { JsonValue } from '../../src/domain/packed-text.js';
import { plainWant } from '../../src/domain/read-many.js';
import { latestKey } from '../../src/domain/result-key.js';
import { toUrlKey } from '../../src/domain/url-key.js';
import type { StoredReceipt, WriteOutcome } from '../../src/domain/write-many.js';
import type { Dialect } from '../../src/dynamo/codec/encode-value.js';
import { describeResultsTable } from '../../src/dynamo/describe.js';
import { createTable, resultsTableInput } from '../../src/dynamo/provision.js';
import { type BatchGet, createBatchGet } from '../../src/dynamo/reading/batch-get.js';
import { createRetryPolicy, waitForReal } from '../../src/dynamo/retry.js';
import type { Item, LayoutName, Table } from '../../src/dynamo/table.js';
import { openTable, type TableAccess } from '../../src/gateway/table-access.js';
import { type Events, silentEvents } from '../../src/observability/events.js';
import { within } from '../support/within.js';
import { type Engine, type EngineClient, reach } from './engines.js';

/** What a test has in its hands. */
export interface World extends AsyncDisposable {
  readonly client: DynamoDBClient;
  readonly endpoint: string | null;
  readonly table: Table;
  readonly access: TableAccess;
  readonly batchGet: BatchGet;
  /** What was not expected to happen. */
  readonly errors: unknown[];
  /** Units by the engine's own count. */
  readonly units: { read: number; write: number };
  /** The clock of whoever reads and writes, milliseconds since 1970. */
  now: number;
  /** Stores Crawl4AI documents; `created_at` of each decides its order. */
  put(...documents: JsonValue[]): Promise<readonly WriteOutcome<StoredReceipt>[]>;
  /** What is stored for a URL, read consistently. */
  stored(url: string, wanted?: FieldGroups): Promise<StoredResult | null>;
  /** The whole document of the newest record; null where none is stored. */
  document(url: string, record?: 'success' | 'failure'): Promise<JsonValue | null>;
  /** Puts an item as any other program does. */
  putItem(item: Item): Promise<void>;
  /** Every item of the table. */
  items(): Promise<readonly Item[]>;
  /** Makes one more table, deleted with the world. */
  create(input: CreateTableCommandInput): Promise<void>;
  /** Another gateway's way to the table. */
  another(): TableAccess;
}

/** How a world differs from the usual one. */
export interface WorldOptions {
  readonly layout: LayoutName;
  readonly dialect?: Dialect;
  readonly keepVersions?: number;
  readonly ttlDays?: number;
}

/** A name that no other run has. */
export function uniqueName(): string {
  return `crawlgate-conformance-${randomBytes(6).toString('hex')}`;
}

/** Opens a world on an engine; dispose it after the test. */
export async function openWorld(engine: Engine, options: WorldOptions): Promise<World> {
  const reached = await reach(engine);
  const tables: string[] = [];
  try {
    return await furnish(reached, options, tables);
  } catch (error) {
    await leave(reached, tables);
    throw error;
  }
}

async function leave(reached: EngineClient, tables: readonly string[]): Promise<void> {
  for (const name of tables) await reached.client.send(new DeleteTableCommand({ TableName: name }));
  await reached[Symbol.asyncDispose]();
}

async function furnish(reached: EngineClient, options: WorldOptions, tables: string[]): Promise<World> {
  const { client } = reached;
  const create = async (input: CreateTableCommandInput): Promise<void> => {
    if (await createTable(client, input)) tables.push(input.TableName ?? '');
  };
  const name = uniqueName();
  await create(resultsTableInput(name, options.layout));
  const described = await describeResultsTable(client, name);
  if (described === null) throw new Error(`${name} was made and is not there`);
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
  const now = (): number => world.now;
  const retry = createRetryPolicy({ baseMs: 20, maxRetries: 3, random: Math.random, wait: waitForReal });
  const { reading, writing } = reached.gateways;
  const batchGet = createBatchGet({ client: reading, retry, events, now });
  const open = (client: DynamoDBClient): TableAccess =>
    openTable(described, {
      client,
      batchGet: client === reading ? batchGet : createBatchGet({ client, retry, events, now }),
      retry,
      events,
      now,
      readResults: (request) => access.read(request),
      config: {
        maxPoolConnections: 50,
        maxRetries: 3,
        retryBaseMs: 20,
        ttlDays: 30,
        consistentReads: false,
        layout: null,
        documentDialect: options.dialect ?? 'maps',
        keepVersions: options.keepVersions ?? 0,
        connectTimeoutMs: 5000,
        readTimeoutMs: 5000,
      },
    });
  // What reads and what writes are two gateways where an engine enforces policies.
  const another = (): TableAccess => ({ ...open(reading), writers: open(writing).writers });
  const access = another();
  const world: World = {
    client,
    endpoint: reached.endpoint,
    table: described.table,
    access,
    batchGet,
    errors,
    units,
    create,
    another,
    now: Date.UTC(2026, 10, 23, 12),
    put: (...documents) =>
      access.writers.put({
        inputs: documents.map((document) =>
          newResultOfCrawl4ai(document, {
            nowMs: world.now,
            ttlDays: options.ttlDays ?? 30,
            maxUrlBytes: access.maxUrlBytes,
          }),
        ),
        signal: within(30_000),
      }),
    stored: async (url, wanted = groups.all) => {
      const key = latestKey(toUrlKey(url));
      const want = { ...plainWant, groups: wanted, consistency: 'STRONG' as const };
      const outcome = (await access.read({ keys: [key], want, signal: within(30_000) })).get(key);
      if (outcome?.kind === 'failed') throw outcome.error;
      return outcome?.kind === 'found' ? outcome.value : null;
    },
    document: async (url, record) => {
      const value = await world.stored(url);
      const chosen = record === undefined ? (value?.failure ?? value?.success) : value?.[record];
      return chosen === null || chosen === undefined ? null : crawl4aiOf(chosen);
    },
    putItem: async (item) => {
      await client.send(new PutItemCommand({ TableName: name, Item: item }));
    },
    items: async () => {
      const found: Item[] = [];
      let from: Record<string, AttributeValue> | undefined;
      do {
        const page: ScanCommandOutput = await client.send(
          new ScanCommand({
            TableName: name,
            ConsistentRead: true,
            ...(from === undefined ? {} : { ExclusiveStartKey: from }),
          }),
        );
        found.push(...(page.Items ?? []));
        from = page.LastEvaluatedKey;
      } while (from !== undefined);
      return found;
    },
    [Symbol.asyncDispose]: () => leave(reached, tables),
  };
  return world;
}
