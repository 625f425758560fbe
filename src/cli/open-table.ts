// The results table for a command: found, and with its readers and writers, straight to DynamoDB.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Config } from '../config.js';
import { type DescribedTable, describeResultsTable } from '../dynamo/describe.js';
import { createBatchGet } from '../dynamo/reading/batch-get.js';
import { createRetryPolicy, waitForReal } from '../dynamo/retry.js';
import { CrawlgateError } from '../errors.js';
import { openTable, type TableAccess } from '../gateway/table-access.js';
import { silentEvents } from '../observability/events.js';
import type { CommandContext } from './command.js';

/** The table, and which of that name it is, as `DescribedTable` has it. */
export type OpenedTable = TableAccess & Pick<DescribedTable, 'identity'>;

/** Rejects with a CrawlgateError; STORE_MISCONFIGURED where there is no such table. */
export async function openResultsTable(
  client: DynamoDBClient,
  config: Config,
  context: Pick<CommandContext, 'say'>,
): Promise<OpenedTable> {
  const described = await describeResultsTable(client, config.tables.results);
  if (described === null) {
    const where = `There is no table ${config.tables.results} in ${config.store.description}`;
    throw new CrawlgateError('STORE_MISCONFIGURED', `${where}: \`crawlgate provision\` makes one.`, {
      operation: 'DescribeTable',
    });
  }
  const events = {
    ...silentEvents,
    unexpectedError: ({ error }: { error: unknown }) => context.say(String(error)),
  };
  const { retryBaseMs: baseMs, maxRetries } = config.dynamo;
  const retry = createRetryPolicy({ baseMs, maxRetries, random: Math.random, wait: waitForReal });
  const batchGet = createBatchGet({ client, retry, events, now: () => performance.now() });
  const access = openTable(described, {
    ...{ client, batchGet, retry, events, now: Date.now, config: config.dynamo },
    readResults: (request) => access.read(request),
  });
  return { ...access, identity: described.identity };
}
