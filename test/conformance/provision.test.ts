// `crawlgate provision` by the real binary on every engine, and its templates: what the embedded engine lacks, moto has.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DeleteTableCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createControl } from '../../src/dynamo/provision/control-plane.js';
import type { Provisioned } from '../../src/dynamo/provision/provision-table.js';
import { type FoundTable, readTable } from '../../src/dynamo/provision/read-table.js';
import { createTable } from '../../src/dynamo/provision.js';
import { runCommand, runJson } from '../cli/commands.js';
import { type EngineClient, engines, isEngine, reach } from './engines.js';
import { askQuery } from './iam-moto.js';
import { uniqueName } from './world.js';

interface Printed {
  readonly tables: readonly Provisioned[];
}

/** What AWS's own linter, which comes with moto, says of a template. */
async function lint(template: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'crawlgate-template-'));
  const file = join(folder, 'template.json');
  await writeFile(file, template);
  const script = 'import sys; from cfnlint.runner import main; sys.argv = ["cfn-lint", sys.argv[1]]; main()';
  try {
    const { stdout, stderr } = await promisify(execFile)(process.env.TEST_PYTHON ?? '', ['-c', script, file]);
    return stdout + stderr;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const tags = ['--tag', 'Environment=production', 'Owner=data-team', 'CostCenter=engineering'];

describe.each(engines)('provision on $name', { timeout: 120_000 }, (engine) => {
  let reached: EngineClient;
  let results: string;
  let sessions: string;
  let env: Record<string, string>;

  beforeEach(async () => {
    reached = await reach(engine);
    results = uniqueName();
    sessions = `${results}-sessions`;
    env = {
      ...(reached.endpoint === null ? { CRAWLGATE_STORE: 'dynamodb' } : { DYNAMODB_ENDPOINT: reached.endpoint }),
      AWS_ACCESS_KEY_ID: process.env.AWS_ACCESS_KEY_ID ?? 'test',
      AWS_SECRET_ACCESS_KEY: process.env.AWS_SECRET_ACCESS_KEY ?? 'test',
      ...(process.env.AWS_SESSION_TOKEN === undefined ? {} : { AWS_SESSION_TOKEN: process.env.AWS_SESSION_TOKEN }),
      AWS_REGION: process.env.TEST_AWS_REGION ?? 'us-east-1',
      DYNAMODB_TABLE_CRAWL_RESULTS: results,
      DYNAMODB_TABLE_SESSIONS: sessions,
    };
  });
  afterEach(async () => {
    for (const TableName of [results, sessions]) {
      const table = await read(TableName);
      if (table?.deletionProtection.kind === 'known' && table.deletionProtection.value) {
        await reached.client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
      }
      if (table !== null) await reached.client.send(new DeleteTableCommand({ TableName }));
    }
    await reached[Symbol.asyncDispose]();
  });

  const read = (name: string): Promise<FoundTable | null> =>
    readTable(createControl({ client: reached.client, signal: AbortSignal.timeout(30_000), pollMs: 1 }), name);
  const provision = (...args: string[]) => runJson<Printed>(['provision', ...args], env);
  const problemsOf = (tables: readonly Provisioned[]) =>
    tables.flatMap(({ left }) => left.filter((it) => it.isProblem));

  it('makes both tables whole, and finds nothing to change the second time', async () => {
    const dry = await provision('--dry-run', ...tags);
    expect(dry.json.tables.map(({ existed }) => existed)).toEqual([false, false]);
    expect(await read(results)).toBeNull();

    const made = await provision(...tags);
    expect(made).toMatchObject({ code: 0 });
    expect(problemsOf(made.json.tables)).toEqual([]);
    const table = await read(results);
    expect(table).toMatchObject({ keys: ['pk', 'sk'], throughput: null, sse: 'aws-owned', status: 'ACTIVE' });
    expect(table?.indexes.map(({ name }) => name).sort()).toEqual(['by-site', 'by-time', 'by-url']);
    if (isEngine(engine, 'moto')) {
      expect(table).toMatchObject({
        ttl: { value: 'ttl' },
        recovery: { value: { isOn: true } },
        deletionProtection: { value: true },
      });
      const tagged = table?.tags.kind === 'known' ? Object.fromEntries(table.tags.value) : null;
      expect(tagged).toEqual({
        Application: 'crawl4ai',
        Environment: 'production',
        Owner: 'data-team',
        CostCenter: 'engineering',
      });
    }
    const again = await provision(...tags);
    expect(again.code).toBe(0);
    expect(again.json.tables.map(({ changes }) => changes)).toEqual([[], []]);
  });

  it("completes a table that Python made, and leaves its own index and items' keys alone", async () => {
    await createTable(reached.client, {
      TableName: results,
      BillingMode: 'PROVISIONED',
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
      KeySchema: [{ AttributeName: 'url', KeyType: 'HASH' }],
      AttributeDefinitions: [
        { AttributeName: 'url', AttributeType: 'S' },
        { AttributeName: 'created_at', AttributeType: 'S' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'timestamp-index',
          KeySchema: [{ AttributeName: 'created_at', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
          ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
        },
      ],
    });
    const completed = await provision();
    // dynalite says yes to an index that is added to a table, and adds none: that is told, each time.
    const addsIndexes = !isEngine(engine, 'embedded');
    const untaken = ['by-time (feed_day, order)', 'by-site (site, order)', 'by-url (site, surt)'].map((index) => ({
      what: `add the index ${index}`,
      why: 'it was accepted and did not take',
      isProblem: true,
    }));
    expect(problemsOf(completed.json.tables)).toEqual(addsIndexes ? [] : untaken);
    expect(completed.code).toBe(addsIndexes ? 0 : 1);
    const table = await read(results);
    const added = addsIndexes ? ['by-site', 'by-time', 'by-url'] : [];
    expect(table?.indexes.map(({ name }) => name).sort()).toEqual([...added, 'timestamp-index']);
    expect(table?.throughput).toEqual({ read: 5, write: 5 });
    expect(table?.keys).toEqual(['url']);
    expect((await provision()).json.tables.map(({ changes }) => changes)).toEqual([[], []]);
    // Asked for the other layout it touches nothing.
    const refused = await provision('--layout', 'versioned', '--billing', 'on-demand');
    expect(refused.code).toBe(1);
    expect(refused.json.tables[0]?.left).toEqual([
      { what: 'the whole table', why: expect.stringMatching(/keyed by url.*cannot be changed/), isProblem: true },
    ]);
    expect((await read(results))?.throughput).toEqual({ read: 5, write: 5 });
  });

  it('bills by units where asked, the indexes too', async () => {
    const { code } = await provision('--billing', 'provisioned', '--read-units', '3', '--write-units', '4');
    expect(code).toBe(0);
    const table = await read(results);
    const all = [table?.throughput, ...(table?.indexes.map(({ throughput }) => throughput) ?? [])];
    expect(all).toEqual(Array.from({ length: 4 }, () => ({ read: 3, write: 4 })));
  });

  it.runIf(isEngine(engine, 'moto'))('encrypts a new table with KMS where asked', async () => {
    await provision('--sse', 'kms');
    expect((await read(results))?.sse).toMatch(/^arn:aws:kms:us-east-1:/);
    expect((await provision('--sse', 'kms')).json.tables.map(({ changes }) => changes)).toEqual([[], []]);
  });

  it
    .runIf(isEngine(engine, 'moto'))
    .each([[[]], [['--billing', 'provisioned', '--read-units', '3', '--write-units', '4']]])(
    'finds nothing to change on tables that the CloudFormation template made, %j',
    async (options) => {
      const given = [...options, ...tags];
      const { stdout } = await runCommand(['provision', '--print', 'cloudformation', ...given], env);
      expect(await lint(stdout)).toBe('');
      const fields = { Version: '2010-05-15', Action: 'CreateStack', StackName: results, TemplateBody: stdout };
      await askQuery(reached.endpoint ?? '', 'cloudformation', fields);
      const found = await provision(...given);
      expect(found).toEqual({
        code: 0,
        json: expect.objectContaining({
          tables: [results, sessions].map((table) => ({ table, existed: true, changes: [], left: [] })),
        }),
      });
    },
  );
});
