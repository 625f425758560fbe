// Makes a table that is missing and waits for it: all that the embedded engine can be asked for.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { resultsShape, sessionsShape, tableInput } from './provision/table-shape.js';
import { judgeFailure } from './store-error.js';
import type { LayoutName } from './table.js';

/** CreateTable for results: on demand, the indexes of the feed, nothing else. */
export function resultsTableInput(name: string, layout: LayoutName): CreateTableCommandInput {
  return tableInput(resultsShape(name, layout));
}

/** CreateTable for sessions. */
export function sessionsTableInput(name: string): CreateTableCommandInput {
  return tableInput(sessionsShape(name));
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
