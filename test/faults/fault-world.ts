// An engine in a process of its own, the proxy before it, and the gateway's own reader and writers or all of it on top.
import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createClient } from '../../src/dynamo/client.js';
import { startEmbedded } from '../../src/dynamo/embedded.js';
import { createTable, resultsTableInput, sessionsTableInput } from '../../src/dynamo/provision.js';
import type { LayoutName } from '../../src/dynamo/table.js';
import { type StartedGateway, startGateway } from '../support/gateway.js';
import { type FaultProxy, startFaultProxy } from './fault-proxy.js';

/** The results table of every world. */
export const tableName = 'crawl4ai-results';

export interface FaultWorld extends AsyncDisposable {
  readonly proxy: FaultProxy;
  /** Straight to the engine: no fault is in its way. */
  readonly direct: DynamoDBClient;
  /** Through the proxy. */
  readonly client: DynamoDBClient;
  /** Stores small documents under these URLs, as a Python crawler would. */
  store(urls: readonly string[], more?: object): Promise<void>;
  /** A gateway whose DynamoDB is the proxy. */
  gateway(env?: Readonly<Record<string, string>>): Promise<StartedGateway>;
}

/** Starts it with an empty table. */
export async function startFaultWorld(layout: LayoutName = 'document', readTimeoutMs = 1_000): Promise<FaultWorld> {
  const engine = await startEmbedded({ dataDir: null, port: 0, portIsExplicit: false, tables: [] });
  const proxy = await startFaultProxy(engine.endpoint);
  const settings = {
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxConnections: 50,
    connectTimeoutMs: 1_000,
  };
  const direct = createClient({ ...settings, endpoint: engine.endpoint, readTimeoutMs: 30_000 });
  const client = createClient({ ...settings, endpoint: proxy.endpoint, readTimeoutMs });
  await createTable(direct, resultsTableInput(tableName, layout), { pollMs: 1 });
  await createTable(direct, sessionsTableInput('crawl4ai-sessions'), { pollMs: 1 });
  return {
    proxy,
    direct,
    client,
    async store(urls, more = {}) {
      for (let start = 0; start < urls.length; start += 25) {
        const puts = urls.slice(start, start + 25).map((url) => ({ PutRequest: { Item: itemOf(url, more) } }));
        await direct.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: puts } }));
      }
    },
    gateway: (env = {}) =>
      startGateway({
        DYNAMODB_ENDPOINT: proxy.endpoint,
        CRAWLGATE_RETRY_BASE_MS: '20',
        CRAWLGATE_READ_TIMEOUT_MS: String(readTimeoutMs),
        ...env,
      }),
    async [Symbol.asyncDispose]() {
      direct.destroy();
      client.destroy();
      await proxy[Symbol.asyncDispose]();
      await engine[Symbol.asyncDispose]();
    },
  };
}

/** URLs of one site, as many as told. */
export function urlsOf(site: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `https://${site}.example/${index}`);
}

/** What `store` puts under a URL; the text tells whose it is. */
export function htmlOf(url: string): string {
  return `<p>${url}</p>`;
}

function itemOf(url: string, more: object) {
  return {
    url: { S: url },
    html: { S: htmlOf(url) },
    success: { BOOL: true },
    status_code: { N: '200' },
    created_at: { S: '2026-11-01T00:00:00Z' },
    ...more,
  };
}

/** Resolves once `isSo`; looks every few milliseconds, for as long as the test may run. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** The value below which a share of the others lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Prints one line of figures. */
export function figure(text: string): void {
  process.stdout.write(`  figure: ${text}\n`);
}
