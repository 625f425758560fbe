// extensions.cost: what one request cost, where its reads were its own and where others shared them.
import { describe, expect, it } from 'vitest';
import { type FakeAnswer, type FakeRequest, found, startFakeDynamo } from '../support/fake-dynamo.js';
import { type StartedGateway, startGateway } from '../support/gateway.js';

const table = 'crawl4ai-results';
const many = 'query ($urls: [String!]!) { crawlResults(urls: $urls) { url } }';
const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `https://a.example/${from + i}`);

interface Cost {
  readonly lookups: number;
  readonly memoryHits: number;
  readonly staleHits: number;
  readonly batches: number;
  readonly keys: number;
  readonly retries: number;
  readonly readUnits: number;
}

function keysOf({ input }: FakeRequest): string[] {
  const tables = input.RequestItems as Record<string, { Keys: { url?: { S: string } }[] }> | undefined;
  return (tables?.[table]?.Keys ?? []).map(({ url }) => url?.S ?? '');
}

function answerAll(request: FakeRequest): FakeAnswer | null {
  if (request.operation !== 'BatchGetItem') return null;
  const keys = keysOf(request);
  const items = keys.map((url) => ({
    url: { S: url },
    success: { BOOL: true },
    created_at: { S: '2026-05-01T10:00:00Z' },
  }));
  const answer = found(table, ...items);
  if (!('body' in answer)) return answer;
  return { body: { ...answer.body, ConsumedCapacity: [{ TableName: table, CapacityUnits: keys.length * 0.5 }] } };
}

