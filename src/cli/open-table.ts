// The results table for a command: found, and with its readers and writers, straight to DynamoDB.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Config } from '../config.js';
import { describeResultsTable } from '../dynamo/describe.js';
import { createBatchGet } from '../dynamo/reading/batch-get.js';
import { createRetryPolicy, type RetryPolicy, waitForReal } from '../dynamo/retry.js';
import { CrawlgateError } from '../errors.js';
import { openTable, type TableAccess } from '../gateway/table-access.js';
import { type Events, silentEvents } from '../observability/events.js';
import type { CommandContext } from './command.js';

/** The table, and what other calls to it are made with. */
export interface OpenedTable extends TableAccess {
  readonly retry: RetryPolicy;
  readonly events: Events;
  /** Which table of that name it is, as far as it may be asked: another text where its place in a run says nothing. */
  readonly identity: string;
}

/** How it is opened where not as the gateway would. */
export interface OpenTableOptions {
  /** Hears of every call. */
  readonly events?: Events;
  /** In place of CRAWLGATE_KEEP_VERSIONS. */
  readonly keepVersions?: number;
}

/** Rejects with a CrawlgateError; STORE_MISCONFIGURED where there is no such table. */
export async function openResultsTable(
  client: DynamoDBClient,
  config: Config,
  context: Pick<CommandContext, 'say'>,
  options: OpenTableOptions = {},
): Promise<OpenedTable> {
  const described = await describeResultsTable(client, config.tables.results);
  if (described === null) {
    const where = `There is no table ${config.tables.results} in ${config.store.description}`;
    throw new CrawlgateError('STORE_MISCONFIGURED', `${where}: \`crawlgate provision\` makes one.`, {
      operation: 'DescribeTable',
    });
  }
  const events: Events = {
    ...(options.events ?? silentEvents),
    unexpectedError: ({ error }) => context.say(String(error)),
  };
  const { retryBaseMs: baseMs, maxRetries, keepVersions } = config.dynamo;
  const retry = createRetryPolicy({ baseMs, maxRetries, random: Math.random, wait: waitForReal });
  const batchGet = createBatchGet({ client, retry, events, now: () => performance.now() });
  const access = openTable(described, {
    ...{ client, batchGet, retry, events, now: Date.now },
    config: { ...config.dynamo, keepVersions: options.keepVersions ?? keepVersions },
    readResults: (request) => access.read(request),
  });
  return { ...access, retry, events, identity: `${described.layout} ${described.identity ?? ''}` };
}
