// A control plane that is slow, busy or throttled, as AWS's is: what is asked again, and what comes of it.
import { describe, expect, it } from 'vitest';
import { createControl } from '../../../src/dynamo/provision/control-plane.js';
import { provisionTable } from '../../../src/dynamo/provision/provision-table.js';
import { resultsShape } from '../../../src/dynamo/provision/table-shape.js';
import { ownTag, type TableWishes } from '../../../src/dynamo/provision/wishes.js';
import { clientAt } from '../../support/client-at.js';
import { type FakeAnswer, type FakeRequest, startFakeDynamo } from '../../support/fake-dynamo.js';

const wishes: TableWishes = {
  billing: null,
  sse: null,
  recovery: true,
  deletionProtection: false,
  tags: new Map([ownTag]),
};

/** A DynamoDB that takes its time, as far as provisioning sees it; `script` answers first. */
async function provisionOn(script: (request: FakeRequest, table: object) => FakeAnswer | null, table: object | null) {
  let described = table;
  let looks = 0;
  const waits: number[] = [];
  await using store = await startFakeDynamo({
    answer: async (request) => {
      const { operation } = request;
      const scripted = script(request, described ?? {});
      if (scripted !== null) return scripted;
      if (operation === 'DescribeTable') {
        looks += 1;
        return described === null ? { error: 'ResourceNotFoundException' } : { body: { Table: described } };
      }
      if (operation === 'CreateTable') {
        described = { ...(request.input as object), TableArn: 'arn:results', TableStatus: 'ACTIVE' };
        return { body: {} };
      }
      if (operation === 'UpdateTable') {
        const [update] = (request.input as { GlobalSecondaryIndexUpdates?: { Create: object }[] })
          .GlobalSecondaryIndexUpdates ?? [{ Create: {} }];
        const before = (described as { GlobalSecondaryIndexes?: object[] }).GlobalSecondaryIndexes ?? [];
        described = {
          ...described,
          GlobalSecondaryIndexes: [...before, { ...update?.Create, IndexStatus: 'ACTIVE' }],
        };
        return { body: {} };
      }
      if (operation === 'DescribeTimeToLive') {
        return { body: { TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'ttl' } } };
      }
      if (operation === 'DescribeContinuousBackups') {
        const PointInTimeRecoveryDescription = { PointInTimeRecoveryStatus: 'ENABLED' };
        return { body: { ContinuousBackupsDescription: { PointInTimeRecoveryDescription } } };
      }
      if (operation === 'ListTagsOfResource') return { body: { Tags: [{ Key: ownTag[0], Value: ownTag[1] }] } };
      return { body: {} };
    },
  });
  const client = clientAt(store.endpoint, 5000);
  const shown: string[] = [];
  const control = createControl({
    client,
    signal: AbortSignal.timeout(20_000),
    random: () => 1,
    wait: async (ms) => {
      waits.push(ms);
    },
  });
  const provisioned = await provisionTable({
    control,
    name: 'results',
    shapeFor: () => resultsShape('results', 'document'),
    wishes,
    dryRun: false,
    onStep: (what, done, all) => shown.push(`${done}/${all} ${what.split(' ', 3).join(' ')}`),
    onWait: (line) => shown.push(line),
  }).finally(() => client.destroy());
  return { provisioned, operations: store.operations, waits, looks, shown };
}