async function start(
  answer: (request: FakeRequest) => Promise<FakeAnswer | null> | FakeAnswer | null = answerAll,
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

/** In the lane as a POST, in yoga's own adapter as a GET. */
async function costOf(url: string, query: string, variables: object, way: 'lane' | 'yoga' = 'lane'): Promise<Cost> {
  const headers = { 'x-crawlgate-cost': '1', 'content-type': 'application/json', accept: 'application/json' };
  const search = new URLSearchParams({ query, variables: JSON.stringify(variables) });
  const response =
    way === 'lane'
      ? await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
      : await fetch(`${url}?${search}`, { headers });
  const { extensions } = (await response.json()) as { extensions?: { cost?: Cost } };
  if (extensions?.cost === undefined) throw new Error('no cost');
  return extensions.cost;
}

async function statsOf(gateway: StartedGateway) {
  const { data } = await gateway.ask(
    '{ stats { lookups memoryHits staleHits storeCalls storeKeys retriedKeys consumedReadUnits } }',
  );
  return data?.stats as Record<string, number>;
}

describe.each(['lane', 'yoga'] as const)('the cost of a request by way of the %s', (way) => {
  it('is what stats counts of it', async () => {
    await using gateway = await start();
    const cold = await costOf(gateway.url, many, { urls: [...numbered(0, 250), ...numbered(0, 50)] }, way);
    expect(cold).toEqual({
      lookups: 250,
      memoryHits: 0,
      staleHits: 0,
      batches: 3,
      keys: 250,
      retries: 0,
      readUnits: 125,
    });
    const warm = await costOf(gateway.url, many, { urls: numbered(200, 260) }, way);
    expect(warm).toEqual({ lookups: 60, memoryHits: 50, staleHits: 0, batches: 1, keys: 10, retries: 0, readUnits: 5 });
    expect(await statsOf(gateway)).toEqual({
      lookups: 310,
      memoryHits: 50,
      staleHits: 0,
      storeCalls: 4,
      storeKeys: 260,
      retriedKeys: 0,
      consumedReadUnits: 130,
    });
  });

  it('counts keys that were asked for again, each time', async () => {
    let calls = 0;
    await using gateway = await start((request) => {
      if (request.operation !== 'BatchGetItem' || keysOf(request).every((key) => !key.startsWith('https'))) {
        return answerAll(request);
      }
      calls += 1;
      return calls === 1 ? { error: 'ThrottlingException' } : answerAll(request);
    });
    const cost = await costOf(gateway.url, many, { urls: numbered(0, 4) }, way);
    expect(cost).toEqual({ lookups: 4, memoryHits: 0, staleHits: 0, batches: 2, keys: 8, retries: 4, readUnits: 2 });
  });

  it('counts stale hits', async () => {
    let isDown = false;
    await using gateway = await start(
      (request) =>
        isDown && request.operation === 'BatchGetItem' ? { error: 'AccessDeniedException' } : answerAll(request),
      { CRAWLGATE_MEMORY_FRESH_SECONDS: '0' },
    );
    await gateway.ask(many, { urls: numbered(0, 3) });
    isDown = true;
    const cost = await costOf(gateway.url, many, { urls: numbered(0, 3) }, way);
    expect(cost).toMatchObject({ lookups: 3, staleHits: 3, memoryHits: 0, keys: 3, readUnits: 0 });
  });
});

describe.each(['document', 'versioned'])('the cost of lists over the %s layout', (layout) => {
  it('is what stats counts of their queries and of the results that they read', async () => {
    await using gateway = await startGateway({ CRAWLGATE_LAYOUT: layout, CRAWLGATE_KEEP_VERSIONS: '3' });
    const store = 'mutation ($results: [CrawlResultInput!]!) { cacheCrawlResults(results: $results) { stored } }';
    for (const title of ['before', 'after']) {
      const results = numbered(0, 30).map((url) => ({ url, success: true, metadata: { title } }));
      await gateway.ask(store, { results });
    }
    const lists = [
      '{ crawlFeed(first: 10) { edges { node { url } } } }',
      '{ crawlFeed(first: 20) { edges { node { title } } } }',
      '{ crawlFeed(filter: { url: "a.example", match: HOST, success: true }) { edges { node { url } } } }',
      '{ crawlResult(url: "https://a.example/1") { versions { edges { node { title } } } } }',
    ];
    for (const list of lists) {
      const before = await statsOf(gateway);
      const cost = await costOf(gateway.url, list, {});
      const after = await statsOf(gateway);
      const grown = (name: string): number => (after[name] ?? 0) - (before[name] ?? 0);
      expect({ batches: cost.batches, keys: cost.keys, readUnits: cost.readUnits, lookups: cost.lookups }).toEqual({
        batches: grown('storeCalls'),
        keys: grown('storeKeys'),
        readUnits: grown('consumedReadUnits'),
        lookups: grown('lookups'),
      });
      if (list.includes('crawlFeed')) expect(cost.readUnits).toBeGreaterThan(0);
    }
  });
});

describe('the cost of requests at the same time', () => {
  it('is of their own keys in the batch that they share, and charges each key once', async () => {
    const gate = deferred();
    const first = deferred();
    await using gateway = await start(async (request) => {
      if (keysOf(request).includes('https://gate.example/')) {
        first.resolve();
        await gate.promise;
      }
      return answerAll(request);
    });
    // While one call is under way the keys of others gather.
    const opening = costOf(gateway.url, many, { urls: ['https://gate.example/'] });
    await first.promise;
    const [a, b] = [
      costOf(gateway.url, many, { urls: numbered(0, 30) }),
      costOf(gateway.url, many, { urls: numbered(20, 60) }),
    ];
    gate.resolve();
    const costs = await Promise.all([opening, a, b]);
    const stats = await statsOf(gateway);
    const sum = (name: keyof Cost): number => costs.reduce((total, cost) => total + cost[name], 0);
    expect(sum('lookups')).toBe(71);
    expect(sum('keys')).toBe(61);
    expect(sum('readUnits')).toBe(30.5);
    expect(stats).toMatchObject({
      lookups: sum('lookups'),
      storeKeys: sum('keys'),
      consumedReadUnits: sum('readUnits'),
      retriedKeys: 0,
    });
  });

  it('is nothing for what another request is reading already', async () => {
    const gate = deferred();
    const reading = deferred();
    const probed = deferred();
    await using gateway = await start(async (request) => {
      if (request.operation === 'BatchGetItem' && !keysOf(request).some((key) => key.startsWith('https')))
        probed.resolve();
      if (keysOf(request).includes('https://a.example/0')) {
        reading.resolve();
        await gate.promise;
      }
      return answerAll(request);
    });
    const payer = costOf(gateway.url, many, { urls: numbered(0, 2) });
    await reading.promise;
    const joiner = costOf(
      gateway.url,
      `query ($urls: [String!]!) { crawlResults(urls: $urls) { url } health { circuit } }`,
      {
        urls: numbered(0, 2),
      },
    );
    // Its probe goes out with its lookups; those find the read under way.
    await probed.promise;
    gate.resolve();
    expect(await payer).toMatchObject({ lookups: 2, keys: 2, readUnits: 1, batches: 1 });
    expect(await joiner).toMatchObject({ lookups: 2, keys: 0, readUnits: 0, batches: 0 });
  });
});

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

describe('without the header, or with another value', () => {
  it.each([undefined, '0', 'true'])('(%s) nothing is said', async (value) => {
    await using gateway = await start();
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(value === undefined ? {} : { 'x-crawlgate-cost': value }) },
      body: JSON.stringify({ query: many, variables: { urls: numbered(0, 1) } }),
    });
    expect(await response.json()).toEqual({ data: { crawlResults: [{ url: 'https://a.example/0' }] } });
  });
});
