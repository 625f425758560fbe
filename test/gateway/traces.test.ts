// Traces as an OTLP receiver gets them: request, operation, loader batch, BatchGetItem, in the caller's own trace.
import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startGateway } from '../support/gateway.js';

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly { key: string; value: Record<string, unknown> }[];
  readonly events?: readonly { name: string; attributes: readonly { key: string; value: Record<string, unknown> }[] }[];
  readonly status: { code?: number; message?: string };
}

/** Takes what OTLP over HTTP sends, https://opentelemetry.io/docs/specs/otlp/#otlphttp-request */
async function startReceiver() {
  const spans: OtlpSpan[] = [];
  const services = new Set<unknown>();
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(`${request.method} ${request.url}`);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString());
      for (const { resource, scopeSpans } of resourceSpans) {
        services.add(attribute(resource, 'service.name'));
        for (const scope of scopeSpans) spans.push(...scope.spans);
      }
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    spans,
    services,
    paths,
    endpoint: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

function attribute(of: { attributes: OtlpSpan['attributes'] }, key: string): unknown {
  const value = of.attributes.find((each) => each.key === key)?.value ?? {};
  return Object.values(value)[0];
}

const caller = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
const query = 'query Pages($urls: [String!]!) { crawlResults(urls: $urls) { title } }';
const urls = ['https://nowhere.example/', 'https://nowhere.example/secret?token=s3cret'];

function post(url: string, headers: Record<string, string>, body: object = { query, variables: { urls } }) {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

describe('with OTEL_EXPORTER_OTLP_ENDPOINT', () => {
  it("a request is one trace, the caller's where it brings one, down to the call of DynamoDB", async () => {
    await using receiver = await startReceiver();
    const gateway = await startGateway({
      CRAWLGATE_STORE: 'embedded',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
      OTEL_SERVICE_NAME: 'crawlgate-test',
    });
    const response = await post(gateway.url, { traceparent: `00-${caller.traceId}-${caller.spanId}-01` });
    expect((await response.json()).errors).toBeUndefined();
    await gateway[Symbol.asyncDispose]();

    expect(new Set(receiver.paths)).toEqual(new Set(['POST /v1/traces']));
    expect([...receiver.services]).toEqual(['crawlgate-test']);
    expect(new Set(receiver.spans.map(({ traceId }) => traceId))).toEqual(new Set([caller.traceId]));
    const named = new Map(receiver.spans.map((span) => [span.name, span]));
    expect([...named.keys()].sort()).toEqual(['/graphql', 'BatchGetItem', 'loader readResults', 'query Pages']);
    const chain = ['/graphql', 'query Pages', 'loader readResults', 'BatchGetItem'].map((name) => named.get(name));
    expect(chain.map((span) => span?.parentSpanId)).toEqual([
      caller.spanId,
      ...chain.slice(0, 3).map((span) => span?.spanId),
    ]);
    const [root, operation, batch, call] = chain;
    if (root === undefined || operation === undefined || batch === undefined || call === undefined)
      throw new Error('gap');
    expect([root.kind, call.kind]).toEqual([2, 3]);
    expect(attribute(root, 'http.response.status_code')).toBe(200);
    expect(attribute(operation, 'graphql.operation.name')).toBe('Pages');
    expect(attribute(batch, 'crawlgate.keys')).toBe(2);
    expect(attribute(call, 'crawlgate.keys')).toBe(2);
    expect(attribute(call, 'aws.dynamodb.consumed_read_units')).toBeGreaterThan(0);
    expect(JSON.stringify(receiver.spans)).not.toContain('s3cret');

    const handed = response.headers.get('traceresponse');
    expect(handed).toBe(`00-${caller.traceId}-${root.spanId}-01`);
    expect(response.headers.get('traceparent')).toBe(handed);
  });

  it('begins a trace where none is brought, and keeps to what a caller decided', async () => {
    await using receiver = await startReceiver();
    const gateway = await startGateway({
      CRAWLGATE_STORE: 'embedded',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${receiver.endpoint}/traces`,
    });
    const own = await post(gateway.url, {}, { query: '{ crawlResult(url: "no url") { title } }' });
    await post(gateway.url, { traceparent: `00-${caller.traceId}-${caller.spanId}-00` });
    await post(gateway.url, {}, { query: `query ${'n'.repeat(100)}tail { __typename }` });
    await gateway[Symbol.asyncDispose]();
    expect(new Set(receiver.paths)).toEqual(new Set(['POST /traces']));
    expect(own.headers.get('traceresponse')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(receiver.spans.map(({ name }) => name).sort()).toEqual([
      '/graphql',
      '/graphql',
      'query',
      `query ${'n'.repeat(100)}…`,
    ]);
    expect(receiver.spans.every(({ traceId }) => traceId !== caller.traceId)).toBe(true);
    expect(receiver.spans.find(({ name }) => name === 'query')?.status).toMatchObject({
      code: 2,
      message: 'BAD_USER_INPUT',
    });
  });

  it.each([
    ['is traced no oftener than others', 'false', 0],
    ['is always traced where callers are trusted', 'true', 3],
  ])('a caller that brings a sampled trace %s', async (_, trusted, traced) => {
    await using receiver = await startReceiver();
    const gateway = await startGateway({
      CRAWLGATE_STORE: 'embedded',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
      CRAWLGATE_TRACES_PERCENT: '0',
      CRAWLGATE_TRACES_TRUST_CALLERS: trusted,
    });
    // Of these a sampler that goes by the trace's id would take the one, and of any share but none.
    for (const traceId of [`${'0'.repeat(31)}1`, caller.traceId, 'f'.repeat(32)]) {
      const answer = await post(gateway.url, { traceparent: `00-${traceId}-${caller.spanId}-01` });
      const end = traced === 0 ? '00' : '01';
      expect(answer.headers.get('traceresponse')).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-${end}$`));
    }
    await gateway[Symbol.asyncDispose]();
    expect(receiver.spans.filter(({ name }) => name === '/graphql')).toHaveLength(traced);
  });

  it('half of the requests are traced where so many are to be, whatever trace ids their callers choose', async () => {
    await using receiver = await startReceiver();
    const gateway = await startGateway({
      CRAWLGATE_STORE: 'embedded',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
      CRAWLGATE_TRACES_PERCENT: '50',
    });
    const headers = { traceparent: `00-${'0'.repeat(31)}1-${caller.spanId}-01` };
    let sampled = 0;
    for (let one = 0; one < 200; one += 1) {
      const answer = await post(gateway.url, headers, { query: '{ __typename }' });
      if (answer.headers.get('traceresponse')?.endsWith('-01')) sampled += 1;
    }
    await gateway[Symbol.asyncDispose]();
    // Seven standard deviations to either side.
    expect(sampled).toBeGreaterThan(50);
    expect(sampled).toBeLessThan(150);
  });

  it('nothing is held up where no collector listens', async () => {
    const gateway = await startGateway({
      CRAWLGATE_STORE: 'embedded',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
    });
    expect((await post(gateway.url, {}, { query: '{ __typename }' })).status).toBe(200);
    await gateway[Symbol.asyncDispose]();
  });
});

describe('without it', () => {
  it('nothing is traced and nothing handed out', async () => {
    await using gateway = await startGateway({ CRAWLGATE_STORE: 'embedded' });
    const response = await post(gateway.url, { traceparent: `00-${caller.traceId}-${caller.spanId}-01` });
    expect(response.headers.get('traceresponse')).toBeNull();
    expect(response.headers.get('traceparent')).toBeNull();
  });
});
