// What the calls that make and change a table carry.
import type {
  CreateTableCommandInput,
  ProvisionedThroughput,
  SSESpecification,
  UpdateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { FeedIndex } from '../feed-indexes.js';
import type { FoundTable, Throughput } from './read-table.js';
import { attributeDefinitions, indexInput, type TableShape, tableInput, typeOfKey } from './table-shape.js';
import type { ProvisionedUnits, TableWishes } from './wishes.js';

/** UpdateTable without the table. */
export type TableChange = Omit<UpdateTableCommandInput, 'TableName'>;

/** CreateTable with everything that it takes; expiry and recovery have calls of their own. */
export function createInput(shape: TableShape, wishes: TableWishes): CreateTableCommandInput {
  const { billing } = wishes;
  const isOnDemand = billing === null || billing === 'on-demand';
  const { BillingMode: _, GlobalSecondaryIndexes: indexes, ...bare } = tableInput(shape);
  const throughput = isOnDemand ? {} : { ProvisionedThroughput: unitsInput(billing) };
  const sse = wishes.sse === null ? undefined : sseInput(wishes.sse);
  return {
    ...bare,
    BillingMode: isOnDemand ? 'PAY_PER_REQUEST' : 'PROVISIONED',
    ...throughput,
    ...(indexes === undefined ? {} : { GlobalSecondaryIndexes: indexes.map((index) => ({ ...index, ...throughput })) }),
    ...(sse === undefined ? {} : { SSESpecification: sse }),
    ...(wishes.deletionProtection ? { DeletionProtectionEnabled: true } : {}),
    Tags: tagList(wishes.tags),
  };
}

/** Another way of billing. DynamoDB refuses units that are what they were, so only what differs is named. */
export function billingInput(billing: 'on-demand' | ProvisionedUnits, found: FoundTable): TableChange {
  if (billing === 'on-demand') return { BillingMode: 'PAY_PER_REQUEST' };
  const ProvisionedThroughput = unitsInput(billing);
  const differs = (units: Throughput): boolean => units?.read !== billing.read || units.write !== billing.write;
  const updates = found.indexes
    .filter(({ throughput }) => differs(throughput))
    .map(({ name: IndexName }) => ({ Update: { IndexName, ProvisionedThroughput } }));
  return {
    BillingMode: 'PROVISIONED',
    ...(differs(found.throughput) ? { ProvisionedThroughput } : {}),
    ...(updates.length === 0 ? {} : { GlobalSecondaryIndexUpdates: updates }),
  };
}

/** An index of a provisioned table has units of its own: as many as were asked for, else as the table has. */
export function newIndexInput(index: FeedIndex, found: FoundTable, { billing }: TableWishes): TableChange {
  const units = billing === 'on-demand' ? null : (billing ?? found.throughput);
  // UpdateTable wants every key of the table and of all its indexes again.
  const names = new Set([...found.keys, ...found.indexes.flatMap(({ keys }) => keys), ...index.keys]);
  const types = new Map(found.types);
  for (const { AttributeName = '' } of attributeDefinitions([], [index]))
    types.set(AttributeName, typeOfKey(AttributeName));
  const { IndexName, KeySchema, Projection } = indexInput(index);
  return {
    AttributeDefinitions: [...names].map((name) => ({ AttributeName: name, AttributeType: keyType(types.get(name)) })),
    GlobalSecondaryIndexUpdates: [
      {
        Create: {
          IndexName,
          KeySchema,
          Projection,
          ...(units === null ? {} : { ProvisionedThroughput: unitsInput(units) }),
        },
      },
    ],
  };
}

function keyType(text: string | undefined): 'S' | 'N' | 'B' {
  return text === 'N' || text === 'B' ? text : 'S';
}

function unitsInput({ read, write }: ProvisionedUnits): ProvisionedThroughput {
  return { ReadCapacityUnits: read, WriteCapacityUnits: write };
}

/** KMS is the only SSEType that AWS takes; its own key is what a table has without a word. */
export function sseInput(key: string): SSESpecification | undefined {
  if (key === 'aws-owned') return undefined;
  return { Enabled: true, SSEType: 'KMS', ...(key === 'kms' ? {} : { KMSMasterKeyId: key }) };
}

/** Tags as the API has them. */
export function tagList(tags: ReadonlyMap<string, string>): { Key: string; Value: string }[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}
