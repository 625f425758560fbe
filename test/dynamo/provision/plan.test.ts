// What is planned for a table as it was found: pure, table by table.
import { describe, expect, it } from 'vitest';
import { billingInput, newIndexInput } from '../../../src/dynamo/provision/inputs.js';
import { planTable } from '../../../src/dynamo/provision/plan.js';
import type { FoundIndex, FoundTable } from '../../../src/dynamo/provision/read-table.js';
import { resultsShape } from '../../../src/dynamo/provision/table-shape.js';
import { ownTag, type TableWishes } from '../../../src/dynamo/provision/wishes.js';

const shape = resultsShape('results', 'document');
const wishes: TableWishes = {
  billing: null,
  sse: null,
  recovery: true,
  deletionProtection: true,
  tags: new Map([ownTag]),
};

function index(name: string, keys: readonly string[], included: readonly string[]): FoundIndex {
  return { name, keys, status: 'ACTIVE', included: new Set(included), throughput: null };
}

/** A table with nothing left to do, changed by `over`. */
function found(over: Partial<FoundTable> = {}): FoundTable {
  return {
    name: 'results',
    arn: 'arn:aws:dynamodb:us-east-1:123456789012:table/results',
    status: 'ACTIVE',
    keys: ['url'],
    types: new Map([['url', 'S']]),
    throughput: null,
    sse: 'aws-owned',
    deletionProtection: { kind: 'known', value: true },
    indexes: shape.indexes.map(({ name, keys, included }) => index(name, keys, included)),
    itemCount: 0,
    bytes: 0,
    ttl: { kind: 'known', value: 'ttl' },
    recovery: { kind: 'known', value: { isOn: true, earliest: null, latest: null, days: null } },
    tags: { kind: 'known', value: new Map([ownTag, ['Owner', 'data-team']]) },
    ...over,
  };
}

const kinds = (table: FoundTable | null, wanted: Partial<TableWishes> = {}): readonly string[] =>
  planTable(shape, { ...wishes, ...wanted }, table).steps.map(({ kind }) => kind);

