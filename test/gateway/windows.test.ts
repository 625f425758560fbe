// What operators see of a gateway agrees with what it really did: metrics, stats, health and log, over HTTP.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask, codesOf, lanes } from '../doors/two-lanes.js';
import { type FakeAnswer, type FakeRequest, found, startFakeDynamo } from '../support/fake-dynamo.js';
import { askGraphql, type StartedGateway, startGateway } from '../support/gateway.js';
import { readMetrics } from '../support/prometheus.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const table = 'crawl4ai-results';

/** Every URL has an item but those that begin with https://none. */
function itemsOf({ operation, input }: FakeRequest): FakeAnswer | null {
  if (operation !== 'BatchGetItem') return null;
  const keys = urlsOf(input);
  const items = keys
    .filter((url) => !url.startsWith('https://none'))
    .map((url) => ({ url: { S: url }, success: { BOOL: true }, created_at: { S: '2026-05-01T10:00:00Z' } }));
  const answer = found(table, ...items);
  if (!('body' in answer)) return answer;
  const units = { TableName: table, CapacityUnits: keys.length * 0.5 };
  return { body: { ...answer.body, ConsumedCapacity: [units] } };
}

function urlsOf(input: Record<string, unknown>): string[] {
  const tables = input.RequestItems as Record<string, { Keys: { url: { S: string } }[] }>;
  return (tables[table]?.Keys ?? []).map(({ url }) => url.S).filter((url) => url.startsWith('https://'));
}

async function startOver(
  answer: (request: FakeRequest) => FakeAnswer | null,
  env: Readonly<Record<string, string>> = {},
): Promise<StartedGateway> {
  const dynamo = await startFakeDynamo({ answer });
  const gateway = await startGateway({ DYNAMODB_ENDPOINT: dynamo.endpoint, CRAWLGATE_RETRY_BASE_MS: '1', ...env });
  return {
    ...gateway,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await dynamo[Symbol.asyncDispose]();
    },
  };
}

const many = 'query Many($urls: [String!]!) { crawlResults(urls: $urls) { url } }';
const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `https://a.example/${i}`);

