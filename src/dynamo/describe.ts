// Finds out what a table is: its layout from its keys, and which of our indexes it has.
import {
  DescribeTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { CrawlgateError } from '../errors.js';
import { feedIndexes, type IndexName } from './feed-indexes.js';
import { judgeFailure } from './store-error.js';
import { healthKeys, type LayoutName, layoutOfKeys, resultKeyAttributes, type Table } from './table.js';

/** What is known of a results table. */
export interface DescribedTable {
  readonly table: Table;
  readonly layout: LayoutName;
  readonly indexes: ReadonlySet<IndexName>;
  /** As DynamoDB last counted, hours old; null where it may not be asked. */
  readonly itemCount: number | null;
  /** Which table of that name it is: another one where it was deleted and made again; null where it may not be asked. */
  readonly identity: string | null;
}

/** Null: there is no such table. Rejects with a CrawlgateError where that is not known or the keys are none of ours. */
export async function describeResultsTable(
  client: Pick<DynamoDBClient, 'send'>,
  name: string,
): Promise<DescribedTable | null> {
  try {
    const { Table: description } = await client.send(new DescribeTableCommand({ TableName: name }));
    if (description === undefined) throw new Error('DescribeTable answered without a table');
    return judge(name, description);
  } catch (thrown) {
    if (thrown instanceof CrawlgateError) throw thrown;
    if (isNotFound(thrown)) return null;
    const failure = judgeFailure(thrown, 'DescribeTable');
    // Crawl4AI's usual policy does not allow DescribeTable; reading with each key shape tells as well.
    if (failure.error.code !== 'STORE_FORBIDDEN') throw failure.error;
    return probeKeys(client, name);
  }
}

async function probeKeys(client: Pick<DynamoDBClient, 'send'>, name: string): Promise<DescribedTable | null> {
  for (const layout of ['document', 'versioned'] as const) {
    try {
      await client.send(new GetItemCommand({ TableName: name, Key: healthKeys[layout] }));
      return { table: tableOf(name, layout), layout, indexes: new Set(), itemCount: null, identity: null };
    } catch (thrown) {
      if (isNotFound(thrown)) return null;
      if (!(thrown instanceof Error) || thrown.name !== 'ValidationException') {
        throw judgeFailure(thrown, 'GetItem').error;
      }
    }
  }
  throw wrongKeys(name, 'other attributes');
}

function judge(name: string, description: TableDescription): DescribedTable {
  const keys = (description.KeySchema ?? []).map((key) => key.AttributeName ?? '');
  const layout = layoutOfKeys(keys);
  if (layout === null) throw wrongKeys(name, keys.join(' and '));
  const found = new Set((description.GlobalSecondaryIndexes ?? []).map((index) => index.IndexName));
  return {
    table: tableOf(name, layout),
    layout,
    indexes: new Set(feedIndexes.map(({ name: index }) => index).filter((index) => found.has(index))),
    itemCount: description.ItemCount ?? null,
    identity: description.TableId ?? description.CreationDateTime?.toISOString() ?? null,
  };
}

/** The results table of that name and layout. */
export function tableOf(name: string, layout: LayoutName): Table {
  return { name, keyAttributes: resultKeyAttributes[layout] };
}

function wrongKeys(name: string, found: string): CrawlgateError {
  return new CrawlgateError(
    'STORE_MISCONFIGURED',
    `The table ${name} is keyed by ${found}; results are keyed by url, or by pk and sk.`,
    { operation: 'DescribeTable' },
  );
}

function isNotFound(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'ResourceNotFoundException';
}
