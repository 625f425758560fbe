// The gateway behind Lambda: events as HTTP APIs and function URLs send them, answers as Lambda takes them.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { PassThrough, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEventHandler, type EventHandler } from '../../src/lambda/event-handler.js';
import type { HttpAnswer } from '../../src/lambda/http-answer.js';
import { requestOf } from '../../src/lambda/http-event.js';
import { type StartedGateway, startGateway } from '../support/gateway.js';

const url = 'https://lambda.example/';
const html = `<p>${'The tides come and go. '.repeat(20_000)}</p>`;

const event = async (name: string) =>
  JSON.parse(await readFile(new URL(`events/${name}.json`, import.meta.url), 'utf8'));

/** The event with another query. */
async function asking(query: string, headers: Readonly<Record<string, string>> = {}): Promise<object> {
  const recorded = await event('http-api-post');
  return { ...recorded, headers: { ...recorded.headers, ...headers }, body: JSON.stringify({ query }) };
}

function bodyOf({ body, isBase64Encoded, headers }: HttpAnswer): unknown {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  return JSON.parse(String(headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes));
}

let store: StartedGateway;
let lambda: EventHandler;
let env: Record<string, string>;
const log: string[] = [];

beforeAll(async () => {
  store = await startGateway();
  const document = { url, success: true, html, metadata: { title: 'Tides' } };
  await store.ask('mutation ($r: [JSON!]!) { cacheCrawl4aiResults(results: $r) { stored } }', { r: [document] });
  env = {
    // As Lambda's runtime sets them.
    AWS_REGION: 'eu-central-1',
    AWS_LAMBDA_FUNCTION_NAME: 'crawlgate',
    DYNAMODB_ENDPOINT: store.gateway.engine?.endpoint ?? '',
    CRAWLGATE_AUTH: 'none',
  };
  lambda = createEventHandler({ env, output: { write: (line) => log.push(line) } });
});
afterAll(async () => {
  await lambda.close();
  await store[Symbol.asyncDispose]();
});

describe('an event', () => {
  it('of an HTTP API is answered, compressed bytes as base64', async () => {
    const answer = await lambda.answer(await event('http-api-post'));
    expect(answer).toMatchObject({
      ...{ statusCode: 200, isBase64Encoded: true },
      headers: {
        'content-type': expect.stringMatching(/^application\/(graphql-response\+)?json/),
        'content-encoding': 'gzip',
      },
    });
    expect(bodyOf(answer)).toEqual({ data: { crawlResult: { title: 'Tides', html } } });
  });

  it('of a function URL is answered, small JSON as text', async () => {
    const answer = await lambda.answer(await event('function-url-post'));
    expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: false });
    expect(JSON.parse(answer.body)).toEqual({ data: { crawlResult: { title: 'Tides' } } });
  });

  it('of a stage loses the stage, keeps its query string, and tells who called', async () => {
    const recorded = await event('http-api-stage-get');
    expect(requestOf(recorded)).toEqual({
      method: 'GET',
      target: '/graphql?query=%7B%20stats%20%7B%20lookups%20%7D%20%7D&a=1&a=2',
      headers: {
        ...{ accept: 'application/json', cookie: 'one=1; two=2', 'x-forwarded-for': '203.0.113.7' },
        'x-forwarded-host': recorded.headers.host,
      },
      body: Buffer.alloc(0),
    });
    const answer = await lambda.answer(recorded);
    expect(answer.statusCode).toBe(200);
    expect(bodyOf(answer)).toMatchObject({ data: { stats: { lookups: expect.any(Number) } } });
  });

  it('gets the rules of the HTTP layer: paths, methods, media types', async () => {
    const recorded = await event('http-api-post');
    const health = { ...recorded, rawPath: '/health', body: undefined };
    health.requestContext = { ...recorded.requestContext, http: { method: 'GET' } };
    expect((await lambda.answer(health)).statusCode).toBe(200);
    expect((await lambda.answer({ ...health, rawPath: '/nothing' })).statusCode).toBe(404);
    const form = await asking('{ stats { lookups } }', { 'content-type': 'text/plain' });
    expect((await lambda.answer(form)).statusCode).toBe(415);
  });

  it('of a path that HTTP would have encoded is not found', async () => {
    const recorded = await event('http-api-post');
    for (const rawPath of ['/a b', '/é', '/\ud800', '/\n']) {
      expect((await lambda.answer({ ...recorded, rawPath })).statusCode).toBe(404);
    }
  });

  it('of another format is refused with a reason', async () => {
    const rest = { httpMethod: 'POST', path: '/graphql', version: '1.0', body: '{}' };
    await expect(lambda.answer(rest)).rejects.toThrow(/payload format 2\.0/);
    await expect(lambda.answer({ key1: 'value1' })).rejects.toThrow(/payload format 2\.0/);
  });

  it('whose answer Lambda would not take is refused with a reason', async () => {
    const fields = Array.from({ length: 20 }, (_, index) => `r${index}: crawlResult(url: "${url}") { html }`);
    const query = `{ ${fields.join(' ')} }`;
    const plain = await lambda.answer(await asking(query, { 'accept-encoding': 'identity' }));
    expect(plain.statusCode).toBe(413);
    expect(bodyOf(plain)).toMatchObject({
      errors: [{ message: expect.stringMatching(/streamingHandler/), extensions: { code: 'PAYLOAD_TOO_LARGE' } }],
    });
    expect((await lambda.answer(await asking(query))).statusCode, 'with gzip it fits').toBe(200);
  });

  it('is answered as a stream where the platform streams', async () => {
    const output = new PassThrough();
    let metadata: unknown;
    const HttpResponseStream = {
      from(stream: NodeJS.WritableStream, given: object) {
        metadata = given;
        return stream;
      },
    };
    const bytes = buffer(output);
    await lambda.stream(await event('http-api-post'), output, { HttpResponseStream });
    expect(metadata).toMatchObject({ statusCode: 200, headers: { 'content-encoding': 'gzip' } });
    expect(JSON.parse(String(gunzipSync(await bytes)))).toEqual({ data: { crawlResult: { title: 'Tides', html } } });
  });
});