describe('after a load that is known, /metrics', () => {
  it('counts every lookup by its outcome, every call, key, unit and operation, as stats does', async () => {
    await using gateway = await startOver(itemsOf);
    await gateway.ask(many, { urls: [...numbered(250), 'https://none.example/'] });
    await gateway.ask(many, { urls: [...numbered(40), 'https://none.example/'] });
    await gateway.ask('{ crawlResult(url: "no url") { url } }');
    await gateway.ask('{ nothing }');
    await gateway.ask('query Late { crawlResult(url: "https://a.example/x", onlyIfCached: true) { url } }');
    const { data } =
      await gateway.ask(`query Look { stats { lookups memoryHits staleHits misses hitRate storeCalls storeKeys
      retriedKeys throttles failures consumedReadUnits consumedWriteUnits } health { memory { entries bytes maxBytes } circuit } }`);
    const metrics = await readMetrics(gateway.port);

    expect(metrics.series('crawlgate_lookups_total')).toEqual({
      'outcome=fresh,source=memory': 40,
      'outcome=stale,source=memory': 0,
      'outcome=absent,source=memory': 1,
      'outcome=fresh,source=store': 250,
      'outcome=absent,source=store': 1,
      'outcome=not_in_memory,source=none': 1,
      'outcome=failed,source=store': 0,
    });
    expect(metrics.value('crawlgate_lookup_duration_seconds_count')).toBe(293);
    expect(metrics.series('crawlgate_store_calls_total')).toEqual({ 'operation=BatchGetItem,outcome=ok': 3 });
    expect(metrics.series('crawlgate_store_keys_total')).toEqual({ 'operation=BatchGetItem,outcome=ok': 251 });
    expect(metrics.value('crawlgate_store_call_duration_seconds_count', { operation: 'BatchGetItem' })).toBe(3);
    expect(metrics.value('crawlgate_batch_keys_sum')).toBe(251);
    expect(metrics.value('crawlgate_batch_keys_count')).toBe(3);
    expect(metrics.value('crawlgate_batch_keys_bucket', { le: '99' })).toBe(1);
    expect(metrics.value('crawlgate_batch_keys_bucket', { le: '100' })).toBe(3);
    expect(metrics.value('crawlgate_store_read_units_total')).toBe(125.5);
    expect(metrics.series('crawlgate_graphql_operations_total')).toEqual({
      'operation=Many,outcome=ok,type=query': 2,
      'operation=anonymous,outcome=errors,type=query': 1,
      'operation=refused,outcome=refused,type=unknown': 1,
      'operation=Late,outcome=errors,type=query': 1,
      'operation=Look,outcome=ok,type=query': 1,
    });
    expect(metrics.value('crawlgate_graphql_operation_duration_seconds_count')).toBe(5);

    const lookups = metrics.series('crawlgate_lookups_total');
    expect(data?.stats).toEqual({
      lookups: Object.values(lookups).reduce((sum, value) => sum + value, 0),
      memoryHits: 41,
      staleHits: 0,
      misses: 252,
      hitRate: 41 / 293,
      storeCalls: metrics.sum('crawlgate_store_calls_total'),
      storeKeys: metrics.sum('crawlgate_store_keys_total'),
      retriedKeys: metrics.sum('crawlgate_store_retried_keys_total'),
      throttles: metrics.value('crawlgate_store_throttles_total'),
      failures: lookups['outcome=failed,source=store'],
      consumedReadUnits: metrics.value('crawlgate_store_read_units_total'),
      consumedWriteUnits: metrics.value('crawlgate_store_write_units_total'),
    });
    expect(data?.health).toEqual({
      memory: {
        entries: metrics.value('crawlgate_memory_entries'),
        bytes: metrics.value('crawlgate_memory_bytes'),
        maxBytes: metrics.value('crawlgate_memory_max_bytes'),
      },
      circuit: 'CLOSED',
    });
    expect(metrics.series('crawlgate_circuit_state')).toEqual({
      'state=closed': 1,
      'state=half_open': 0,
      'state=open': 0,
    });
  });

  it('counts every operation that was not executed as refused, once, whatever was wrong with it', async () => {
    await using folder = await temporaryFolder();
    const manifest = join(folder.path, 'manifest.json');
    await writeFile(manifest, JSON.stringify({ known: '{ __typename }' }));
    await using gateway = await startOver(itemsOf, {
      CRAWLGATE_PERSISTED: 'allow',
      CRAWLGATE_PERSISTED_MANIFEST: manifest,
      CRAWLGATE_LOG_LEVEL: 'debug',
    });
    const { port } = gateway;
    const variables = { query: 'query ($u: String!) { crawlResult(url: $u) { url } }', variables: { u: 1 } };
    const wrong = [
      ['GRAPHQL_PARSE_FAILED', { query: '{' }],
      ['GRAPHQL_VALIDATION_FAILED', { query: '{ nothing }' }],
      ['BAD_USER_INPUT', variables],
      ['BAD_USER_INPUT', variables],
      ['OPERATION_RESOLUTION_FAILURE', { query: 'query A { __typename }', operationName: 'B' }],
      ['PERSISTED_QUERY_NOT_FOUND', { documentId: 'unknown' }],
      ['BAD_REQUEST', {}],
      ['BAD_REQUEST', []],
      ['BAD_REQUEST', 'no JSON'],
      ['TOO_MANY_URLS', { query: many, variables: { urls: numbered(1001) } }],
    ] as const;
    for (const lane of lanes) {
      for (const [code, body] of wrong) expect(codesOf(await ask({ port, lane, body })), code).toEqual([code]);
    }
    const metrics = await readMetrics(port);
    expect(metrics.series('crawlgate_graphql_operations_total')).toEqual({
      'operation=refused,outcome=refused,type=unknown': 2 * wrong.length,
    });
    const told = gateway.log.filter(({ tag }) => tag === 'GRAPHQL');
    const said = told.map(({ level, params }) => [level, (params as { codes: unknown }).codes]);
    expect(said).toEqual([...wrong, ...wrong].map(([code]) => ['debug', [code]]));
  });

  it('counts throttles and keys asked for again by their reason', async () => {
    let calls = 0;
    await using gateway = await startOver((request) => {
      if (request.operation !== 'BatchGetItem' || urlsOf(request.input).length === 0) return itemsOf(request);
      calls += 1;
      if (calls <= 2) return { error: 'ProvisionedThroughputExceededException' };
      if (calls > 3) return itemsOf(request);
      const { RequestItems } = request.input;
      return { body: { Responses: { [table]: [] }, UnprocessedKeys: RequestItems } };
    });
    await gateway.ask(many, { urls: numbered(7) });
    const metrics = await readMetrics(gateway.port);
    expect(metrics.series('crawlgate_store_retried_keys_total')).toEqual({
      'reason=ProvisionedThroughputExceededException': 14,
      'reason=UnprocessedKeys': 7,
    });
    expect(metrics.value('crawlgate_store_throttles_total')).toBe(3);
    expect(metrics.series('crawlgate_store_calls_total')).toEqual({
      'operation=BatchGetItem,outcome=throttled': 2,
      'operation=BatchGetItem,outcome=ok': 2,
    });
  });

  it('says how late the event loop is, and what the process takes', async () => {
    await using gateway = await startOver(itemsOf);
    const metrics = await readMetrics(gateway.port);
    for (const quantile of ['0.5', '0.99', '1']) {
      expect(metrics.value('crawlgate_event_loop_delay_seconds', { quantile })).toBeGreaterThanOrEqual(0);
    }
    expect(metrics.value('process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
    expect(metrics.value('process_cpu_seconds_total')).toBeGreaterThan(0);
  });

  it('has few values of every label, whatever the operations are called', async () => {
    await using gateway = await startOver(itemsOf);
    for (let i = 0; i < 60; i += 1) await gateway.ask(`query Q${i} { __typename }`);
    const series = (await readMetrics(gateway.port)).series('crawlgate_graphql_operations_total');
    expect(Object.keys(series)).toHaveLength(51);
    expect(series['operation=other,outcome=ok,type=query']).toBe(10);
  });

  it('is not there where it is off', async () => {
    await using gateway = await startOver(itemsOf, { CRAWLGATE_METRICS: 'false' });
    expect((await fetch(`http://127.0.0.1:${gateway.port}/metrics`)).status).toBe(404);
  });
});

describe('the log', () => {
  it('has one line for every lookup at debug, by its outcome, with the id of nothing but its URL', async () => {
    await using gateway = await startOver(itemsOf, { CRAWLGATE_LOG_LEVEL: 'debug' });
    await gateway.ask(many, { urls: [...numbered(3), 'https://none.example/?secret'] });
    await gateway.ask(many, { urls: numbered(3) });
    const tagged = (tag: string) => gateway.log.filter((line) => line.tag === tag);
    expect(tagged('CACHE_HIT')).toHaveLength(3);
    expect(tagged('CACHE_MISS')).toHaveLength(4);
    expect(tagged('CACHE_HIT')[0]).toMatchObject({
      level: 'debug',
      message: 'Retrieved cached result for URL: {url}',
      params: { url: 'https://a.example/0', response_time_ms: expect.any(Number), item_size_kb: expect.any(Number) },
    });
    expect(JSON.stringify(gateway.log)).not.toContain('secret');
    expect(tagged('GRAPHQL')).toHaveLength(2);
  });

  it('says at info nothing of what went well, and once of what did not, with the URL, the keys and the request', async () => {
    await using gateway = await startOver((request) =>
      request.operation === 'BatchGetItem' && urlsOf(request.input).length > 0
        ? { error: 'AccessDeniedException' }
        : null,
    );
    await gateway.ask(many, { urls: numbered(3) });
    await gateway.ask(many, { urls: numbered(3) });
    expect(gateway.log.filter(({ tag }) => tag !== 'GATEWAY')).toEqual([
      expect.objectContaining({
        level: 'warn',
        tag: 'DYNAMODB_ERROR',
        message: 'DynamoDB operation failed: {operation} for URL: {url}',
        params: expect.objectContaining({
          operation: 'BatchGetItem',
          url: 'https://a.example/0',
          keys: 3,
          error_code: 'AccessDeniedException',
          error_message: 'AccessDeniedException',
        }),
      }),
      expect.objectContaining({
        level: 'info',
        tag: 'GRAPHQL',
        params: expect.objectContaining({
          operation: 'Many',
          outcome: 'errors',
          codes: ['STORE_FORBIDDEN'],
          request_id: expect.any(String),
        }),
      }),
    ]);
  });
});

describe('x-request-id', () => {
  it.each(['3f2b9c1e-8a7d-4b57-9f51-0a1b2c3d4e5f', 'Root=1-67891233-abcdef012345678912345678', 'a'.repeat(128)])(
    'is taken from the caller where its shape is safe: %s',
    async (id) => {
      await using gateway = await startOver(itemsOf, { CRAWLGATE_LOG_LEVEL: 'debug' });
      const response = await post(gateway.url, { 'x-request-id': id });
      expect(response.headers.get('x-request-id')).toBe(id);
      expect(gateway.log.find(({ tag }) => tag === 'GRAPHQL')).toMatchObject({ params: { request_id: id } });
      // Yoga's own adapter answers this one.
      const other = await fetch(`${gateway.url}?query={__typename}`, {
        headers: { 'x-request-id': `${id}`, accept: '*/*' },
      });
      expect(other.headers.get('x-request-id')).toBe(id);
      expect(gateway.log.filter(({ tag }) => tag === 'GRAPHQL')[1]).toMatchObject({ params: { request_id: id } });
    },
  );

  it.each(['', 'two words', '{"a":1}', 'a'.repeat(129), '<script>', '\u00e9'])(
    'is ours where it is not: %j',
    async (id) => {
      await using gateway = await startOver(itemsOf);
      const [one, other] = [await post(gateway.url, { 'x-request-id': id }), await post(gateway.url, {})];
      expect(one.headers.get('x-request-id')).toMatch(/^[0-9a-f]{12}-[0-9a-z]+$/);
      expect(other.headers.get('x-request-id')).not.toBe(one.headers.get('x-request-id'));
    },
  );
});

function post(url: string, headers: Record<string, string>): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: 'query Hello { __typename }' }),
  });
}