describe('a plan', () => {
  it('has nothing to do for a table that is complete', () => {
    expect(planTable(shape, wishes, found())).toEqual({ steps: [], left: [] });
  });

  it('makes a table that is missing, with expiry and recovery', () => {
    expect(kinds(null)).toEqual(['create', 'ttl', 'recovery']);
    expect(kinds(null, { recovery: false })).toEqual(['create', 'ttl']);
  });

  it('completes what is not there, one index at a time', () => {
    const bare = found({
      deletionProtection: { kind: 'known', value: false },
      indexes: [],
      ttl: { kind: 'known', value: null },
      recovery: { kind: 'known', value: { isOn: false, earliest: null, latest: null, days: null } },
      tags: { kind: 'known', value: new Map() },
    });
    expect(kinds(bare)).toEqual(['deletionProtection', 'index', 'index', 'index', 'ttl', 'recovery', 'tags']);
    expect(kinds(bare, { recovery: false, deletionProtection: false })).not.toContain('recovery');
  });

  it("never touches a table of other keys, and says why; Python's own index is left where it is", () => {
    const other = planTable(shape, wishes, found({ keys: ['pk', 'sk'], indexes: [] }));
    expect(other.steps).toEqual([]);
    expect(other.left).toEqual([
      { what: 'the whole table', why: expect.stringContaining('keyed by pk and sk, not by url'), isProblem: true },
    ]);
    const python = found({ indexes: [...found().indexes, index('timestamp-index', ['created_at'], [])] });
    expect(planTable(shape, wishes, python)).toEqual({ steps: [], left: [] });
  });

  it('keeps tags of others, and mends its own', () => {
    const tags = {
      kind: 'known',
      value: new Map([
        ['Owner', 'data-team'],
        ['Application', 'other'],
      ]),
    } as const;
    expect(planTable(shape, wishes, found({ tags })).steps).toEqual([{ kind: 'tags', tags: new Map([ownTag]) }]);
  });

  it('changes billing and encryption only where that is asked for', () => {
    const units = { read: 5, write: 6 };
    const provisioned = found({
      throughput: units,
      indexes: found().indexes.map((it) => ({ ...it, throughput: units })),
      sse: 'arn:aws:kms:us-east-1:123456789012:key/abc',
    });
    expect(kinds(provisioned)).toEqual([]);
    expect(kinds(provisioned, { billing: units, sse: 'kms' })).toEqual([]);
    expect(kinds(provisioned, { billing: { read: 5, write: 7 } })).toEqual(['billing']);
    expect(kinds(provisioned, { billing: 'on-demand', sse: 'aws-owned' })).toEqual(['billing', 'sse']);
    expect(kinds(provisioned, { sse: 'abc' })).toEqual([]);
    expect(kinds(found(), { billing: 'on-demand', sse: 'aws-owned' })).toEqual([]);
    expect(kinds(found(), { sse: 'kms' })).toEqual(['sse']);
  });

  it('knows a key by its id and by its ARN, and says whose key stays where kms is asked for', () => {
    const id = '1234abcd-12ab-34cd-56ef-1234567890ab';
    const arn = `arn:aws:kms:us-east-1:123456789012:key/${id}`;
    for (const sse of [id, arn]) expect(kinds(found({ sse: arn }), { sse })).toEqual([]);
    expect(kinds(found({ sse: arn }), { sse: id.slice(1) })).toEqual(['sse']);
    expect(planTable(shape, { ...wishes, sse: 'kms' }, found({ sse: arn }))).toEqual({
      steps: [],
      left: [
        {
          what: 'encrypt with the KMS key that AWS manages',
          why: expect.stringContaining(`has the KMS key ${arn} and keeps it`),
          isProblem: false,
        },
      ],
    });
  });

  it('names only units that differ, since DynamoDB refuses to set what is set', () => {
    const units = { read: 5, write: 6 };
    const [first, ...others] = found().indexes.map((it) => ({ ...it, throughput: units }));
    if (first === undefined) throw new Error('there are indexes');
    const table = found({ throughput: units, indexes: [{ ...first, throughput: { read: 1, write: 6 } }, ...others] });
    expect(billingInput(units, table)).toEqual({
      BillingMode: 'PROVISIONED',
      GlobalSecondaryIndexUpdates: [
        {
          Update: { IndexName: first.name, ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 6 } },
        },
      ],
    });
    expect(billingInput(units, found()).GlobalSecondaryIndexUpdates).toHaveLength(3);
  });

  it('leaves what cannot be changed in place, with what to do about it', () => {
    const plan = planTable(
      shape,
      wishes,
      found({
        indexes: [index('by-time', ['day'], []), index('by-site', ['site', 'order'], ['ttl'])],
        types: new Map([
          ['url', 'S'],
          ['surt', 'N'],
        ]),
        ttl: { kind: 'known', value: 'expires' },
        recovery: { kind: 'unsupported' },
        tags: { kind: 'forbidden' },
      }),
    );
    expect(plan.steps).toEqual([]);
    expect(plan.left.map(({ what, isProblem }) => [what, isProblem])).toEqual([
      ['the index by-time', true],
      ['the index by-url', true],
      ['let items expire by ttl', true],
      ['turn on point-in-time recovery', false],
      ['tags', true],
    ]);
  });

  it('names every key of the table and its indexes once for a new index, as UpdateTable wants them', () => {
    const [first] = shape.indexes;
    if (first === undefined) throw new Error('there are indexes');
    const table = found({
      types: new Map([
        ['url', 'S'],
        ['created_at', 'S'],
      ]),
      indexes: [index('timestamp-index', ['created_at'], [])],
      throughput: { read: 3, write: 4 },
    });
    const input = newIndexInput(first, table, wishes);
    expect(input.AttributeDefinitions).toEqual([
      { AttributeName: 'url', AttributeType: 'S' },
      { AttributeName: 'created_at', AttributeType: 'S' },
      { AttributeName: 'feed_day', AttributeType: 'S' },
      { AttributeName: 'order', AttributeType: 'N' },
    ]);
    expect(input.GlobalSecondaryIndexUpdates?.[0]?.Create).toMatchObject({
      IndexName: 'by-time',
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['ttl'] },
      ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 4 },
    });
  });
});
