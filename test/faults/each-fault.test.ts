// Each fault by itself, over real sockets: what a read and a write make of it, in how many calls.
import { getEventListeners, setMaxListeners } from 'node:events';
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createClient, refreshCredentials } from '../../src/dynamo/client.js';
import { createBatchGet, type ItemOutcome } from '../../src/dynamo/reading/batch-get.js';
import { createRetryPolicy, type RetryPolicy, waitForReal } from '../../src/dynamo/retry.js';
import { sendWrite, type WriteAnswer } from '../../src/dynamo/send-write.js';
import type { Table } from '../../src/dynamo/table.js';
import { type Events, silentEvents } from '../../src/observability/events.js';
import { within } from '../support/within.js';
import { always, script } from './fault-proxy.js';
import { type FaultWorld, startFaultWorld, tableName, until, urlsOf } from './fault-world.js';
import { exceptions, type Fault } from './faults.js';

const readTimeoutMs = 400;
const table: Table = { name: tableName, keyAttributes: ['url'] };
const urls = urlsOf('each', 100);
let world: FaultWorld;
let refreshes = 0;
const unexpected: unknown[] = [];
const live = new AbortController().signal;
setMaxListeners(0, live);

beforeAll(async () => {
  world = await startFaultWorld('document', readTimeoutMs);
  await world.store(urls);
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  world.proxy.plan(() => null);
  world.proxy.seen.length = 0;
  unexpected.length = 0;
  refreshes = 0;
});

const events: Events = { ...silentEvents, unexpectedError: ({ error }) => unexpected.push(error) };

/** A little more than its own three tries is left to a call: a slow machine may have one time out. */
function policy(budget = 5): RetryPolicy {
  return createRetryPolicy({
    baseMs: 5,
    maxRetries: 3,
    budget,
    random: Math.random,
    wait: waitForReal,
    refreshCredentials: () => {
      refreshes += 1;
      return refreshCredentials(world.client);
    },
  });
}

async function read(
  asked = urls,
  signal = within(5_000),
  client = world.client,
  retry = policy(),
): Promise<ReadonlyMap<string, ItemOutcome>> {
  const batchGet = createBatchGet({ client, retry, events, now: () => performance.now() });
  return batchGet({
    table,
    keys: asked.map((url) => ({ url: { S: url } })),
    projection: null,
    consistent: false,
    bytes: null,
    signal,
  });
}

/** Every code or kind that came, and how often. */
function tally(outcomes: ReadonlyMap<string, ItemOutcome>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes.values()) {
    const word = outcome.kind === 'failed' ? outcome.error.code : outcome.kind;
    counts[word] = (counts[word] ?? 0) + 1;
  }
  return counts;
}

let writes = 0;

async function write(): Promise<{ answer: WriteAnswer<object>; url: string }> {
  const url = `https://write.example/${++writes}`;
  const command = new PutItemCommand({ TableName: tableName, Item: { url: { S: url } } });
  const deps = { retry: policy(), events, now: Date.now };
  const answer = await sendWrite(deps, 'PutItem', 1, within(5_000), (options) => world.client.send(command, options));
  return { answer, url };
}

describe('a fault that passes', () => {
  const faults: readonly [string, Fault, number][] = [
    ['ProvisionedThroughputExceededException', exceptions.throughput, 2],
    ['ThrottlingException', exceptions.throttling, 2],
    ['RequestLimitExceeded', exceptions.requestLimit, 2],
    ['InternalServerError', exceptions.internal, 2],
    ['ServiceUnavailable', exceptions.unavailable, 2],
    ['a page of a proxy with 502', { kind: 'page', status: 502 }, 2],
    ['a page with 200', { kind: 'page', status: 200 }, 2],
    ['a page with 404', { kind: 'page', status: 404 }, 2],
    ['a slow answer', { kind: 'slow', ms: 50 }, 1],
    ['no answer', { kind: 'silent', isDone: false }, 2],
    ['half an answer, then nothing', { kind: 'stalled' }, 2],
    ['a reset connection', { kind: 'reset', isDone: false }, 2],
    ['half an answer, then a closed connection', { kind: 'broken' }, 2],
    ['half of the JSON', { kind: 'torn' }, 2],
    ['every key unprocessed', { kind: 'unprocessed', leaves: () => true }, 2],
    ['some keys unprocessed', { kind: 'unprocessed', leaves: (position) => position % 3 === 0 }, 2],
    ['an answer cut after 16 MB', { kind: 'cut', keys: 7 }, 2],
  ];

  it.each(faults)('%s: every key is found', async (_, fault, calls) => {
    world.proxy.plan(script(fault));
    expect(tally(await read())).toEqual({ found: 100 });
    expect(world.proxy.seen.length).toBeGreaterThanOrEqual(calls);
  });

  it.each(faults)('%s: the write is there', async (_, fault) => {
    world.proxy.plan(script(fault));
    const { answer, url } = await write();
    expect(answer.kind).toBe('written');
    expect(tally(await read([url]))).toEqual({ found: 1 });
  });

  it('thrice over is too', async () => {
    world.proxy.plan(script({ kind: 'torn' }, exceptions.internal, { kind: 'reset', isDone: true }));
    expect(tally(await read())).toEqual({ found: 100 });
  });
});

