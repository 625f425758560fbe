// Fills a new embedded table with the samples, through the gateway's own writer.
import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { TablesConfig } from '../config.js';
import { newResultOfCrawl4ai } from '../domain/crawl4ai-input.js';
import type { NewResult, StoredReceipt, WriteMany } from '../domain/write-many.js';
import type { Events } from '../observability/events.js';

/** What loading needs. */
export interface LoadSamplesDeps {
  readonly client: DynamoDBClient;
  readonly tables: TablesConfig;
  readonly put: WriteMany<NewResult, StoredReceipt>;
  readonly nowMs: number;
  readonly ttlDays: number;
  readonly maxUrlBytes: number;
}

/** Longer than this a start does not wait for them. */
const limitMs = 20_000;

/** Loads all of them, unless anything is stored already, and says so. A gateway goes on without them: never rejects. */
export async function loadSamples(
  deps: LoadSamplesDeps,
  events: Pick<Events, 'notice' | 'unexpectedError'>,
): Promise<void> {
  try {
    const count = await load(deps);
    if (count > 0) events.notice({ level: 'info', message: `Loaded ${count} sample results.` });
  } catch (error) {
    events.unexpectedError({ where: 'samples', error });
  }
}

async function load(deps: LoadSamplesDeps): Promise<number> {
  const { client, tables, nowMs } = deps;
  const first = await client.send(new ScanCommand({ TableName: tables.results, Limit: 1, Select: 'COUNT' }));
  if (first.Count !== 0) return 0;
  // The texts of the samples are needed once in a table's life: not at every import.
  const [{ sampleResults }, { sampleSessions }] = await Promise.all([
    import('../samples/sample-results.js'),
    import('../samples/sample-sessions.js'),
  ]);
  const inputs = sampleResults(new Date(nowMs)).map((sample) => newResultOfCrawl4ai(sample, deps));
  const outcomes = await deps.put({ inputs, signal: AbortSignal.timeout(limitMs) });
  const documents = DynamoDBDocumentClient.from(client);
  for (const session of sampleSessions(new Date(nowMs))) {
    await documents.send(new PutCommand({ TableName: tables.sessions, Item: session }));
  }
  const failed = outcomes.find((outcome) => outcome.kind === 'failed');
  if (failed?.kind === 'failed') throw failed.error;
  return outcomes.length;
}
