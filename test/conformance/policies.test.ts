// Our policies and Crawl4AI's classic one under a moto that enforces them, call by call and by whole gateways.
import {
  CreateTableCommand,
  DeleteTableCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createControl } from '../../src/dynamo/provision/control-plane.js';
import { provisionTable } from '../../src/dynamo/provision/provision-table.js';
import { resultsShape } from '../../src/dynamo/provision/table-shape.js';
import { ownTag } from '../../src/dynamo/provision/wishes.js';
import { createTable, resultsTableInput, sessionsTableInput } from '../../src/dynamo/provision.js';
import { judgeFailure } from '../../src/dynamo/store-error.js';
import { createGateway, type Gateway } from '../../src/gateway.js';
import { page } from '../dynamo/writing/pages.js';
import { askGraphql, testConfig } from '../support/gateway.js';
import { clientOf, engines, isEngine } from './engines.js';
import { type Credentials, exactTable, type IamMoto, iamMoto } from './iam-moto.js';

const hasMoto = engines.some((engine) => isEngine(engine, 'moto'));

describe.skipIf(!hasMoto)('under a moto that enforces policies', { timeout: 120_000 }, () => {
  const results = exactTable;
  const sessions = 'crawlgate-conformance-policies-sessions';
  let moto: IamMoto;
  const opened: AsyncDisposable[] = [];

  /** A client with this user's keys, closed at the end. */
  const client = (user: Credentials) => {
    const made = clientOf(moto.endpoint, user);
    opened.push({ [Symbol.asyncDispose]: async () => made.destroy() });
    return made;
  };

  /** A gateway with this user's keys, and the same variables as an operator would set. */
  async function gatewayOf(user: Credentials, table = results): Promise<{ gateway: Gateway; url: string }> {
    const config = testConfig('', {
      DYNAMODB_ENDPOINT: moto.endpoint,
      DYNAMODB_TABLE_CRAWL_RESULTS: table,
      DYNAMODB_TABLE_SESSIONS: sessions,
      CRAWLGATE_MEMORY_FRESH_SECONDS: '0',
    });
    if (config.store.kind !== 'dynamodb') throw new Error('the store is moto');
    const gateway = await createGateway(
      { ...config, store: { ...config.store, credentials: user } },
      { output: { write: () => undefined } },
    );
    opened.push({ [Symbol.asyncDispose]: () => gateway.close() });
    return { gateway, url: `http://127.0.0.1:${gateway.address.port}/graphql` };
  }

  beforeAll(async () => {
    moto = await iamMoto();
    const admin = client(moto.users.admin);
    await createTable(admin, resultsTableInput(results, 'versioned'));
    await createTable(admin, sessionsTableInput(sessions));
  });
  afterAll(async () => {
    const admin = clientOf(moto.endpoint, moto.users.admin);
    for (const one of opened) await one[Symbol.asyncDispose]();
    for (const TableName of [results, sessions]) await admin.send(new DeleteTableCommand({ TableName }));
    admin.destroy();
  });

  const put = `mutation ($results: [JSON!]!) { cacheCrawl4aiResults(results: $results) { url error { code } } }`;
  const url = 'https://policies.example/page';
  const lookup = `{ crawlResult(url: "${url}") { url cleanedHtml } health { status } }`;
  const feed = '{ crawlFeed(first: 5) { edges { node { url } } } }';

  it('the writing gateway writes, reads and lists; the reading gateway reads and lists, and its writes are STORE_FORBIDDEN', async () => {
    const writing = await gatewayOf(moto.users.writing);
    const sent = [page(url, 1, { html: '<p>here</p>', cleaned_html: 'here' })];
    const stored = await askGraphql(writing.url, put, { results: sent });
    expect(stored.errors).toBeUndefined();
    expect(JSON.stringify(stored)).not.toMatch(/STORE_|errors/);
    const reading = await gatewayOf(moto.users.reading);
    for (const gateway of [writing, reading]) {
      const read = await askGraphql(gateway.url, lookup);
      expect(read.errors).toBeUndefined();
      expect(read.data).toMatchObject({ crawlResult: { url, cleanedHtml: 'here' } });
      expect(await askGraphql(gateway.url, feed)).toMatchObject({
        data: { crawlFeed: { edges: [{ node: { url } }] } },
      });
    }
    const refused = await askGraphql(reading.url, put, { results: [page(url, 2, { html: '<p>newer</p>' })] });
    expect(JSON.stringify(refused)).toContain('STORE_FORBIDDEN');
    expect(await askGraphql(writing.url, lookup)).toMatchObject({ data: { crawlResult: { cleanedHtml: 'here' } } });
  });

  it('a gateway under the classic policy, without DescribeTable, finds the layout, writes, reads, and lists by scanning', async () => {
    const table = 'crawl4ai-policies';
    const admin = client(moto.users.admin);
    await createTable(admin, resultsTableInput(table, 'document'));
    const { gateway, url: at } = await gatewayOf(moto.users.classic, table);
    const stored = await askGraphql(at, put, { results: [page(url, 1, { cleaned_html: 'classic' })] });
    expect(JSON.stringify(stored)).not.toMatch(/STORE_|errors/);
    expect(gateway.layout()).toBe('document');
    expect(await askGraphql(at, lookup)).toMatchObject({ data: { crawlResult: { cleanedHtml: 'classic' } } });
    expect(await askGraphql(at, feed)).toMatchObject({ data: { crawlFeed: { edges: [{ node: { url } }] } } });
    await admin.send(new DeleteTableCommand({ TableName: table }));
  });

  it("the operator's policy makes and completes tables, and nothing of another name", async () => {
    const name = 'crawlgate-conformance-operator';
    const operator = client(moto.users.operator);
    const provision = (table: string) =>
      provisionTable({
        control: createControl({ client: operator, signal: AbortSignal.timeout(60_000), pollMs: 1 }),
        name: table,
        shapeFor: () => resultsShape(table, 'versioned'),
        wishes: { billing: null, sse: null, recovery: true, deletionProtection: false, tags: new Map([ownTag]) },
        dryRun: false,
        onStep: () => undefined,
        onWait: () => undefined,
      });
    expect(await provision(name)).toMatchObject({ existed: false, left: [] });
    expect(await provision(name)).toMatchObject({ existed: true, changes: [], left: [] });
    await expect(provision('other-table')).rejects.toMatchObject({ code: 'STORE_FORBIDDEN' });
    await client(moto.users.admin).send(new DeleteTableCommand({ TableName: name }));
  });

  it('whoever has a policy of ours is refused other tables, other indexes and other calls', async () => {
    const key = { pk: { S: 'x' }, sk: { S: 'x' } };
    const reading = client(moto.users.exact);
    await reading.send(new GetItemCommand({ TableName: results, Key: key }));
    const query = {
      KeyConditionExpression: 'site = :site',
      ExpressionAttributeValues: { ':site': { S: 'a.example' } },
    };
    await reading.send(new QueryCommand({ TableName: results, IndexName: 'by-site', ...query }));
    for (const refused of [
      () => reading.send(new PutItemCommand({ TableName: results, Item: key })),
      () => reading.send(new GetItemCommand({ TableName: 'other', Key: key })),
      () => reading.send(new QueryCommand({ TableName: results, IndexName: 'timestamp-index', ...query })),
      () => client(moto.users.writing).send(new DeleteTableCommand({ TableName: results })),
      () => client(moto.users.operator).send(new DeleteTableCommand({ TableName: results })),
      () => client(moto.users.writing).send(new CreateTableCommand(sessionsTableInput('crawlgate-conformance-new'))),
    ]) {
      // moto refuses in XML where AWS answers in JSON: its status says the same.
      const thrown: unknown = await refused().catch((error: unknown) => error);
      expect(judgeFailure(thrown, 'any call').error.code).toBe('STORE_FORBIDDEN');
    }
  });
});
