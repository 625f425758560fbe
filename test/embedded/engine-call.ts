// Speaks plain HTTP to an engine, with any header a client might send.
import { type ClientRequest, type IncomingHttpHeaders, request } from 'node:http';

export interface EngineAnswer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface EngineCall {
  readonly port: number;
  readonly operation?: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

export function callEngine(call: EngineCall): Promise<EngineAnswer> {
  return new Promise((resolve, reject) => {
    openRequest(call)
      .on('error', reject)
      .on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode: status, headers } = response;
          resolve({ status, headers, body: Buffer.concat(chunks).toString() });
        });
      })
      .end(call.body ?? '{}');
  });
}

/** The request with its headers, its body still to be sent. */
export function openRequest(call: EngineCall): ClientRequest {
  return request({
    host: '127.0.0.1',
    port: call.port,
    method: call.method ?? 'POST',
    path: call.path ?? '/',
    agent: false,
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': `DynamoDB_20120810.${call.operation ?? 'ListTables'}`,
      'X-Amz-Date': '20260101T000000Z',
      Authorization: 'AWS4-HMAC-SHA256 Credential=a/b/c/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      ...call.headers,
    },
  });
}

const TABLE = 'pages';

/** Resolves when the table, whose key is `url`, can be used. */
export async function createTable(port: number, table = TABLE): Promise<void> {
  await ask(port, 'CreateTable', {
    TableName: table,
    KeySchema: [{ AttributeName: 'url', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'url', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  while (!(await ask(port, 'DescribeTable', { TableName: table })).includes('"TableStatus":"ACTIVE"'));
}

export async function putItem(port: number, item: Record<string, object>, table = TABLE): Promise<void> {
  await ask(port, 'PutItem', { TableName: table, Item: item });
}

/** The item as DynamoDB answers it, or undefined. */
export async function getItem(port: number, url: string, table = TABLE): Promise<Record<string, unknown> | undefined> {
  return JSON.parse(await ask(port, 'GetItem', { TableName: table, Key: { url: { S: url } }, ConsistentRead: true }))
    .Item;
}

async function ask(port: number, operation: string, input: object): Promise<string> {
  const { status, body } = await callEngine({ port, operation, body: JSON.stringify(input) });
  if (status !== 200) throw new Error(`${operation} answered ${status}: ${body}`);
  return body;
}
