import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EngineServer, startEngineServer } from '../../src/embedded/engine-server.js';
import { callEngine, createTable, getItem, openRequest, putItem } from './engine-call.js';

let engine: EngineServer;

beforeAll(async () => {
  engine = await startEngineServer({
    folder: null,
    port: 0,
    portFallback: false,
    waitMs: 0,
    tables: [],
    sweepEveryMs: 600_000,
    signal: new AbortController().signal,
  });
  await createTable(engine.port);
});

afterAll(() => engine.close(1_000));

describe('who is answered', () => {
  test.each(['localhost', 'LOCALHOST:8000', '127.0.0.1', '127.0.0.1:1', '[::1]', '[::1]:8000'])(
    'a client that calls the engine %s is answered',
    async (host) => {
      const answer = await callEngine({ port: engine.port, headers: { Host: host } });
      expect(answer).toMatchObject({ status: 200, body: '{"TableNames":["pages"]}' });
    },
  );

  test.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example:8000',
    '0.0.0.0',
    '[::2]',
    'localhost@x',
  ])('a client that calls the engine "%s" is refused', async (host) => {
    const answer = await callEngine({ port: engine.port, headers: { Host: host } });
    expect(answer.status).toBe(403);
    expect(answer.body).not.toContain('pages');
  });

  test.each<Record<string, string>>([
    { Origin: 'https://evil.example' },
    { Origin: 'http://localhost:4000' },
    { Origin: 'null' },
    { Origin: '' },
    { 'Sec-Fetch-Site': 'cross-site' },
  ])('a browser is refused by its header %j, whatever its method', async (headers) => {
    for (const method of ['POST', 'GET', 'OPTIONS', 'PUT']) {
      const answer = await callEngine({
        port: engine.port,
        method,
        headers: {
          ...headers,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'x-amz-target',
        },
      });
      expect(answer.status).toBe(403);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  test('no CORS header leaves without an Origin either', async () => {
    const answer = await callEngine({ port: engine.port, method: 'OPTIONS' });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('what cannot end the engine', () => {
  test('an item nested 5,000 deep is refused as AWS refuses it', async () => {
    const deep = `${'{"L":['.repeat(5_000)}{"S":"x"}${']}'.repeat(5_000)}`;
    const body = `{"TableName":"pages","Item":{"url":{"S":"deep"},"x":${deep}}}`;
    const answer = await callEngine({ port: engine.port, operation: 'PutItem', body });
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('ValidationException') });
    expect(await getItem(engine.port, 'deep')).toBeUndefined();
  });

  test('an item nested 32 deep, as deep as AWS takes it, is stored', async () => {
    const deep = JSON.parse(`${'{"M":{"a":'.repeat(31)}{"S":"\\\\\\"}}[["}${'}}'.repeat(31)}`);
    await putItem(engine.port, { url: { S: 'ok' }, x: deep });
    expect(await getItem(engine.port, 'ok')).toEqual({ url: { S: 'ok' }, x: deep });
  });

  test('brackets and quotes inside a text are no nesting', async () => {
    const text = `${'[{'.repeat(500)}"${'\\"['.repeat(500)}\\`;
    await putItem(engine.port, { url: { S: 'text' }, x: { S: text } });
    expect(await getItem(engine.port, 'text')).toEqual({ url: { S: 'text' }, x: { S: text } });
  });

  test.each(['null', '[]', '"text"', '1', '{"TableName":null}', '{"TableName":{}}', '', '{'])(
    'the body %s is answered as a bad request',
    async (body) => {
      expect((await callEngine({ port: engine.port, operation: 'GetItem', body })).status).toBe(400);
    },
  );

  test.each(['http://[::', '//[', '/?%', '*'])('the target %s does not end it', async (path) => {
    expect((await callEngine({ port: engine.port, path })).status).toBeLessThan(500);
  });

  test('a client that leaves in the middle of its request does not end it', async () => {
    const leaving = openRequest({ port: engine.port, headers: { 'Content-Length': '1000000' } }).on('error', () => {});
    leaving.write('{"half":');
    const [socket] = await once(leaving, 'socket');
    if (socket.connecting) await once(socket, 'connect');
    leaving.destroy();
    expect((await callEngine({ port: engine.port })).status).toBe(200);
  });

  test('a body over 16 MiB is refused while one just below is read', async () => {
    const below = Buffer.alloc(16 * 1024 * 1024, ' ');
    below.write('{}');
    expect((await callEngine({ port: engine.port, body: below })).status).toBe(200);
    const over = await callEngine({ port: engine.port, body: Buffer.alloc(16 * 1024 * 1024 + 1, ' ') });
    expect(over.status).toBe(413);
  });
});

describe('what the engine does not have', () => {
  test('how a table expires is not known to it, rather than off for ever', async () => {
    const answer = await callEngine({
      port: engine.port,
      operation: 'DescribeTimeToLive',
      body: '{"TableName":"pages"}',
    });
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('#UnknownOperationException') });
  });
});
