// `crawlgate provision` over the embedded engine, which has neither recovery nor expiry of its own; moto has the rest.
import { describe, expect, it } from 'vitest';
import type { Provisioned } from '../../src/dynamo/provision/provision-table.js';
import { embeddedEnv, runCommand, runJson } from './commands.js';

interface Printed {
  readonly tables: readonly Provisioned[];
}

const tags = ['--tag', 'Environment=production', '--tag', 'Owner=data-team', 'CostCenter=engineering'];

describe('crawlgate provision', () => {
  it('plans, makes, completes and then finds nothing to change, and says what the engine does not have', async () => {
    await using engine = await embeddedEnv();
    const plan = await runJson<Printed>(['provision', '--dry-run'], engine.env);
    expect(plan.json.tables.map(({ existed }) => existed)).toEqual([false, false]);
    expect(plan.json.tables[0]?.changes[0]).toMatch(
      /^create, keyed by url, on-demand, indexes by-time, by-site, by-url; encrypted with AWS's own key, protected against deletion, tagged Application=crawl4ai$/,
    );

    const made = await runJson<Printed>(['provision', ...tags], engine.env);
    expect(made.code).toBe(0);
    expect(made.json.tables.map(({ table, existed }) => [table, existed])).toEqual([
      ['crawl4ai-results', false],
      ['crawl4ai-sessions', false],
    ]);
    // Nor does this engine encrypt or protect: what it dropped is not said to be done.
    expect(made.json.tables[0]?.changes[0]).toBe('create, keyed by url, on-demand, indexes by-time, by-site, by-url');
    // dynalite takes tags with CreateTable and drops them: the second look sees that.
    const tagged = /tag Environment=production, Owner=data-team, CostCenter=engineering, Application=crawl4ai/;
    expect(made.json.tables[0]?.changes[1]).toMatch(tagged);

    const again = await runJson<Printed>(['provision', ...tags], engine.env);
    expect(again.code).toBe(0);
    for (const { existed, changes, left } of again.json.tables) {
      expect({ existed, changes }).toEqual({ existed: true, changes: [] });
      expect(left.map(({ what, isProblem }) => [what, isProblem])).toEqual([
        ['protect against deletion', false],
        ['let items expire by ttl', false],
        ['turn on point-in-time recovery', false],
      ]);
    }
  });

  it('never touches a table of the other layout: it says why, and ends with 1', async () => {
    await using engine = await embeddedEnv();
    await runCommand(['provision', '--layout', 'versioned'], engine.env);
    const asked = await runCommand(['provision', '--layout', 'document', '--tag', 'A=b'], engine.env);
    expect(asked.code).toBe(1);
    expect(asked.stdout).toMatch(/NOT DONE: the whole table: it is keyed by pk and sk, not by url/);
    // Not asked for a layout, it takes the table as it is.
    expect((await runCommand(['provision'], engine.env)).code).toBe(0);
  });

  it('refuses options that do not go together', async () => {
    const tagged = await runCommand(['provision', '--dry-run', '--tag', 'Application=other']);
    expect(tagged).toMatchObject({ code: 2, stderr: '--tag: must not give Application another value than crawl4ai\n' });
    for (const args of [
      ['--billing', 'provisioned'],
      ['--read-units', '5'],
      ['--billing', 'provisioned', '--write-units', '5'],
      ['--read-units', '5', '--write-units', '5'],
      ['--billing', 'provisioned', '--read-units', '0', '--write-units', '1'],
      ['--tag', 'nothing'],
      ['--policy', 'reading'],
      ['--print', 'iam', '--account', '12'],
      ['--sse', 'alias/mine'],
      ['--sse', 'arn:aws:kms:us-east-1:123456789012:alias/mine'],
      ['--sse', 'a key'],
      ['--print', 'terraform', '--sse', '1234abcd-12ab-34cd-56ef-1234567890ab'],
    ]) {
      const { code, stdout, stderr } = await runCommand(['provision', ...args]);
      expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' });
      // Said once.
      expect(stderr).toMatch(/^--.*\n$/);
    }
  });
});

/**
 * Arguments of aws_dynamodb_table and of its blocks, from the provider's own schema (internal/service/dynamodb/table.go of
 * hashicorp/terraform-provider-aws); `lifecycle` is Terraform's.
 */
