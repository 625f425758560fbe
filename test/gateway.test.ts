// The whole gateway over HTTP: an embedded table below it, or a DynamoDB that the test holds in its hands.
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchWriteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { deferred } from '../src/domain/deferred.js';
import { createGateway } from '../src/gateway.js';
import { type FakeRequest, found, startFakeDynamo, tableOf } from './support/fake-dynamo.js';
import { type StartedGateway, startGateway, testConfig } from './support/gateway.js';
import { call, openSocket, post } from './support/raw-http.js';

const table = 'crawl4ai-results';
const clients: DynamoDBClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});

/** The plain SDK on the gateway's embedded engine, as a crawler would use it. */
function crawlerOf({ gateway }: StartedGateway): DynamoDBClient {
  const client = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: gateway.engine?.endpoint ?? '',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  clients.push(client);
  return client;
}

function itemOf(url: string, more: object = {}) {
  return {
    url: { S: url },
    html: { S: '<p>' },
    success: { BOOL: true },
    created_at: { S: '2026-11-01T00:00:00Z' },
    ...more,
  };
}

async function store(client: DynamoDBClient, urls: readonly string[]): Promise<void> {
  for (let start = 0; start < urls.length; start += 25) {
    const puts = urls.slice(start, start + 25).map((url) => ({ PutRequest: { Item: itemOf(url) } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: puts } }));
  }
}

function batchCalls({ calls }: StartedGateway): number {
  return calls.filter(({ operation }) => operation === 'BatchGetItem').length;
}

const manyQuery = 'query ($urls: [String!]!) { crawlResults(urls: $urls) { url success } }';
const oneQuery = 'query ($url: String!) { crawlResult(url: $url) { url statusCode cache { source status } } }';

describe('a lookup', () => {
  it('of 250 URLs, 50 of them named twice, takes three calls and keeps the order', async () => {
    await using started = await startGateway();
    const urls = Array.from({ length: 250 }, (_, index) => `https://a.example/${index}`);
    await store(crawlerOf(started), urls.slice(0, 200));
    const before = batchCalls(started);
    const asked = [...urls, ...urls.slice(0, 50)];
    const { data, errors } = await started.ask(manyQuery, { urls: asked });
    expect(errors).toBeUndefined();
    expect(batchCalls(started) - before).toBe(3);
    const expected = asked.map((url) => (urls.indexOf(url) < 200 ? { url, success: true } : null));
    expect(data?.crawlResults).toEqual(expected);
  });

  it('shares its calls with 199 others at the same time', async () => {
    await using started = await startGateway();
    const connections = await Promise.all(Array.from({ length: 200 }, () => openSocket(started.port)));
    // Twice: the first round shows the connections to the server, so that the second comes in at once.
    let before = 0;
    for (const [round, host] of ['warm.example', 'a.example'].entries()) {
      before = batchCalls(started);
      const answered = Promise.all(connections.map(({ socket }) => once(socket, 'data')));
      connections.forEach(({ socket }, index) => {
        const body = JSON.stringify({ query: oneQuery, variables: { url: `https://${host}/${index}` } });
        const close = round === 1 ? 'Connection: close\r\n' : '';
        socket.write(
          `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${close}` +
            `Content-Length: ${body.length}\r\n\r\n${body}`,
        );
      });
      await answered;
    }
    expect(batchCalls(started) - before).toBeLessThanOrEqual(20);
    for (const { heard } of connections) {
      expect((await heard).match(/\{"data":\{"crawlResult":null\}\}/g)).toHaveLength(2);
    }
  });

  it('of 20 items of 200 KB brings all 20, although the engine cuts such batches', async () => {
    await using started = await startGateway();
    const client = crawlerOf(started);
    const urls = Array.from({ length: 20 }, (_, index) => `https://a.example/${index}`);
    const html = { S: 'x'.repeat(200_000) };
    for (const url of urls) await client.send(new PutItemCommand({ TableName: table, Item: itemOf(url, { html }) }));
    const query = 'query ($urls: [String!]!) { crawlResults(urls: $urls) { html } }';
    const { data } = await started.ask(query, { urls });
    expect(data?.crawlResults).toEqual(urls.map(() => ({ html: html.S })));
  });

  it('is answered from memory the second time, and counted', async () => {
    await using started = await startGateway();
    const url = 'https://a.example/1';
    await store(crawlerOf(started), [url]);
    const first = await started.ask(oneQuery, { url });
    const second = await started.ask(oneQuery, { url });
    expect(first.data).toMatchObject({ crawlResult: { cache: { source: 'DYNAMODB', status: 'FRESH' } } });
    expect(second.data).toMatchObject({ crawlResult: { cache: { source: 'MEMORY', status: 'FRESH' } } });
    const { data } = await started.ask('{ health { status } stats { lookups memoryHits misses hitRate failures } }');
    expect(data).toEqual({
      health: { status: 'HEALTHY' },
      stats: { lookups: 2, memoryHits: 1, misses: 1, hitRate: 0.5, failures: 0 },
    });
  });
});

