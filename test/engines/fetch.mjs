// Fetches what `npm run test:conformance` runs on, so that it need not: DynamoDB Local, and a Python with moto and Crawl4AI.
import { fetchDynamoDbLocal } from './dynamodb-local.mjs';
import { findPython } from './python.mjs';

const folders = await Promise.all([fetchDynamoDbLocal(), findPython()]);
for (const folder of folders) process.stdout.write(`${folder ?? 'its tools are missing'}\n`);
if (folders.includes(null)) process.exitCode = 1;