const terraformArguments: Readonly<Record<string, readonly string[] | null>> = {
  ...{ name: null, billing_mode: null, hash_key: null, range_key: null, read_capacity: null, write_capacity: null },
  ...{ deletion_protection_enabled: null, tags: null },
  attribute: ['name', 'type'],
  global_secondary_index: [
    ...['name', 'hash_key', 'range_key', 'projection_type', 'non_key_attributes', 'read_capacity', 'write_capacity'],
  ],
  ttl: ['attribute_name', 'enabled'],
  point_in_time_recovery: ['enabled'],
  server_side_encryption: ['enabled', 'kms_key_arn'],
  lifecycle: ['prevent_destroy'],
};

describe('crawlgate provision --print', () => {
  const env = { AWS_REGION: 'eu-central-1', DYNAMODB_TABLE_CRAWL_RESULTS: 'pages' };

  it('cloudformation: a template of both tables', async () => {
    const { code, stdout } = await runCommand(['provision', '--print', 'cloudformation', '--sse', 'kms', ...tags], env);
    expect(code).toBe(0);
    const { Resources } = JSON.parse(stdout);
    expect(Resources.CrawlResults).toMatchObject({
      Type: 'AWS::DynamoDB::Table',
      DeletionPolicy: 'Retain',
      Properties: {
        TableName: 'pages',
        BillingMode: 'PAY_PER_REQUEST',
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        DeletionProtectionEnabled: true,
        Tags: expect.arrayContaining([
          { Key: 'Application', Value: 'crawl4ai' },
          { Key: 'CostCenter', Value: 'engineering' },
        ]),
      },
    });
    expect(Resources.CrawlResults.Properties.GlobalSecondaryIndexes).toHaveLength(3);
    expect(Resources.CrawlSessions.Properties.KeySchema).toEqual([{ AttributeName: 'session_id', KeyType: 'HASH' }]);
  });

  it('terraform: the same in its JSON syntax', async () => {
    const { stdout } = await runCommand(['provision', '--print', 'terraform', '--layout', 'document'], env);
    const { provider, resource } = JSON.parse(stdout);
    expect(provider.aws.region).toBe('eu-central-1');
    expect(resource.aws_dynamodb_table.crawl_results).toMatchObject({
      name: 'pages',
      hash_key: 'url',
      billing_mode: 'PAY_PER_REQUEST',
      ttl: { attribute_name: 'ttl', enabled: true },
      point_in_time_recovery: { enabled: true },
      lifecycle: { prevent_destroy: true },
    });
    // Terraform refuses an attribute that is a key of nothing, and a key that is no attribute.
    const { attribute, hash_key, global_secondary_index: indexes } = resource.aws_dynamodb_table.crawl_results;
    const keys = [hash_key, ...indexes.flatMap((index: Record<string, string>) => [index.hash_key, index.range_key])];
    expect(attribute.map(({ name }: { name: string }) => name).sort()).toEqual([...new Set(keys)].sort());
  });

  it('terraform: arguments that the provider has, whatever the options', async () => {
    const units = ['--billing', 'provisioned', '--read-units', '5', '--write-units', '5'];
    const key = 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const { stdout } = await runCommand(['provision', '--print', 'terraform', '--sse', key, ...units, ...tags], env);
    const { resource } = JSON.parse(stdout);
    for (const table of Object.values<Record<string, unknown>>(resource.aws_dynamodb_table)) {
      for (const [name, value] of Object.entries(table)) {
        expect(Object.keys(terraformArguments)).toContain(name);
        const inner = terraformArguments[name] ?? null;
        if (inner === null) continue;
        for (const block of [value].flat()) expect(inner).toEqual(expect.arrayContaining(Object.keys(block as object)));
      }
    }
  });

  it('iam: one policy for each, or one alone', async () => {
    const { json } = await runJson<Record<string, unknown>>(['provision', '--print', 'iam'], env);
    expect(Object.keys(json)).toEqual(['reading', 'writing', 'operator']);
    const args = ['provision', '--print', 'iam', '--policy', 'reading', '--account', '123456789012'];
    const { stdout } = await runCommand(args, env);
    const { Statement } = JSON.parse(stdout);
    expect(Statement[0].Resource).toBe('arn:aws:dynamodb:eu-central-1:123456789012:table/pages');
    expect(Statement[1].Resource).toEqual(
      ['by-time', 'by-site', 'by-url'].map((name) => `${Statement[0].Resource}/index/${name}`),
    );
  });
});
