// The straightforward loader over DynamoDB: lib-dynamodb's BatchGetCommand behind a DataLoader made for each request.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import DataLoader from 'dataloader';

/** @typedef {import('./records.js').PeerRecord} PeerRecord */

const table = 'crawl4ai-results';

/** Makes the function that makes a request's loader. @returns {() => DataLoader<string, PeerRecord | null>} */
export function createTableLoaders() {
  const documents = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      region: 'us-east-1',
      endpoint: process.env.BENCH_DYNAMODB,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
  );
  return () =>
    new DataLoader(
      async (urls) => {
        const { Responses } = await documents.send(
          new BatchGetCommand({ RequestItems: { [table]: { Keys: urls.map((url) => ({ url })) } } }),
        );
        const found = new Map(Responses?.[table]?.map((item) => [item.url, recordOf(item)]));
        return urls.map((url) => found.get(url) ?? null);
      },
      { maxBatchSize: 100 },
    );
}

/** @param {Record<string, any>} item @returns {PeerRecord} */
function recordOf(item) {
  return {
    url: item.url,
    title: item.metadata?.title ?? null,
    success: item.success,
    statusCode: item.status_code ?? null,
    createdAt: item.created_at ?? null,
    html: item.html ?? null,
  };
}
