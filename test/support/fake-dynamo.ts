// A DynamoDB of one table that a test can hold back, fill, break and take away: just enough of the protocol for reading.
import { createServer, type ServerResponse } from 'node:http';

/** What a request is answered with: a body, or DynamoDB's name for an error. */
export type FakeAnswer = { readonly body: object } | { readonly error: string; readonly status?: number };

/** One that listens. */
export interface FakeDynamo extends AsyncDisposable {
  readonly port: number;
  readonly endpoint: string;
  /** Operations that came in, in order. */
  readonly operations: string[];
}

/** The request as a test sees it. */
export interface FakeRequest {
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

/** Starts one on `port` (0: a free one). `answer` may take its time; null leaves it to the empty table of documents. */
export async function startFakeDynamo(options: {
  readonly port?: number;
  readonly answer?: (request: FakeRequest) => Promise<FakeAnswer | null> | FakeAnswer | null;
}): Promise<FakeDynamo> {
  const operations: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
      operations.push(operation);
      void respond({ operation, input: JSON.parse(Buffer.concat(chunks).toString()) }, response);
    });
  });

  async function respond(request: FakeRequest, response: ServerResponse): Promise<void> {
    const answer = (await options.answer?.(request)) ?? emptyTable(request);
    const isError = 'error' in answer;
    response.writeHead(isError ? (answer.status ?? 400) : 200, { 'content-type': 'application/x-amz-json-1.0' });
    const name = isError ? `com.amazonaws.dynamodb.v20120810#${answer.error}` : '';
    response.end(JSON.stringify(isError ? { __type: name, message: answer.error } : answer.body));
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: options.port ?? 0 }, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    endpoint: `http://127.0.0.1:${port}`,
    operations,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A description of a table with these key attributes. */
export function tableOf(...keys: readonly string[]): FakeAnswer {
  return {
    body: {
      Table: {
        TableStatus: 'ACTIVE',
        ItemCount: 7,
        KeySchema: keys.map((name, index) => ({ AttributeName: name, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
      },
    },
  };
}

/** A BatchGetItem answer with these items. */
export function found(table: string, ...items: readonly object[]): FakeAnswer {
  return { body: { Responses: { [table]: items }, UnprocessedKeys: {} } };
}

function emptyTable({ operation, input }: FakeRequest): FakeAnswer {
  if (operation === 'DescribeTable') return tableOf('url');
  if (operation === 'BatchGetItem') return found(Object.keys(input.RequestItems ?? {})[0] ?? '');
  return { error: 'UnknownOperationException' };
}
