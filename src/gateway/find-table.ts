// Finds the results table and what it is; in the embedded engine, which is the gateway's own, makes what is missing.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Config } from '../config.js';
import { type DescribedTable, describeResultsTable } from '../dynamo/describe.js';
import { createTable, resultsTableInput, sessionsTableInput } from '../dynamo/provision.js';
import { CrawlgateError } from '../errors.js';

/** There is no such table yet. A crawler or `crawlgate provision` may make it any time. */
export class MissingTableError extends CrawlgateError<'STORE_MISCONFIGURED'> {}

/** Rejects with a CrawlgateError; where DynamoDB answered that there is no such table, with a MissingTableError. */
export async function findTable(client: DynamoDBClient, config: Config): Promise<DescribedTable> {
  const { results, sessions } = config.tables;
  if (config.store.kind === 'embedded') {
    // A table that is there already is left as it is, whatever its layout.
    await createTable(client, resultsTableInput(results, config.dynamo.layout ?? 'document'));
    await createTable(client, sessionsTableInput(sessions));
  }
  const found = await describeResultsTable(client, results);
  if (found !== null) return found;
  const message = `There is no table ${results} (DYNAMODB_TABLE_CRAWL_RESULTS) in ${config.store.description}.`;
  throw new MissingTableError('STORE_MISCONFIGURED', message, { operation: 'DescribeTable' });
}