const python = {
  TableStatus: 'ACTIVE',
  TableArn: 'arn:results',
  KeySchema: [{ AttributeName: 'url', KeyType: 'HASH' }],
  AttributeDefinitions: [
    { AttributeName: 'url', AttributeType: 'S' },
    { AttributeName: 'created_at', AttributeType: 'S' },
  ],
  BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
  GlobalSecondaryIndexes: [
    {
      IndexName: 'timestamp-index',
      IndexStatus: 'ACTIVE',
      KeySchema: [{ AttributeName: 'created_at', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
};

const versionedKeys = [
  { AttributeName: 'pk', KeyType: 'HASH' },
  { AttributeName: 'sk', KeyType: 'RANGE' },
];

describe('provisioning', () => {
  it('asks a throttled control plane again, with growing delays', async () => {
    let refusals = 5;
    const { provisioned, waits } = await provisionOn(({ operation }) => {
      if (operation !== 'CreateTable' || refusals === 0) return null;
      refusals -= 1;
      return { error: 'ThrottlingException' };
    }, null);
    expect(provisioned).toMatchObject({ existed: false, left: [] });
    expect(waits.slice(0, 5)).toEqual([250, 500, 1000, 2000, 4000]);
  });

  it('adds indexes to an existing table one at a time, each when the one before is active', async () => {
    const seen: string[] = [];
    let creating = 0;
    const { provisioned, shown } = await provisionOn(({ operation, input }, table) => {
      if (operation === 'UpdateTable') {
        const updates = (input as { GlobalSecondaryIndexUpdates?: { Create: { IndexName: string } }[] })
          .GlobalSecondaryIndexUpdates;
        expect(updates).toHaveLength(1);
        expect(creating).toBe(0);
        seen.push(updates?.[0]?.Create.IndexName ?? '');
        creating = 3;
        return null;
      }
      if (operation !== 'DescribeTable' || creating === 0) return null;
      creating -= 1;
      const indexes = (table as { GlobalSecondaryIndexes: object[] }).GlobalSecondaryIndexes;
      const last = { ...indexes.at(-1), IndexStatus: creating === 0 ? 'ACTIVE' : 'CREATING' };
      return { body: { Table: { ...table, GlobalSecondaryIndexes: [...indexes.slice(0, -1), last] } } };
    }, python);
    expect(seen).toEqual(['by-time', 'by-site', 'by-url']);
    expect(provisioned).toMatchObject({ existed: true });
    expect(provisioned.changes).toHaveLength(3);
    // What a bar shows: each change with its number, and the index that it waits for.
    expect(shown.filter((line) => /^\d/.test(line))).toEqual(
      [0, 1, 2].map((done) => expect.stringMatching(`^${done}/3`)),
    );
    expect(shown.filter((line) => line === 'by-time is CREATING')).toHaveLength(2);
  });

  it('waits for a table that DescribeTable does not show yet, and for one that others are changing', async () => {
    let hidden = 3;
    let busy = 2;
    const { provisioned } = await provisionOn(({ operation }, table) => {
      if (operation === 'DescribeTable' && 'TableStatus' in table && hidden > 0) {
        hidden -= 1;
        return { error: 'ResourceNotFoundException' };
      }
      if (operation === 'UpdateTimeToLive' && busy > 0) {
        busy -= 1;
        return { error: 'ResourceInUseException' };
      }
      return null;
    }, null);
    expect([hidden, busy]).toEqual([0, 0]);
    expect(provisioned.left.filter(({ isProblem }) => isProblem)).toEqual([]);
  });

  it('takes a table that somebody else made meanwhile as it is', async () => {
    let isMade = false;
    const { provisioned, operations } = await provisionOn(({ operation }) => {
      if (operation === 'CreateTable') {
        isMade = true;
        return { error: 'ResourceInUseException' };
      }
      if (operation === 'DescribeTable' && isMade) return { body: { Table: { ...python, KeySchema: versionedKeys } } };
      return null;
    }, null);
    expect(operations.filter((operation) => operation === 'UpdateTable')).toEqual([]);
    expect(provisioned.left).toEqual([
      { what: 'the whole table', why: expect.stringContaining('keyed by pk and sk'), isProblem: true },
    ]);
  });

  it.each(['INACCESSIBLE_ENCRYPTION_CREDENTIALS', 'ARCHIVED', 'DELETING'])(
    'gives up a table that is %s, with that word',
    async (TableStatus) => {
      const provisioning = provisionOn(() => null, { ...python, TableStatus });
      await expect(provisioning).rejects.toMatchObject({
        code: 'STORE_MISCONFIGURED',
        message: `Waiting for the table results was given up: its state is ${TableStatus}.`,
      });
    },
  );

  it('gives up a table that was deleted while it waited, and one that never shows', async () => {
    let isChanged = false;
    const deleted = provisionOn(({ operation }) => {
      isChanged ||= operation === 'UpdateTable';
      return operation === 'DescribeTable' && isChanged ? { error: 'ResourceNotFoundException' } : null;
    }, python);
    const message = 'Waiting for the table results was given up: it is not there any more.';
    await expect(deleted).rejects.toMatchObject({ code: 'STORE_MISCONFIGURED', message });
    const never = provisionOn(
      ({ operation }) => (operation === 'DescribeTable' ? { error: 'ResourceNotFoundException' } : null),
      null,
    );
    await expect(never).rejects.toMatchObject({ code: 'STORE_MISCONFIGURED', message });
  });

  it('waits for an index that a killed run left under way before it changes anything', async () => {
    let looks = 6;
    const { provisioned, operations } = await provisionOn(({ operation }, table) => {
      if (operation === 'UpdateTable' && looks > 0) return { error: 'LimitExceededException' };
      if (operation !== 'DescribeTable' || looks === 0) return null;
      looks -= 1;
      const [index] = python.GlobalSecondaryIndexes;
      return { body: { Table: { ...table, GlobalSecondaryIndexes: [{ ...index, IndexStatus: 'CREATING' }] } } };
    }, python);
    expect(operations.indexOf('UpdateTable')).toBeGreaterThan(operations.indexOf('DescribeTable') + 5);
    expect(operations.filter((operation) => operation === 'UpdateTable')).toHaveLength(3);
    expect(provisioned.changes).toHaveLength(3);
  });

  it('tells soon that nobody answers', async () => {
    let calls = 0;
    const provisioning = provisionOn(({ operation }) => {
      if (operation !== 'CreateTable') return null;
      calls += 1;
      return { error: 'InternalServerError', status: 500 };
    }, null);
    await expect(provisioning).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(calls).toBe(4);
  });

  it('goes on with the rest where one change is refused, and tells what was refused', async () => {
    const { provisioned } = await provisionOn(
      ({ operation }) => (operation === 'UpdateTable' ? { error: 'AccessDeniedException' } : null),
      { ...python, GlobalSecondaryIndexes: [] },
    );
    expect(provisioned.changes).toEqual([]);
    expect(provisioned.left.filter(({ isProblem }) => isProblem)).toEqual(
      ['by-time', 'by-site', 'by-url'].map((name) => ({
        what: expect.stringContaining(name),
        why: 'DynamoDB refused UpdateTable: AccessDeniedException.',
        isProblem: true,
      })),
    );
  });
});
