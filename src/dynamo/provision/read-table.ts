// Reads everything about a table that provisioning decides by: keys, billing, indexes, TTL, recovery, tags.
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListTagsOfResourceCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { judgeFailure } from '../store-error.js';
import { type Control, isUnsupported, nameOf } from './control-plane.js';

/** What was asked for beside the table itself: known, not known to the engine, or not to be read with these credentials. */
export type Reading<Value> =
  | { readonly kind: 'known'; readonly value: Value }
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'forbidden' };

/** Read and write units a second; null: on demand. */
export type Throughput = { readonly read: number; readonly write: number } | null;

/** An index as it is. */
export interface FoundIndex {
  readonly name: string;
  readonly keys: readonly string[];
  /** DynamoDB's word: CREATING, ACTIVE and so on. */
  readonly status: string;
  /** Attributes beside all keys; null: every attribute. */
  readonly included: ReadonlySet<string> | null;
  readonly throughput: Throughput;
}

/** A table as it is. */
export interface FoundTable {
  readonly name: string;
  /** Empty where the engine gives none. */
  readonly arn: string;
  readonly status: string;
  readonly keys: readonly string[];
  /** Types of the attributes that are keys of anything: S, N or B. */
  readonly types: ReadonlyMap<string, string>;
  readonly throughput: Throughput;
  /** `aws-owned`, or the ARN of the KMS key; `kms` where that is not said. */
  readonly sse: string;
  readonly deletionProtection: Reading<boolean>;
  readonly indexes: readonly FoundIndex[];
  readonly itemCount: number;
  readonly bytes: number;
  /** The attribute that expires items; null: off. */
  readonly ttl: Reading<string | null>;
  readonly recovery: Reading<Recovery>;
  readonly tags: Reading<ReadonlyMap<string, string>>;
}

/** Point-in-time recovery. */
export interface Recovery {
  readonly isOn: boolean;
  readonly earliest: Date | null;
  readonly latest: Date | null;
  readonly days: number | null;
}

/** Null: there is no such table. Rejects with a CrawlgateError where that is not known. */
export async function readTable(control: Control, name: string): Promise<FoundTable | null> {
  const description = await describe(control, name);
  if (description === null) return null;
  const arn = description.TableArn ?? '';
  const [ttl, recovery, tags] = await Promise.all([
    optional('DescribeTimeToLive', () => readTtl(control, name)),
    optional('DescribeContinuousBackups', () => readRecovery(control, name)),
    optional('ListTagsOfResource', () => readTags(control, arn)),
  ]);
  return { ...factsOf(name, description), ttl, recovery, tags };
}

/** The bare description; null: there is no such table. */
export async function describe(control: Control, name: string): Promise<TableDescription | null> {
  try {
    const command = new DescribeTableCommand({ TableName: name });
    const { Table } = await control.call('DescribeTable', (options) => control.client.send(command, options));
    return Table ?? null;
  } catch (thrown) {
    if (nameOf(thrown) === 'ResourceNotFoundException') return null;
    throw judgeFailure(thrown, 'DescribeTable').error;
  }
}

function factsOf(name: string, table: TableDescription): Omit<FoundTable, 'ttl' | 'recovery' | 'tags'> {
  const onDemand = table.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST';
  const throughputOf = (given: TableDescription['ProvisionedThroughput']): Throughput =>
    onDemand ? null : { read: given?.ReadCapacityUnits ?? 0, write: given?.WriteCapacityUnits ?? 0 };
  const { SSEDescription: sse } = table;
  const encrypted = sse?.Status === 'ENABLED' || sse?.Status === 'ENABLING' || sse?.Status === 'UPDATING';
  return {
    name,
    arn: table.TableArn ?? '',
    status: table.TableStatus ?? '',
    keys: keysOf(table.KeySchema),
    types: new Map((table.AttributeDefinitions ?? []).map((it) => [it.AttributeName ?? '', it.AttributeType ?? ''])),
    throughput: throughputOf(table.ProvisionedThroughput),
    sse: encrypted ? (sse?.KMSMasterKeyArn ?? 'kms') : 'aws-owned',
    deletionProtection:
      table.DeletionProtectionEnabled === undefined
        ? { kind: 'unsupported' }
        : { kind: 'known', value: table.DeletionProtectionEnabled },
    indexes: (table.GlobalSecondaryIndexes ?? []).map((index) => ({
      name: index.IndexName ?? '',
      keys: keysOf(index.KeySchema),
      status: index.IndexStatus ?? '',
      included: index.Projection?.ProjectionType === 'ALL' ? null : new Set(index.Projection?.NonKeyAttributes ?? []),
      throughput: throughputOf(index.ProvisionedThroughput),
    })),
    itemCount: table.ItemCount ?? 0,
    bytes: table.TableSizeBytes ?? 0,
  };
}

function keysOf(schema: TableDescription['KeySchema']): readonly string[] {
  const hashFirst = [...(schema ?? [])].sort((a, b) => (a.KeyType === b.KeyType ? 0 : a.KeyType === 'HASH' ? -1 : 1));
  return hashFirst.map(({ AttributeName }) => AttributeName ?? '');
}

async function optional<Value>(operation: string, read: () => Promise<Value>): Promise<Reading<Value>> {
  try {
    return { kind: 'known', value: await read() };
  } catch (thrown) {
    if (isUnsupported(thrown)) return { kind: 'unsupported' };
    const { error } = judgeFailure(thrown, operation);
    if (error.code === 'STORE_FORBIDDEN') return { kind: 'forbidden' };
    throw error;
  }
}

async function readTtl({ client, call }: Control, name: string): Promise<string | null> {
  const command = new DescribeTimeToLiveCommand({ TableName: name });
  const output = await call('DescribeTimeToLive', (options) => client.send(command, options), notYet);
  const { TimeToLiveStatus: status, AttributeName: attribute } = output.TimeToLiveDescription ?? {};
  return status === 'ENABLED' || status === 'ENABLING' ? (attribute ?? null) : null;
}

async function readRecovery({ client, call }: Control, name: string): Promise<Recovery> {
  const command = new DescribeContinuousBackupsCommand({ TableName: name });
  const output = await call('DescribeContinuousBackups', (options) => client.send(command, options), notYet);
  const found = output.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  return {
    isOn: found?.PointInTimeRecoveryStatus === 'ENABLED',
    earliest: found?.EarliestRestorableDateTime ?? null,
    latest: found?.LatestRestorableDateTime ?? null,
    days: found?.RecoveryPeriodInDays ?? null,
  };
}

async function readTags({ client, call }: Control, arn: string): Promise<ReadonlyMap<string, string>> {
  const tags = new Map<string, string>();
  let next: string | undefined;
  do {
    const command = new ListTagsOfResourceCommand({
      ResourceArn: arn,
      ...(next === undefined ? {} : { NextToken: next }),
    });
    const output = await call('ListTagsOfResource', (options) => client.send(command, options), notYet);
    for (const { Key = '', Value = '' } of output.Tags ?? []) tags.set(Key, Value);
    next = output.NextToken;
  } while (next !== undefined);
  return tags;
}

/** A table that DescribeTable shows already may be unknown to the other calls for some seconds. */
const notYet = ['ResourceNotFoundException', 'TableNotFoundException'];