describe('stale answers', () => {
  it('are counted as such, and the circuit says that it is open', async () => {
    let isDown = false;
    await using gateway = await startOver(
      (request) =>
        isDown && request.operation !== 'DescribeTable'
          ? { error: 'InternalServerError', status: 500 }
          : itemsOf(request),
      { CRAWLGATE_MEMORY_FRESH_SECONDS: '0' },
    );
    await gateway.ask(many, { urls: numbered(5) });
    isDown = true;
    for (let i = 0; i < 12; i += 1) await askGraphql(gateway.url, many, { urls: numbered(5) });
    const { data } = await gateway.ask('{ stats { staleHits } health { circuit } }');
    const metrics = await readMetrics(gateway.port);
    expect(metrics.value('crawlgate_lookups_total', { outcome: 'stale', source: 'memory' })).toBe(60);
    expect(data).toEqual({ stats: { staleHits: 60 }, health: { circuit: expect.stringMatching(/OPEN/) } });
    expect(metrics.value('crawlgate_circuit_state', { state: 'closed' })).toBe(0);
    expect(metrics.value('crawlgate_circuit_opened_total')).toBe(1);
  });
});

describe('with CRAWLGATE_CLOUDWATCH=emf', () => {
  it('one line on standard output sums up what happened, the last when the gateway ends', async () => {
    const gateway = await startOver(itemsOf, { CRAWLGATE_CLOUDWATCH: 'emf' });
    await gateway.ask(many, { urls: [...numbered(30), 'https://none.example/'] });
    await gateway.ask(many, { urls: numbered(20) });
    const { data } = await gateway.ask('{ stats { lookups misses hitRate storeCalls } }');
    expect(gateway.log.filter((line) => '_aws' in line)).toEqual([]);
    await gateway[Symbol.asyncDispose]();
    const [line, ...others] = gateway.log.filter((each) => '_aws' in each);
    expect(others).toEqual([]);
    expect(line).toMatchObject({
      Lookups: 51,
      StoreCalls: 1,
      CacheHitRate: { Values: [1, 0], Counts: [20, 31] },
      ResponseTime: { Count: 51 },
      ItemSize: { Count: 50 },
    });
    expect(data?.stats).toEqual({ lookups: 51, misses: 31, hitRate: 20 / 51, storeCalls: 1 });
  });
});
