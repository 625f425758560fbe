// Stands for DynamoDB in the cold cases: answers BatchGetItem after a set delay, and counts the calls.
import { createServer } from 'node:http';
import { smallItem } from './small-item.js';

const delayMs = Number(process.env.STUB_DELAY_MS ?? 0);
let calls = 0;
let keys = 0;

createServer((request, response) => {
  /** @type {Buffer[]} */
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const operation = String(request.headers['x-amz-target']).split('.')[1];
    const input = JSON.parse(Buffer.concat(chunks).toString() || '{}');
    const respond = (/** @type {string} */ text, status = 200) => {
      response.writeHead(status, {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': Buffer.byteLength(text),
      });
      response.end(text);
    };
    if (operation === 'BatchGetItem') afterDelay(() => respond(batchGetItem(input)));
    else if (operation === 'DescribeTable') respond(describeTable(input));
    // The runner's: what was counted since it last asked.
    else if (request.url === '/counts') {
      respond(JSON.stringify({ calls, keys }));
      calls = 0;
      keys = 0;
    } else respond(JSON.stringify({ __type: 'com.amazonaws.dynamodb.v20120810#UnknownOperationException' }), 400);
  });
}).listen(Number(process.env.PORT), '127.0.0.1');

/** @param {() => void} run */
function afterDelay(run) {
  if (delayMs === 0) run();
  else setTimeout(run, delayMs);
}

/** @param {any} input */
function batchGetItem({ RequestItems, ReturnConsumedCapacity }) {
  calls += 1;
  const answers = Object.entries(RequestItems).map(([table, asked]) => {
    keys += asked.Keys.length;
    const items = asked.Keys.map((/** @type {any} */ key) => smallItem(key.url.S, projected(asked))).filter(Boolean);
    return `${JSON.stringify(table)}:[${items.join(',')}]`;
  });
  const capacity =
    ReturnConsumedCapacity === undefined
      ? ''
      : `,"ConsumedCapacity":[${Object.entries(RequestItems)
          .map(([TableName, { Keys }]) => JSON.stringify({ TableName, CapacityUnits: Keys.length / 2 }))
          .join(',')}]`;
  return `{"Responses":{${answers.join(',')}},"UnprocessedKeys":{}${capacity}}`;
}

/** Only top-level names are ever asked for here. @param {any} asked @returns {ReadonlySet<string> | null} */
function projected({ ProjectionExpression, ExpressionAttributeNames = {} }) {
  if (ProjectionExpression === undefined) return null;
  return new Set(
    ProjectionExpression.split(',').map(
      (/** @type {string} */ name) => ExpressionAttributeNames[name.trim()] ?? name.trim(),
    ),
  );
}

/** @param {any} input */
function describeTable({ TableName }) {
  return JSON.stringify({
    Table: {
      TableName,
      TableStatus: 'ACTIVE',
      KeySchema: [{ AttributeName: 'url', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'url', AttributeType: 'S' }],
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      ItemCount: 1_000_000,
      TableSizeBytes: 1_000_000_000,
      TableArn: `arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}`,
    },
  });
}
