// Everything that can be done with the results table, put together once it is known what the table is.
import { randomBytes } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoConfig } from '../config.js';
import type { StoredResult } from '../domain/crawl-result.js';
import type { ReadFeed, ReadVersions } from '../domain/feed.js';
import type { ReadMany } from '../domain/read-many.js';
import type { ResultKey } from '../domain/result-key.js';
import type { ResultWriters } from '../domain/write-many.js';
import type { Layout } from '../dynamo/codec/layout.js';
import { documentLayout } from '../dynamo/codec/layout-document.js';
import { versionedLayout } from '../dynamo/codec/layout-versioned.js';
import type { DescribedTable } from '../dynamo/describe.js';
import { createQueryPartition } from '../dynamo/feed/feed-query.js';
import { createFeedReader } from '../dynamo/feed/feed-reader.js';
import { createScanFeed } from '../dynamo/feed/feed-scan.js';
import { createWholeIndex } from '../dynamo/feed/feed-whole.js';
import { createListVersions, createPruneVersions, createReadVersions, noVersions } from '../dynamo/feed/versions.js';
import type { BatchGet } from '../dynamo/reading/batch-get.js';
import { createBatchReader } from '../dynamo/reading/batch-reader.js';
import { createReadHeads } from '../dynamo/reading/read-head.js';
import type { RetryPolicy } from '../dynamo/retry.js';
import type { LayoutName } from '../dynamo/table.js';
import { createBatchWriter } from '../dynamo/writing/batch-writer.js';
import type { Events } from '../observability/events.js';

/** The table's readers and writers, straight to DynamoDB: no tier stands before them. */
export interface TableAccess {
  readonly described: DescribedTable;
  /** UTF-8 bytes of the longest URL that it can key. */
  readonly maxUrlBytes: number;
  readonly read: ReadMany<ResultKey, StoredResult>;
  readonly readFeed: ReadFeed;
  readonly readVersions: ReadVersions;
  readonly writers: ResultWriters;
}

/** What access needs besides the table. */
export interface TableAccessDeps {
  readonly client: DynamoDBClient;
  readonly batchGet: BatchGet;
  readonly retry: RetryPolicy;
  /** The lookup path from its top: what a filter of the feed must look at may be in memory. */
  readonly readResults: ReadMany<ResultKey, StoredResult>;
  readonly config: DynamoConfig;
  readonly events: Events;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const layouts: Readonly<Record<LayoutName, Layout>> = { document: documentLayout, versioned: versionedLayout };

/** Puts it together. */
export function openTable(described: DescribedTable, deps: TableAccessDeps): TableAccess {
  const { client, batchGet, retry, config, events, now } = deps;
  const { table } = described;
  const layout = layouts[described.layout];
  const read = createBatchReader({ batchGet, table, layout, events, now });
  const writing = { client, retry, events, now, table };
  const listVersions = createListVersions(writing);
  return {
    described,
    maxUrlBytes: layout.maxUrlBytes,
    read,
    readFeed: createFeedReader({
      described,
      query: createQueryPartition(writing),
      wholeIndex: createWholeIndex(writing),
      scan: createScanFeed({ ...writing, layout }),
      read: deps.readResults,
      now,
    }),
    // Only the versioned layout has any.
    readVersions: described.layout === 'versioned' ? createReadVersions(listVersions) : noVersions,
    writers: createBatchWriter({
      ...writing,
      layout,
      dialect: config.documentDialect,
      keepVersions: config.keepVersions,
      read,
      readHeads: createReadHeads({ batchGet, table, layout }),
      listVersions,
      pruneVersions: createPruneVersions(writing, listVersions, config.keepVersions),
      newWriteId: () => randomBytes(9).toString('base64url'),
    }),
  };
}