describe('an answer without a body', () => {
  it('is streamed as an empty chunk, without which Lambda sends no status', async () => {
    const recorded = await event('http-api-post');
    const http = { ...recorded.requestContext.http, method: 'HEAD' };
    const head = { ...recorded, rawPath: '/health', body: undefined };
    head.requestContext = { ...recorded.requestContext, http };
    const chunks: Buffer[] = [];
    const output = new Writable({
      write(chunk, _, done) {
        chunks.push(chunk);
        done();
      },
    });
    let metadata: unknown;
    const from = (stream: NodeJS.WritableStream, given: object): NodeJS.WritableStream => {
      metadata = given;
      return stream;
    };
    await lambda.stream(head, output, { HttpResponseStream: { from } });
    expect(metadata).toMatchObject({ statusCode: 200 });
    expect(chunks.map(({ length }) => length)).toEqual([0]);
  });
});

describe('a start that failed', () => {
  it('is tried again with the next event', async () => {
    const own: Record<string, string | undefined> = { ...env, CRAWLGATE_AUTH: undefined };
    const mended = createEventHandler({ env: own, output: { write: () => true } });
    const asked = await event('function-url-post');
    await expect(mended.answer(asked)).rejects.toThrow(/CRAWLGATE_AUTH/);
    own.CRAWLGATE_AUTH = 'none';
    expect((await mended.answer(asked)).statusCode).toBe(200);
    await mended.close();
  });
});

describe('the configuration', () => {
  it('is that of an open address: without keys it must say that it needs none', async () => {
    const { CRAWLGATE_AUTH: _, ...open } = env;
    const closed = createEventHandler({ env: open, output: { write: () => true } });
    await expect(closed.answer(await event('http-api-post'))).rejects.toThrow(/CRAWLGATE_AUTH/);
    await closed.close();
  });

  it('is DynamoDB in the function’s region', async () => {
    const { DYNAMODB_ENDPOINT: _, ...own } = env;
    const aws = createEventHandler({
      env: { ...own, AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', DYNAMODB_ENDPOINT: 'http://127.0.0.1:1' },
      output: { write: () => true },
    });
    const answer = await aws.answer(await asking('{ health { status store { kind region } } }'));
    expect(bodyOf(answer)).toMatchObject({ data: { health: { store: { kind: 'dynamodb', region: 'eu-central-1' } } } });
    await aws.close();
  });
});

describe('dist/lambda.js', () => {
  const entry = fileURLToPath(new URL('../../dist/lambda.js', import.meta.url));

  it('exports a handler, and one that streams where the runtime has it', async () => {
    const code = `
      const events = JSON.parse(process.argv[1]);
      globalThis.awslambda = process.argv[2] === 'streaming' ? { streamifyResponse: (handler) => handler } : undefined;
      const { handler, streamingHandler } = await import(process.argv[3]);
      const { statusCode, body } = await handler(events);
      console.log(JSON.stringify({ statusCode, body: JSON.parse(body), streaming: typeof streamingHandler }));
      process.exit(0);`;
    for (const streaming of ['streaming', 'none']) {
      const args = [
        '--input-type=module',
        '-e',
        code,
        JSON.stringify(await event('function-url-post')),
        streaming,
        entry,
      ];
      const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...env, PATH: process.env.PATH } });
      expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual({
        ...{ statusCode: 200, body: { data: { crawlResult: { title: 'Tides' } } } },
        streaming: streaming === 'none' ? 'undefined' : 'function',
      });
    }
  });
});