describe('health', () => {
  it('asks along with a lookup in one call where both are strong, and is counted nowhere', async () => {
    await using started = await startGateway();
    const sent = (): number => started.calls.filter(({ operation }) => operation === 'BatchGetItem').length;
    const before = sent();
    const query = '{ health { status } crawlResult(url: "https://a.example/", consistency: STRONG) { url } }';
    expect(await started.ask(query)).toEqual({ data: { health: { status: 'HEALTHY' }, crawlResult: null } });
    expect(sent() - before).toBe(1);
    expect((await started.ask('{ health { status } }')).data).toEqual({ health: { status: 'HEALTHY' } });
    expect(sent() - before).toBe(2);
    expect((await started.ask('{ stats { lookups misses storeCalls storeKeys } }')).data).toEqual({
      stats: { lookups: 1, misses: 1, storeCalls: 1, storeKeys: 1 },
    });
  });
});

describe('one request for many things', () => {
  it('that all listen to its deadline is no leak that Node would warn of', async () => {
    await using started = await startGateway();
    const warnings: string[] = [];
    const hear = ({ message }: Error): void => void warnings.push(message);
    process.on('warning', hear);
    const feeds = [91, 92, 93, 94].map((first) => `f${first}: crawlFeed(first: ${first}) { edges { cursor } }`);
    expect((await started.ask(`{ ${feeds.join(' ')} }`)).errors).toBeUndefined();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', hear);
    expect(warnings).toEqual([]);
  });
});

describe('a long text of the document layout', () => {
  it('is packed in memory once it is asked for again, and answered as it was', async () => {
    await using started = await startGateway();
    const url = 'https://a.example/';
    const html = `<p title="a">\n"€" ${'x'.repeat(80)}</p>`.repeat(1500);
    await crawlerOf(started).send(new PutItemCommand({ TableName: table, Item: itemOf(url, { html: { S: html } }) }));
    const query = 'query ($url: String!) { crawlResult(url: $url) { html crawl4ai } }';
    const memory = async () => {
      const { data } = await started.ask('{ health { memory { bytes } } }');
      const { health } = data as { health: { memory: { bytes: number } } };
      return health.memory.bytes;
    };
    const first = await started.ask(query, { url });
    expect(await memory()).toBeGreaterThan(html.length);
    expect(await started.ask(query, { url })).toEqual(first);
    await expect.poll(memory).toBeLessThan(html.length / 5);
    expect(await started.ask(query, { url })).toEqual(first);
    const { crawlResult } = first.data as { crawlResult: { html: string } };
    expect(crawlResult.html === html).toBe(true);
    const plain = await call({
      port: started.port,
      method: 'POST',
      path: '/graphql',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { url } }),
    });
    expect(JSON.parse(plain.body)).toEqual(first);
  });
});

