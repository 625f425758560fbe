// A real cache and a real table behind gateways of the hybrid store, whose memory forgets at once.
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { bucketOf } from '../../src/migration/route.js';
import { engines } from '../conformance/engines.js';
import { openWorld } from '../conformance/world.js';
import { type StartedGateway, startGateway } from '../support/gateway.js';
import { type CacheFixture, makeCache } from './cache-fixture.js';

/** Both stores. Disposing takes them away. */
export interface HybridWorld extends AsyncDisposable {
  readonly cache: CacheFixture;
  /** Starts a gateway over both. What the stores say is what is answered. */
  start(env: Readonly<Record<string, string>>): Promise<StartedGateway>;
  isInSqlite(url: string): boolean;
  isInDynamo(url: string): Promise<boolean>;
  /** Lets the result in DynamoDB be one that expired a second after 1970 began. */
  expire(url: string): Promise<void>;
  /** Variables of commands over both. */
  readonly env: Readonly<Record<string, string>>;
}

/** Makes an empty cache and an empty table. */
export async function openHybridWorld(): Promise<HybridWorld> {
  const [engine] = engines;
  if (engine === undefined) throw new Error('there is no engine');
  const world = await openWorld(engine, { layout: 'document' });
  const cache = await makeCache();
  const stores = {
    CRAWLGATE_STORE: 'hybrid',
    CRAWL4_AI_BASE_DIRECTORY: cache.base,
    DYNAMODB_ENDPOINT: world.endpoint ?? '',
    DYNAMODB_TABLE_CRAWL_RESULTS: world.table.name,
  };
  return {
    cache,
    env: stores,
    start: (env) =>
      startGateway({
        ...stores,
        // However slow this machine is, the stores agree when a write is acknowledged.
        CRAWLGATE_COPY_WAIT_MS: '60000',
        CRAWLGATE_MEMORY_FRESH_SECONDS: '0',
        CRAWLGATE_MEMORY_ABSENT_SECONDS: '0',
        CRAWLGATE_MEMORY_STALE_SECONDS: '0',
        ...env,
      }),
    isInSqlite: (url) => cache.database.prepare('SELECT 1 FROM crawled_data WHERE url = ?').get(url) !== undefined,
    isInDynamo: async (url) => (await world.stored(url)) !== null,
    async expire(url) {
      const command = new UpdateItemCommand({
        TableName: world.table.name,
        Key: { url: { S: url } },
        UpdateExpression: 'SET #t = :past, result_ttl = :past',
        ExpressionAttributeNames: { '#t': 'ttl' },
        ExpressionAttributeValues: { ':past': { N: '1' } },
      });
      await world.client.send(command);
    },
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]();
      await cache[Symbol.asyncDispose]();
    },
  };
}

/** A URL whose bucket lets it live in DynamoDB at 50 per cent, or not. */
export function urlAt(home: 'dynamodb' | 'sqlite', name: string): string {
  for (let index = 0; ; index += 1) {
    const url = `https://example.com/${name}/${index}`;
    if (bucketOf(url) < 50 === (home === 'dynamodb')) return url;
  }
}

/** Stores results with one text; all must be acknowledged. */
export async function put(gateway: StartedGateway, html: string, ...urls: readonly string[]): Promise<void> {
  const results = urls.map((url) => ({ url, success: true, html }));
  const answer = await gateway.ask(
    'mutation ($results: [JSON!]!) { cacheCrawl4aiResults(results: $results) { error { code message } } }',
    { results },
  );
  expect(answer.errors).toBeUndefined();
  expect(answer.data?.cacheCrawl4aiResults).toEqual(urls.map(() => ({ error: null })));
}

/** What is answered, and by which store. */
export interface LookedUp {
  readonly html: string;
  readonly source: string;
}

/** What is answered to a lookup; null where nothing is. */
export async function lookUp(gateway: StartedGateway, url: string): Promise<LookedUp | null> {
  const query = 'query ($url: String!) { crawlResult(url: $url) { html cache { source } } }';
  const answer = await gateway.ask(query, { url });
  expect(answer.errors).toBeUndefined();
  return lookedUp(answer.data?.crawlResult);
}

/** What is answered to lookups that come together, in their order. */
export async function lookAllUp(
  gateway: StartedGateway,
  urls: readonly string[],
): Promise<readonly (LookedUp | null)[]> {
  const query = 'query ($urls: [String!]!) { crawlResults(urls: $urls) { html cache { source } } }';
  const answer = await gateway.ask(query, { urls });
  expect(answer.errors).toBeUndefined();
  const results = answer.data?.crawlResults as readonly unknown[];
  expect(results).toHaveLength(urls.length);
  return results.map(lookedUp);
}

function lookedUp(answered: unknown): LookedUp | null {
  const result = answered as { html: string; cache: { source: string } } | null;
  return result === null ? null : { html: result.html, source: result.cache.source };
}

/** Removes one; the answer as it is. */
export async function invalidate(gateway: StartedGateway, url: string): Promise<unknown> {
  const mutation =
    'mutation ($urls: [String!]!) { invalidateCrawlResults(urls: $urls) { removed error { code message } } }';
  return (await gateway.ask(mutation, { urls: [url] })).data?.invalidateCrawlResults;
}
