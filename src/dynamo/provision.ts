// Makes the tables that are missing, with the keys and indexes of the design.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AttributeDefinition,
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
} from '@aws-sdk/client-dynamodb';
import { feedIndexes } from './feed-indexes.js';
import { judgeFailure } from './store-error.js';
import { type LayoutName, resultKeyAttributes, sessionKeyAttributes } from './table.js';

/** CreateTable for results: on demand, the indexes of the feed, nothing else. */
export function resultsTableInput(name: string, layout: LayoutName): CreateTableCommandInput {
  const attributes: AttributeDefinition[] = [...resultKeyAttributes[layout], 'feed_day', 'site', 'surt'].map(
    (attribute) => ({ AttributeName: attribute, AttributeType: 'S' }),
  );
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keySchema(resultKeyAttributes[layout]),
    AttributeDefinitions: [...attributes, { AttributeName: 'order', AttributeType: 'N' }],
    GlobalSecondaryIndexes: feedIndexes.map(
      ({ name: index, keys, included }): GlobalSecondaryIndex => ({
        IndexName: index,
        KeySchema: keySchema(keys),
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: [...included] },
      }),
    ),
  };
}

/** CreateTable for sessions. */
export function sessionsTableInput(name: string): CreateTableCommandInput {
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keySchema(sessionKeyAttributes),
    AttributeDefinitions: sessionKeyAttributes.map((attribute) => ({
      AttributeName: attribute,
      AttributeType: 'S',
    })),
  };
}

/**
 * Creates a table and waits until it can be used. A table that is there already is left as it is.
 * @returns whether it was made now.
 */
export async function createTable(
  client: Pick<DynamoDBClient, 'send'>,
  input: CreateTableCommandInput,
  { pollMs = 20, signal }: { readonly pollMs?: number; readonly signal?: AbortSignal } = {},
): Promise<boolean> {
  const sending = signal === undefined ? {} : { abortSignal: signal };
  let isNew = true;
  try {
    await client.send(new CreateTableCommand(input), sending);
  } catch (thrown) {
    if (!(thrown instanceof Error) || thrown.name !== 'ResourceInUseException') {
      throw judgeFailure(thrown, 'CreateTable').error;
    }
    isNew = false;
  }
  for (;;) {
    const { Table: description } = await client.send(new DescribeTableCommand({ TableName: input.TableName }), sending);
    if (description?.TableStatus === 'ACTIVE') return isNew;
    await sleep(pollMs, undefined, signal === undefined ? {} : { signal });
  }
}

function keySchema(attributes: readonly string[]): NonNullable<CreateTableCommandInput['KeySchema']> {
  return attributes.map((attribute, index) => ({
    AttributeName: attribute,
    KeyType: index === 0 ? 'HASH' : 'RANGE',
  }));
}