describe('the edge', () => {
  it('lets a POST keep its body whatever its query string says', async () => {
    await using started = await startGateway();
    const headers = { 'content-type': 'application/json' };
    const body = '{"query":"{ __typename }"}';
    const answer = await call({ port: started.port, method: 'POST', path: '/graphql?x=/health', headers, body });
    expect(JSON.parse(answer.body)).toEqual({ data: { __typename: 'Query' } });
    const got = await call({ port: started.port, path: '/graphql?query=%7B__typename%7D&x=/health' });
    expect(JSON.parse(got.body)).toEqual({ data: { __typename: 'Query' } });
  });

  it('allows no other origin to read', async () => {
    await using started = await startGateway();
    const answer = await post(started.port, '{ __typename }', { origin: 'https://evil.example' });
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('runs no mutation but as a POST of JSON', async () => {
    await using started = await startGateway();
    const mutation = 'mutation { invalidateCrawlResults(urls: ["https://a.example/"]) { url } }';
    const { port } = started;
    const got = await call({ port, path: `/graphql?query=${encodeURIComponent(mutation)}` });
    expect(got.status).toBe(405);
    const type = 'application/x-www-form-urlencoded';
    const body = `query=${encodeURIComponent(mutation)}`;
    const form = await call({ port, method: 'POST', path: '/graphql', headers: { 'content-type': type }, body });
    expect(form.status).toBe(415);
    expect(started.calls.filter(({ operation }) => operation !== 'BatchGetItem')).toEqual([]);
  });

  it('answers 413 to a body that turns out larger than allowed', async () => {
    await using started = await startGateway({ CRAWLGATE_MAX_BODY_BYTES: '2000', CRAWLGATE_MAX_RESULT_BYTES: '1024' });
    const { socket, heard } = await openSocket(started.port);
    socket.write(
      'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n',
    );
    socket.write(`Transfer-Encoding: chunked\r\n\r\n1000\r\n${'x'.repeat(4096)}\r\n0\r\n\r\n`);
    expect(await heard).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('serves GraphiQL', async () => {
    await using started = await startGateway();
    const headers = { accept: 'text/html', 'accept-encoding': 'gzip' };
    const page = await call({ port: started.port, path: '/graphql', headers });
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
  });
});

describe('the samples', () => {
  it('fill an empty table once, sessions included, and are never put back', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'crawlgate-test-'));
    const env = { CRAWLGATE_DATA_DIR: dataDir, CRAWLGATE_SAMPLES: '1' };
    const url = 'https://www.tidewater-museum.example/visit/tide-times';
    const query = `{ crawlResult(url: "${url}") { success } crawlSession(id: "shop-price-watch") { id } }`;
    {
      await using started = await startGateway(env);
      const { data, errors } = await started.ask(query);
      expect(errors).toBeUndefined();
      expect(data).toMatchObject({ crawlResult: { success: false }, crawlSession: { id: 'shop-price-watch' } });
      const removed = await started.ask(`mutation { invalidateCrawlResults(urls: ["${url}"]) { removed } }`);
      expect(removed.data).toEqual({ invalidateCrawlResults: [{ removed: true }] });
    }
    {
      await using started = await startGateway(env);
      expect((await started.ask(query)).data).toMatchObject({ crawlResult: null });
    }
    await rm(dataDir, { recursive: true });
  });

  it('are left out where they are not wanted', async () => {
    await using started = await startGateway({ CRAWLGATE_SAMPLES: '0' });
    const url = 'https://www.tidewater-museum.example/visit/tide-times';
    expect((await started.ask(oneQuery, { url })).data).toEqual({ crawlResult: null });
  });
});

describe('a store that is down when the gateway starts', () => {
  it('fails lookups with its code, and is found without a restart once it is there', async () => {
    const { port, endpoint } = await freePort();
    await using started = await startGateway({ DYNAMODB_ENDPOINT: endpoint, DYNAMODB_MAX_RETRIES: '0' });
    const url = 'https://a.example/';
    const down = await started.ask(oneQuery, { url });
    expect(down).toMatchObject({
      data: { crawlResult: null },
      errors: [{ path: ['crawlResult'], extensions: { code: 'STORE_UNAVAILABLE', url } }],
    });
    expect(await call({ port: started.port, path: '/health' })).toMatchObject({ status: 200 });
    const ready = await call({ port: started.port, path: '/ready' });
    expect(ready.status).toBe(503);
    expect(JSON.parse(ready.body)).toMatchObject({
      status: 'unhealthy',
      error: expect.stringMatching(/^STORE_UNAVAIL/),
    });
    expect(started.notices.join()).toMatch(/STORE_UNAVAILABLE/);

    await using _store = await startFakeDynamo({ port, answer: answerWith(itemOf(url)) });
    await expect.poll(async () => (await call({ port: started.port, path: '/ready' })).status).toBe(200);
    expect(await started.ask(oneQuery, { url })).toMatchObject({ data: { crawlResult: { url } } });
    const { data } = await started.ask('{ health { status store { kind region layout itemCount reachable } } }');
    expect(data).toEqual({
      health: {
        status: 'HEALTHY',
        store: { kind: 'dynamodb', region: 'us-east-1', layout: 'document', itemCount: 7, reachable: true },
      },
    });
  });

  it('is asked for its table by one of many lookups, and not by each', async () => {
    const { port, endpoint } = await freePort();
    await using started = await startGateway({ DYNAMODB_ENDPOINT: endpoint, DYNAMODB_MAX_RETRIES: '0' });
    await using store = await startFakeDynamo({ port, answer: () => ({ error: 'InternalServerError' }) });
    for (let index = 0; index < 20; index += 1) await started.ask(oneQuery, { url: `https://a.example/${index}` });
    expect(store.operations.length).toBeLessThanOrEqual(3);
  });
});

describe('a store that goes away', () => {
  it('is stood in for by memory, marked STALE, and named for what memory does not hold', async () => {
    const url = 'https://a.example/';
    const store = await startFakeDynamo({ answer: answerWith(itemOf(url)) });
    await using started = await startGateway({
      DYNAMODB_ENDPOINT: store.endpoint,
      DYNAMODB_MAX_RETRIES: '0',
      CRAWLGATE_MEMORY_FRESH_SECONDS: '0',
      CRAWLGATE_DEADLINE_MS: '1000',
    });
    await started.ask(oneQuery, { url });
    await store[Symbol.asyncDispose]();
    const { data, errors } = await started.ask(
      'query ($a: String!, $b: String!) { a: crawlResult(url: $a) { cache { source status } } b: crawlResult(url: $b) { url } }',
      { a: url, b: 'https://b.example/' },
    );
    expect(data).toEqual({ a: { cache: { source: 'MEMORY', status: 'STALE' } }, b: null });
    const code = expect.stringMatching(/^(STORE_UNAVAILABLE|DEADLINE_EXCEEDED)$/);
    expect(errors).toMatchObject([{ path: ['b'], extensions: { code } }]);
    const health = await started.ask('{ health { status error store { reachable } } }');
    expect(health.data).toMatchObject({ health: { status: 'DEGRADED', store: { reachable: false } } });
  });
});

describe('a remote table', () => {
  it('that is missing is waited for, and named until it is there', async () => {
    let isThere = false;
    await using store = await startFakeDynamo({
      answer: () => (isThere ? null : { error: 'ResourceNotFoundException' }),
    });
    await using started = await startGateway({ DYNAMODB_ENDPOINT: store.endpoint });
    const url = 'https://a.example/';
    const missing = await started.ask(oneQuery, { url });
    expect(missing.errors).toMatchObject([{ extensions: { code: 'STORE_MISCONFIGURED' } }]);
    expect(missing.errors?.[0]?.message).toContain('DYNAMODB_TABLE_CRAWL_RESULTS');
    isThere = true;
    await expect.poll(async () => (await started.ask(oneQuery, { url })).errors).toBeUndefined();
    expect(store.operations).not.toContain('CreateTable');
  });

  it('with keys of another kind keeps the gateway from starting', async () => {
    await using store = await startFakeDynamo({ answer: () => tableOf('id') });
    await expect(startGateway({ DYNAMODB_ENDPOINT: store.endpoint })).rejects.toMatchObject({
      code: 'STORE_MISCONFIGURED',
      message: expect.stringContaining('keyed by id'),
    });
  });
});

describe('a gateway that cannot start', () => {
  it('tells for the last time what it has counted, and no more', async () => {
    const lines: string[] = [];
    const env = { CRAWLGATE_CLOUDWATCH: 'emf', CRAWLGATE_API_KEYS_FILE: '/nowhere/keys' };
    const output = { write: (line: string) => lines.push(line) };
    await expect(createGateway(testConfig('/nowhere', env), { output })).rejects.toThrow('CRAWLGATE_API_KEYS_FILE');
    expect(lines.filter((line) => line.includes('"_aws"'))).toHaveLength(1);
  });

  it.each(['because its port is taken', 'because its table is none of ours'])(
    '%s, lets go of all that it opened',
    async (why) => {
      const folder = await mkdtemp(join(tmpdir(), 'crawlgate-start-'));
      const snapshot = join(folder, 'memory');
      await using store = await startFakeDynamo({ answer: answerWith(itemOf('https://a.example/')) });
      const env = { DYNAMODB_ENDPOINT: store.endpoint, CRAWLGATE_MEMORY_SNAPSHOT: snapshot };
      const first = await startGateway(env);
      await first.ask(oneQuery, { url: 'https://a.example/' });
      await first[Symbol.asyncDispose]();
      const saved = await readFile(snapshot);

      await using strange = await startFakeDynamo({ answer: () => tableOf('id') });
      const wrong = why.includes('port')
        ? { CRAWLGATE_PORT: String(store.port) }
        : { DYNAMODB_ENDPOINT: strange.endpoint };
      await expect(startGateway({ ...env, ...wrong })).rejects.toThrow();
      expect(await openFiles()).not.toContain(snapshot);
      expect(await readFile(snapshot)).toEqual(saved);
      await rm(folder, { recursive: true });
    },
  );
});

/** The files that this process has open, where the system tells. */
async function openFiles(): Promise<readonly string[]> {
  const folder = '/proc/self/fd';
  const handles = await readdir(folder).catch(() => []);
  return Promise.all(handles.map((handle) => readlink(join(folder, handle)).catch(() => '')));
}

describe('closing', () => {
  it('lets a query in flight answer, and then lets go of everything', async () => {
    const url = 'https://a.example/';
    const held = deferred<void>();
    const asked = deferred<void>();
    await using store = await startFakeDynamo({
      answer: async (request) => {
        if (request.operation !== 'BatchGetItem') return null;
        asked.resolve();
        await held.promise;
        return found(table, itemOf(url));
      },
    });
    await using started = await startGateway({ DYNAMODB_ENDPOINT: store.endpoint });
    const answer = started.ask(oneQuery, { url });
    await asked.promise;
    const closed = started.gateway.close();
    await expect(post(started.port, '{ __typename }')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    held.resolve();
    expect(await answer).toMatchObject({ data: { crawlResult: { url } } });
    await closed;
  });

  it('cuts off a query that is not answered within the limit', async () => {
    const asked = deferred<void>();
    await using store = await startFakeDynamo({
      answer: ({ operation }) => {
        if (operation !== 'BatchGetItem') return null;
        asked.resolve();
        return new Promise(() => undefined);
      },
    });
    await using started = await startGateway({ DYNAMODB_ENDPOINT: store.endpoint, CRAWLGATE_SHUTDOWN_MS: '10' });
    const answer = started.ask(oneQuery, { url: 'https://a.example/' }).catch((error: unknown) => error);
    await asked.promise;
    await started.gateway.close();
    expect(await answer).toBeInstanceOf(TypeError);
  });

  it('may be asked for twice', async () => {
    const started = await startGateway();
    await Promise.all([started.gateway.close(), started.gateway.close()]);
    await started[Symbol.asyncDispose]();
  });
});

/** Answers every batch with the items, and everything else as an empty table does. */
function answerWith(...items: readonly object[]) {
  return ({ operation }: FakeRequest) => (operation === 'BatchGetItem' ? found(table, ...items) : null);
}

/** A port that was free a moment ago. */
async function freePort(): Promise<{ port: number; endpoint: string }> {
  const taken = await startFakeDynamo({});
  await taken[Symbol.asyncDispose]();
  return { port: taken.port, endpoint: taken.endpoint };
}
