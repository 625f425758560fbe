// Callers' keys, from outside: who gets in, how far, and what those hear who do not.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StartedGateway, startGateway } from '../support/gateway.js';
import { call } from '../support/raw-http.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { ask, codesOf, lanes } from './two-lanes.js';

const keys = { reader: 'cg_reader', writer: 'cg_writer', admin: 'cg_admin' };
const sha256 = (key: string): string => createHash('sha256').update(key).digest('hex');
const lines = [`dash:read:${sha256(keys.reader)}`, `crawler:write:${sha256(keys.writer).toUpperCase()}`];

const lookup = { query: '{ crawlResult(url: "https://a.example/") { url title } }' };
const store = {
  query: 'mutation { cacheCrawlResults(results: [{ url: "https://a.example/", success: true }]) { stored } }',
};

describe('a gateway with keys', () => {
  let started: StartedGateway;
  beforeAll(async () => {
    started = await startGateway({ CRAWLGATE_API_KEYS: [...lines, `ops:admin:${sha256(keys.admin)}`].join(', ') });
  });
  afterAll(() => started[Symbol.asyncDispose]());

  describe.each(lanes)('through the %s', (lane) => {
    it.each([
      ['no key', {}],
      ['another scheme', { authorization: `Basic ${keys.reader}` }],
      ['nothing after the scheme', { authorization: 'Bearer ' }],
    ])('answers 401 to %s and reads nothing', async (_, headers) => {
      const before = started.calls.length;
      const answer = await ask({ port: started.port, lane, body: lookup, headers });
      expect(answer.status).toBe(401);
      expect(codesOf(answer)).toEqual(['UNAUTHENTICATED']);
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="crawlgate"');
      expect(started.calls).toHaveLength(before);
    });

    it.each(['wrong', 'cg_reade', 'cg_readerr', sha256(keys.reader), 'a.b.c', 'CG_READER'])(
      'answers 401 to the unknown key %s, the same words to all',
      async (key) => {
        const answer = await ask({ port: started.port, lane, body: lookup, key });
        expect(answer.status).toBe(401);
        expect(answer.headers['www-authenticate']).toBe('Bearer realm="crawlgate", error="invalid_token"');
        expect(JSON.parse(answer.body)).toEqual({
          errors: [
            {
              message: 'The key or token that was sent is not one of this gateway.',
              extensions: { code: 'UNAUTHENTICATED' },
            },
          ],
        });
      },
    );

    it('answers every key that is known, whatever the case of the scheme', async () => {
      for (const key of Object.values(keys)) {
        expect((await ask({ port: started.port, lane, body: lookup, key })).status).toBe(200);
      }
      const headers = { authorization: `bearer  ${keys.reader} ` };
      expect((await ask({ port: started.port, lane, body: lookup, headers })).status).toBe(200);
    });

    it('forbids a mutation to who may only read, names the scope, and writes nothing', async () => {
      const before = started.calls.length;
      const answer = await ask({ port: started.port, lane, body: store, key: keys.reader });
      expect(answer.status).toBe(403);
      expect(answer.headers['www-authenticate']).toBe(
        'Bearer realm="crawlgate", error="insufficient_scope", scope="write"',
      );
      expect(JSON.parse(answer.body)).toEqual({
        errors: [
          {
            message: 'Mutations take a key or token with the scope write.',
            extensions: { code: 'FORBIDDEN', scope: 'write' },
          },
        ],
      });
      expect(started.calls).toHaveLength(before);
    });

    it.each([keys.writer, keys.admin])('lets %s write', async (key) => {
      const answer = await ask({ port: started.port, lane, body: store, key });
      expect(JSON.parse(answer.body).data.cacheCrawlResults).toHaveLength(1);
    });

    it('does not take the query of a document with both for the mutation that is asked for', async () => {
      const body = { query: `query Q ${lookup.query} ${store.query.replace('mutation', 'mutation M')}` };
      const asked = (operationName: string) =>
        ask({ port: started.port, lane, body: { ...body, operationName }, key: keys.reader });
      expect((await asked('Q')).status).toBe(200);
      expect((await asked('M')).status).toBe(403);
    });
  });

  it('asks for a key in a GET as well', async () => {
    const path = `/graphql?query=${encodeURIComponent(lookup.query)}`;
    expect((await call({ port: started.port, path })).status).toBe(401);
    const headers = { authorization: `Bearer ${keys.reader}` };
    expect((await call({ port: started.port, path, headers })).status).toBe(200);
  });

  it.each(['/health', '/ready'])('leaves %s open', async (path) => {
    expect((await call({ port: started.port, path })).status).toBe(200);
  });

  it('gives GraphiQL to everybody: it holds nothing but itself', async () => {
    const page = await call({ port: started.port, path: '/graphql', headers: { accept: 'text/html' } });
    expect(page.status).toBe(200);
  });
});

describe('a file of keys', () => {
  it('is read again when told to; a file that cannot be used leaves the keys that were there', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'keys');
    await writeFile(file, `# who reads\n\n${lines[0]}\r\n`);
    await using started = await startGateway({ CRAWLGATE_API_KEYS_FILE: file });
    const statusOf = async (key: string): Promise<number> =>
      (await ask({ port: started.port, lane: 'direct lane', body: lookup, key })).status;
    expect([await statusOf(keys.reader), await statusOf(keys.writer)]).toEqual([200, 401]);

    await writeFile(file, `${lines[1]}\n`);
    await started.gateway.reload();
    expect([await statusOf(keys.reader), await statusOf(keys.writer)]).toEqual([401, 200]);

    await writeFile(file, 'cg_pasted_by_mistake\n');
    await started.gateway.reload();
    expect(await statusOf(keys.writer)).toBe(200);
    expect(started.notices.at(-1)).toMatch(
      /^CRAWLGATE_API_KEYS_FILE: .*line 1\. The keys read before stay in force\.$/,
    );
    expect(JSON.stringify(started.log)).not.toContain('cg_pasted');
  });

  it('that cannot be read keeps the gateway from starting', async () => {
    await expect(startGateway({ CRAWLGATE_API_KEYS_FILE: '/nowhere/keys' })).rejects.toMatchObject({
      message: 'CRAWLGATE_API_KEYS_FILE: /nowhere/keys cannot be read (ENOENT)',
    });
  });
});