describe('a fault that does not pass', () => {
  it.each<[string, Fault, string]>([
    ['a missing table', exceptions.missingTable, 'STORE_MISCONFIGURED'],
    ['a refused permission', exceptions.forbidden, 'STORE_FORBIDDEN'],
    ['an unknown client', exceptions.unrecognized, 'STORE_FORBIDDEN'],
    ['an invalid request', exceptions.validation, 'STORE_MISCONFIGURED'],
  ])('%s is asked about once', async (_, fault, code) => {
    world.proxy.plan(always(fault));
    expect(tally(await read())).toEqual({ [code]: 100 });
    expect((await write()).answer).toMatchObject({ kind: 'failed', error: { code }, mayBeWritten: false });
    expect(world.proxy.seen).toHaveLength(2);
  });

  it('expired credentials are read anew once', async () => {
    world.proxy.plan(script(exceptions.expired));
    expect(tally(await read())).toEqual({ found: 100 });
    world.proxy.plan(always(exceptions.expired));
    expect(tally(await read())).toEqual({ STORE_FORBIDDEN: 100 });
    expect(world.proxy.seen).toHaveLength(4);
    expect(refreshes).toBe(2);
  });

  it('a key that stays unprocessed for ever fails alone, at the deadline', async () => {
    const [first = ''] = urls;
    world.proxy.plan(always({ kind: 'unprocessed', leaves: (_, key) => key.includes(`"${first}"`) }));
    const outcomes = await read(urls, within(200));
    expect(tally(outcomes)).toEqual({ found: 99, STORE_THROTTLED: 1 });
    expect(outcomes.get(first)?.kind).toBe('failed');
  });

  it('a store that stays away is asked four times', async () => {
    world.proxy.plan(always(exceptions.internal));
    expect(tally(await read(urls.slice(0, 7), live, world.client, policy(0)))).toEqual({ STORE_UNAVAILABLE: 7 });
    // Not the calls of other tests, given up by them and still on their way.
    expect(world.proxy.seen.filter(({ keys }) => keys.length === 7)).toHaveLength(4);
  });

  it('a fault of ours is asked about once, told once and is no outage', async () => {
    const fault = new TypeError("Cannot read properties of undefined (reading 'S')");
    const client = { send: () => Promise.reject(fault) };
    const batchGet = createBatchGet({ client: client as never, retry: policy(), events, now: () => 0 });
    const keys = urls.map((url) => ({ url: { S: url } }));
    const { signal } = new AbortController();
    const outcomes = await batchGet({ table, keys, projection: null, consistent: false, bytes: null, signal });
    expect(tally(outcomes)).toEqual({ INTERNAL_SERVER_ERROR: 100 });
    expect(unexpected).toEqual([expect.objectContaining({ cause: fault })]);
  });
});

describe('a refused connection', () => {
  it('is asked about again, and a write through it surely was not written', async () => {
    await world.proxy.refuse();
    try {
      expect(tally(await read())).toEqual({ STORE_UNAVAILABLE: 100 });
      expect((await write()).answer).toMatchObject({ kind: 'failed', mayBeWritten: false });
    } finally {
      await world.proxy.accept();
    }
    expect(tally(await read())).toEqual({ found: 100 });
  });
});

describe('a time limit', () => {
  it.each<[string, Fault]>([
    ['no answer', { kind: 'silent', isDone: true }],
    ['half an answer', { kind: 'stalled' }],
    ['a reset after it was done', { kind: 'reset', isDone: true }],
  ])('or an end that tells nothing (%s) leaves a write that may be there', async (_, fault) => {
    world.proxy.plan(always(fault));
    const { answer, url } = await write();
    expect(answer).toMatchObject({ kind: 'failed', error: { code: 'STORE_UNAVAILABLE' }, mayBeWritten: true });
    world.proxy.plan(() => null);
    expect(tally(await read([url]))).toEqual({ found: 1 });
  });

  describe('of four connections', () => {
    let few: DynamoDBClient;
    beforeAll(() => {
      few = createClient({
        region: 'us-east-1',
        endpoint: world.proxy.endpoint,
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        maxConnections: 4,
        connectTimeoutMs: 200,
        readTimeoutMs: 400,
      });
    });
    afterAll(() => few.destroy());

    it('does not run while a call waits for one of them', async () => {
      world.proxy.plan(always({ kind: 'slow', ms: 50 }));
      // 60 calls take 0.75 s: longer than one may, and four times as long as connecting may.
      const all = await Promise.all(Array.from({ length: 60 }, () => read(urls.slice(0, 1), live, few)));
      expect(all.map(tally)).toEqual(Array(60).fill({ found: 1 }));
      expect(world.proxy.seen).toHaveLength(60);
    });

    it('ends with the request: calls that wait for a connection do so no more', async () => {
      world.proxy.plan(always({ kind: 'silent', isDone: false }));
      const request = new AbortController();
      setMaxListeners(0, request.signal);
      const waiting = Promise.all(Array.from({ length: 10 }, () => read(urls.slice(0, 1), request.signal, few)));
      await until(() => world.proxy.seen.length === 4);
      request.abort();
      expect((await waiting).map(tally)).toEqual(Array(10).fill({ DEADLINE_EXCEEDED: 1 }));
      world.proxy.plan(() => null);
      expect(tally(await read(urls, live, few))).toEqual({ found: 100 });
      expect(getEventListeners(request.signal, 'abort')).toEqual([]);
    });

    it('leaves no listener on a request that goes on', async () => {
      world.proxy.plan(script({ kind: 'stalled' }, { kind: 'torn' }, { kind: 'reset', isDone: true }));
      const request = new AbortController();
      setMaxListeners(0, request.signal);
      await Promise.all(Array.from({ length: 20 }, () => read(urls.slice(0, 5), request.signal, few)));
      await until(() => getEventListeners(request.signal, 'abort').length === 0);
    });
  });
});
