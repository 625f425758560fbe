// Reads results the way the gateway does, from the bottom of the lookup path, with no time passing in between.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { CrawlResult, StoredResult } from '../../../src/domain/crawl-result.js';
import { type FieldGroups, groups } from '../../../src/domain/fields.js';
import { formatInstant, type Instant } from '../../../src/domain/instant.js';
import { plainWant, type ReadMany, type ReadOutcome, type Want } from '../../../src/domain/read-many.js';
import { latestKey, type ResultKey } from '../../../src/domain/result-key.js';
import { toUrlKey } from '../../../src/domain/url-key.js';
import type { Layout } from '../../../src/dynamo/codec/layout.js';
import { documentLayout } from '../../../src/dynamo/codec/layout-document.js';
import { versionedLayout } from '../../../src/dynamo/codec/layout-versioned.js';
import { type BatchGet, createBatchGet } from '../../../src/dynamo/reading/batch-get.js';
import { createBatchReader } from '../../../src/dynamo/reading/batch-reader.js';
import { createRetryPolicy, type RetryPolicy } from '../../../src/dynamo/retry.js';
import type { Item, Table } from '../../../src/dynamo/table.js';
import { silentEvents } from '../../../src/observability/events.js';
import type { EngineTables } from './engine-tables.js';

/** The moment at which every test reads, milliseconds since 1970. */
export const readAt = Date.UTC(2026, 0, 1);

/** A policy that tries again without waiting. */
export function impatientRetry(): RetryPolicy {
  return createRetryPolicy({ baseMs: 1, maxRetries: 3, random: () => 0, wait: async () => {} });
}

export function batchGetOf(client: Pick<DynamoDBClient, 'send'>, retry: RetryPolicy = impatientRetry()): BatchGet {
  return createBatchGet({ client, retry, events: silentEvents, now: () => 0 });
}

export function layoutOf(table: Table): Layout {
  return table.keyAttributes.length === 1 ? documentLayout : versionedLayout;
}

export function readerOf(table: Table, batchGet: BatchGet): ReadMany<ResultKey, StoredResult> {
  return createBatchReader({ batchGet, table, layout: layoutOf(table), events: silentEvents, now: () => readAt });
}

export function wantOf(wanted: FieldGroups, changed: Partial<Want> = {}): Want {
  return { ...plainWant, groups: wanted, ...changed };
}

/** One URL's outcome. */
export async function lookUp(
  reader: ReadMany<ResultKey, StoredResult>,
  url: string,
  wanted: FieldGroups = groups.all,
): Promise<ReadOutcome<StoredResult>> {
  const key = latestKey(toUrlKey(url));
  const { signal } = new AbortController();
  const outcome = (await reader({ keys: [key], want: wantOf(wanted), signal })).get(key);
  if (outcome === undefined) throw new Error(`${url} was not answered`);
  return outcome;
}

/** What one URL holds. */
export async function readStored(
  reader: ReadMany<ResultKey, StoredResult>,
  url: string,
  wanted: FieldGroups = groups.all,
): Promise<StoredResult> {
  const outcome = await lookUp(reader, url, wanted);
  if (outcome.kind === 'found') return outcome.value;
  throw new Error(`${url} is ${outcome.kind}`, outcome.kind === 'failed' ? { cause: outcome.error } : {});
}

/** Puts an item of the document layout under a URL of its own and reads it back, the record that it is. */
export async function storedDocument(tables: EngineTables, attributes: Item): Promise<CrawlResult> {
  const url = `https://example.com/${++urls}`;
  await tables.put(tables.documents, { url: { S: url }, ...attributes });
  const { success, failure } = await readStored(readerOf(tables.documents, batchGetOf(tables.client)), url);
  const record = success ?? failure;
  if (record === null) throw new Error(`${url} is neither success nor failure`);
  return record;
}

let urls = 0;

/** A moment as the API gives it; throws where there is none. */
export function timeOf(instant: Instant | null): string {
  if (instant === null) throw new Error('a time was expected');
  return formatInstant(instant);
}
