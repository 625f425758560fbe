// Removes expired items from the embedded tables, as AWS does by itself where a table has TTL; dynalite has none.
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  paginateScan,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';

export interface ExpirySweepOptions {
  readonly client: DynamoDBClient;
  /** Tables whose `ttl` attribute is a time of expiry in epoch seconds. One that does not exist is passed over. */
  readonly tables: readonly string[];
  /** The present, in epoch seconds. */
  readonly nowSeconds: number;
  readonly signal?: AbortSignal;
}

/**
 * Deletes every item whose `ttl` is a number in the past, though not by more than five years (AWS takes such a number for a
 * mistake), and still is the same when the item is deleted. Resolves to the number of items removed.
 */
export async function sweepExpired({ client, tables, nowSeconds, signal }: ExpirySweepOptions): Promise<number> {
  const sending = signal === undefined ? {} : { abortSignal: signal };
  let removed = 0;
  for (const table of tables) {
    const keyNames = await keyNamesOf(client, table, sending);
    if (keyNames === null) continue;
    for await (const item of expiredItems(client, table, keyNames, nowSeconds, signal)) {
      const { [TTL]: ttl, ...key } = item;
      if (ttl !== undefined && (await deleteIfStill(client, table, key, ttl, sending))) removed += 1;
    }
  }
  return removed;
}

/** A client for the engine on `port` of this machine, steered by no setting of the environment. */
export function createSweepClient(port: number): DynamoDBClient {
  return new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'embedded', secretAccessKey: 'embedded' },
    maxAttempts: 1,
    // A logger with `info` makes the SDK walk through every attribute of every answer.
    logger: { warn() {}, error() {} } as unknown as NonNullable<DynamoDBClientConfig['logger']>,
  });
}

const TTL = 'ttl';
const FIVE_YEARS_SECONDS = 5 * 365 * 86_400;

// Small pages: the engine answers nobody else while it filters one.
const PAGE_ITEMS = 100;

type Item = NonNullable<DeleteItemCommand['input']['Key']>;
type Value = Item[string];
type Sending = { readonly abortSignal?: AbortSignal };

async function keyNamesOf(client: DynamoDBClient, table: string, sending: Sending): Promise<string[] | null> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }), sending);
    return (Table?.KeySchema ?? []).flatMap(({ AttributeName }) => AttributeName ?? []);
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return null;
    throw error;
  }
}

async function* expiredItems(
  client: DynamoDBClient,
  table: string,
  keyNames: readonly string[],
  nowSeconds: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Item> {
  const aliases = keyNames.map((_, index) => `#key${index}`);
  const pages = paginateScan(
    { client, pageSize: PAGE_ITEMS },
    {
      TableName: table,
      FilterExpression: '#ttl < :now AND #ttl >= :oldest',
      ProjectionExpression: [...aliases, '#ttl'].join(', '),
      ExpressionAttributeNames: { '#ttl': TTL, ...Object.fromEntries(keyNames.map((name, i) => [`#key${i}`, name])) },
      ExpressionAttributeValues: {
        ':now': { N: String(nowSeconds) },
        ':oldest': { N: String(nowSeconds - FIVE_YEARS_SECONDS) },
      },
    },
  );
  for await (const page of pages) {
    signal?.throwIfAborted();
    yield* page.Items ?? [];
  }
}

async function deleteIfStill(
  client: DynamoDBClient,
  table: string,
  key: Item,
  ttl: Value,
  sending: Sending,
): Promise<boolean> {
  try {
    await client.send(
      new DeleteItemCommand({
        TableName: table,
        Key: key,
        ConditionExpression: '#ttl = :seen',
        ExpressionAttributeNames: { '#ttl': TTL },
        ExpressionAttributeValues: { ':seen': ttl as NonNullable<Value> },
      }),
      sending,
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
