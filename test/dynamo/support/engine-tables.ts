// The embedded engine in this process with empty tables of every kind, and a record of what went over the wire.
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { createTable, resultsTableInput, sessionsTableInput } from '../../../src/dynamo/provision.js';
import { type Item, resultKeyAttributes, sessionKeyAttributes, type Table } from '../../../src/dynamo/table.js';
import { startEngineServer } from '../../../src/embedded/engine-server.js';
import { clientAt } from '../../support/client-at.js';

/** One BatchGetItem as it went over the wire. */
export interface WireCall {
  readonly keys: readonly Item[];
  readonly consistent: boolean;
  /** The attributes asked for; null for whole items. */
  readonly asked: readonly string[] | null;
  /** Bytes of the answer's body. */
  readonly answerBytes: number;
}

/** The tables, for one test file. */
export interface EngineTables {
  readonly client: DynamoDBClient;
  readonly documents: Table;
  readonly versioned: Table;
  readonly sessions: Table;
  /** Every BatchGetItem so far; tests empty it. */
  readonly calls: WireCall[];
  put(table: Table, item: Item): Promise<void>;
  close(): Promise<void>;
}

/** Starts the engine and makes the tables. */
export async function startEngineTables(): Promise<EngineTables> {
  const engine = await startEngineServer({
    folder: null,
    port: 0,
    portFallback: false,
    waitMs: 0,
    tables: [],
    sweepEveryMs: 600_000,
    signal: new AbortController().signal,
  });
  const client = clientOf(engine.port);
  const calls: WireCall[] = [];
  record(client, calls);
  await createTable(client, resultsTableInput('documents', 'document'), { pollMs: 1 });
  await createTable(client, resultsTableInput('versioned', 'versioned'), { pollMs: 1 });
  await createTable(client, sessionsTableInput('sessions'), { pollMs: 1 });
  return {
    client,
    documents: { name: 'documents', keyAttributes: resultKeyAttributes.document },
    versioned: { name: 'versioned', keyAttributes: resultKeyAttributes.versioned },
    sessions: { name: 'sessions', keyAttributes: sessionKeyAttributes },
    calls,
    async put(table, item) {
      await client.send(new PutItemCommand({ TableName: table.name, Item: item }));
    },
    async close() {
      client.destroy();
      await engine.close(1000);
    },
  };
}

function clientOf(port: number): DynamoDBClient {
  return clientAt(`http://127.0.0.1:${port}`, 30_000);
}

interface WireInput {
  readonly RequestItems?: Readonly<
    Record<
      string,
      {
        readonly Keys: readonly Item[];
        readonly ConsistentRead?: boolean;
        readonly ProjectionExpression?: string;
        readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
      }
    >
  >;
}

function record(client: DynamoDBClient, calls: WireCall[]): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const output = await next(args);
      const { headers, body } = args.request as { headers: Record<string, string>; body: Uint8Array | string };
      if (headers['x-amz-target'] === 'DynamoDB_20120810.BatchGetItem') {
        const answer = output.response as { headers: Record<string, string> };
        const [request] = Object.values(
          (JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body)) as WireInput).RequestItems ??
            {},
        );
        const names = request?.ExpressionAttributeNames ?? {};
        calls.push({
          keys: request?.Keys ?? [],
          consistent: request?.ConsistentRead ?? false,
          asked: request?.ProjectionExpression?.split(',').map((name) => names[name] ?? name) ?? null,
          answerBytes: Number(answer.headers['content-length']),
        });
      }
      return output;
    },
    { step: 'deserialize', name: 'recordWireCalls' },
  );
}
