// The one table that the embedded engine is asked for, on an engine that fails or takes its time.
import { describe, expect, it } from 'vitest';
import { createTable, resultsTableInput } from '../../../src/dynamo/provision.js';
import { clientAt } from '../../support/client-at.js';
import { type FakeAnswer, startFakeDynamo } from '../../support/fake-dynamo.js';

/** Creates a table on an engine that gives these answers in turn, and says what it was asked and how often one waited. */
async function createOn(...answers: FakeAnswer[]) {
  await using engine = await startFakeDynamo({ answer: () => answers.shift() ?? { error: 'NothingElse' } });
  const client = clientAt(engine.endpoint, 5000);
  let waits = 0;
  const wait = async (): Promise<void> => {
    waits += 1;
  };
  const creating = createTable(client, resultsTableInput('results', 'document'), { random: () => 1, wait });
  const failure = await creating.then(
    () => null,
    (error: unknown) => error,
  );
  client.destroy();
  return { failure, operations: engine.operations, waits };
}

const made: FakeAnswer = { body: {} };
const broken: FakeAnswer = { error: 'InternalFailure', status: 500 };
const stateIs = (TableStatus: string): FakeAnswer => ({ body: { Table: { TableStatus } } });

describe('createTable', () => {
  it('asks an engine again that failed at making or looking', async () => {
    const { failure, operations } = await createOn(broken, made, broken, stateIs('ACTIVE'));
    expect(failure).toBeNull();
    expect(operations).toEqual(['CreateTable', 'CreateTable', 'DescribeTable', 'DescribeTable']);
  });

  it('takes a table that was made by the call that failed', async () => {
    const inUse: FakeAnswer = { error: 'ResourceInUseException' };
    const { failure, operations } = await createOn(broken, inUse, stateIs('ACTIVE'));
    expect(failure).toBeNull();
    expect(operations).toEqual(['CreateTable', 'CreateTable', 'DescribeTable']);
  });

  it('waits until the table can be used', async () => {
    const { failure, waits } = await createOn(made, stateIs('CREATING'), stateIs('CREATING'), stateIs('ACTIVE'));
    expect(failure).toBeNull();
    expect(waits).toBe(2);
  });

  it('gives up after four failures, with a code', async () => {
    const { failure, operations } = await createOn(broken, broken, broken, broken, made);
    expect(failure).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(operations).toHaveLength(4);
  });

  it('asks once for what is refused', async () => {
    const { failure, operations } = await createOn({ error: 'ValidationException' }, made);
    expect(failure).toMatchObject({ code: 'STORE_MISCONFIGURED' });
    expect(operations).toEqual(['CreateTable']);
  });
});
