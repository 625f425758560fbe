// The SDK's own `send` and nothing else, with the logger fix: what a batch of a hundred items costs at least.
import { BatchGetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';

const ignore = () => {};
const client = new DynamoDBClient({
  region: 'us-east-1',
  endpoint: process.env.BENCH_DYNAMODB,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  maxAttempts: 1,
  // Any logger that has `info` makes the SDK walk every attribute of every answer.
  logger: /** @type {any} */ ({ trace: ignore, debug: ignore, warn: ignore, error: ignore }),
});

// The probe lets go of the channel, but this process has nothing else to live for.
process.channel?.ref();
process.on('message', async (/** @type {any} */ message) => {
  if (message?.bench !== 'send') return;
  for (const urls of message.batches) {
    const { Responses } = await client.send(
      new BatchGetItemCommand({
        RequestItems: {
          'crawl4ai-results': {
            Keys: urls.map((/** @type {string} */ url) => ({ url: { S: url } })),
            ConsistentRead: false,
          },
        },
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    if (Responses?.['crawl4ai-results']?.length !== urls.length) throw new Error('not every item came back');
  }
  process.send?.({ bench: message.id });
});
