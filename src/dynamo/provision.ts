// Makes a table that is missing and waits for it: all that the embedded engine can be asked for.
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { type ControlDeps, createControl, nameOf } from './provision/control-plane.js';
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
 * Creates a table and waits until it can be used. A table that is there already is left as it is. An engine that fails is
 * asked four times in all: DynamoDB Local says InternalFailure where another table is made or deleted at that moment.
 * Rejects with a CrawlgateError.
 * @returns whether it was surely made now: false also where a call that failed had made it.
 */
export async function createTable(
  client: Pick<DynamoDBClient, 'send'>,
  input: CreateTableCommandInput,
  deps: Partial<Omit<ControlDeps, 'client'>> = {},
): Promise<boolean> {
  const control = createControl({ signal: new AbortController().signal, pollMs: 20, ...deps, client });
  let isNew = true;
  const creation = new CreateTableCommand(input);
  try {
    await control.call('CreateTable', (options) => client.send(creation, options));
  } catch (thrown) {
    if (nameOf(thrown) !== 'ResourceInUseException') throw judgeFailure(thrown, 'CreateTable').error;
    isNew = false;
  }
  const look = new DescribeTableCommand({ TableName: input.TableName });
  const isActive = async (): Promise<boolean> => {
    const { Table: table } = await control.call('DescribeTable', (options) => client.send(look, options));
    return table?.TableStatus === 'ACTIVE';
  };
  try {
    while (!(await isActive())) await control.wait(control.pollMs);
    return isNew;
  } catch (thrown) {
    throw judgeFailure(thrown, 'DescribeTable').error;
  }
}
