// What production hides, and persisted documents as the usual clients send them.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageDocuments } from '../../src/page/documents.js';
import { type StartedGateway, startGateway } from '../support/gateway.js';
import { call } from '../support/raw-http.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { ask, codesOf, lanes } from './two-lanes.js';

const production = { NODE_ENV: 'production', CRAWLGATE_STORE: 'embedded' };
const mistakes = [
  '{ crawlResul(url: "a") { url } }',
  '{ crawlResult(urll: "a") { url } }',
  '{ crawlResult(url: "a", outcome: SUCCES) { url } }',
  'query ($o: Outcom) { crawlResult(url: "a", outcome: $o) { url } }',
  '{ crawlResult(url: "a") { links } }',
];

describe.each(lanes)('in production, the %s', (lane) => {
  let started: StartedGateway;
  beforeAll(async () => {
    started = await startGateway(production);
  });
  afterAll(() => started[Symbol.asyncDispose]());

  it('says nothing of the schema but __typename', async () => {
    for (const query of ['{ __schema { queryType { name } } }', '{ __type(name: "Query") { name } }']) {
      const answer = await ask({ port: started.port, lane, body: { query } });
      expect(new Set(codesOf(answer))).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
      expect(JSON.parse(answer.body).data).toBeUndefined();
    }
    const answer = await ask({ port: started.port, lane, body: { query: '{ __typename }' } });
    expect(JSON.parse(answer.body)).toEqual({ data: { __typename: 'Query' } });
  });

  it('suggests no names, however often it is asked', async () => {
    const outcome = {
      query: 'query ($o: Outcome) { crawlResult(url: "a", outcome: $o) { url } }',
      variables: { o: 'SUCCES' },
    };
    for (const body of [...mistakes.map((query) => ({ query })), outcome, { query: mistakes[0] }]) {
      const answer = await ask({ port: started.port, lane, body });
      expect(codesOf(answer).length).toBeGreaterThan(0);
      expect(answer.body).not.toMatch(/did you mean/i);
    }
  });

  it('has no GraphiQL', async () => {
    const answer = await call({ port: started.port, path: '/graphql', headers: { accept: 'text/html' } });
    expect(answer.headers['content-type'] ?? '').not.toMatch(/html/);
  });
});

it('what production hides can be switched on', async () => {
  await using started = await startGateway({
    ...production,
    CRAWLGATE_GRAPHIQL: '1',
    CRAWLGATE_INTROSPECTION: '1',
    CRAWLGATE_SUGGESTIONS: '1',
  });
  expect((await started.ask('{ __schema { queryType { name } } }')).data).toEqual({
    __schema: { queryType: { name: 'Query' } },
  });
  expect((await started.ask(mistakes[0] ?? '')).errors?.[0]?.message).toMatch(/Did you mean/);
  const page = await call({ port: started.port, path: '/graphql', headers: { accept: 'text/html' } });
  expect(page.headers['content-type']).toMatch(/html/);
});

describe('persisted documents', () => {
  const document = 'query Q($u: String!) { crawlResult(url: $u) { url } }';
  const id = createHash('sha256').update(document).digest('hex');
  const variables = { u: 'https://a.example/' };
  const answered = { data: { crawlResult: null } };
  const manifests = {
    Apollo: {
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: [{ id, name: 'Q', type: 'query', body: document }],
    },
    'Relay and codegen': { [id]: document },
  };
  const requests: readonly [string, object][] = [
    ['Apollo', { operationName: 'Q', variables, extensions: { persistedQuery: { version: 1, sha256Hash: id } } }],
    ['GraphQL over HTTP', { documentId: `sha256:${id}`, variables }],
    ['codegen', { documentId: id, variables }],
    ['Relay', { id, variables }],
    ['Relay, as it was', { doc_id: id, variables, query: null }],
  ];

  async function start(mode: string, manifest: object, folder: string): Promise<StartedGateway> {
    const path = join(folder, 'manifest.json');
    await writeFile(path, JSON.stringify(manifest));
    return startGateway({ CRAWLGATE_PERSISTED: mode, CRAWLGATE_PERSISTED_MANIFEST: path });
  }

  it.each(Object.entries(manifests))(
    'are read from a manifest of %s and found as every client asks',
    async (_, manifest) => {
      await using folder = await temporaryFolder();
      await using started = await start('only', manifest, folder.path);
      for (const lane of lanes) {
        for (const [client, body] of requests) {
          const answer = await ask({ port: started.port, lane, body });
          expect([client, JSON.parse(answer.body)]).toEqual([client, answered]);
        }
      }
      const extensions = encodeURIComponent(JSON.stringify({ persistedQuery: { version: 1, sha256Hash: id } }));
      const given = `variables=${encodeURIComponent(JSON.stringify(variables))}`;
      for (const how of [`extensions=${extensions}`, `documentId=${id}`]) {
        const answer = await call({ port: started.port, path: `/graphql?${how}&${given}` });
        expect(JSON.parse(answer.body)).toEqual(answered);
      }
    },
  );

  it.each(lanes)('are the only ones that the %s runs, where that is said', async (lane) => {
    await using folder = await temporaryFolder();
    await using started = await start('only', manifests.Apollo, folder.path);
    const codeFor = async (body: object): Promise<unknown> => codesOf(await ask({ port: started.port, lane, body }))[0];
    expect(await codeFor({ query: document, variables })).toBe('PERSISTED_QUERY_ONLY');
    expect(await codeFor({ query: document, variables, documentId: id })).toBe('PERSISTED_QUERY_ONLY');
    expect(await codeFor({ documentId: 'unknown', variables })).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(await codeFor({ documentId: '__proto__', variables })).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(await codeFor({ variables })).toBe('BAD_REQUEST');
    expect(started.calls).toEqual([]);
  });

  it.each(lanes)(
    'have those of the page beside them in the %s, byte for byte, for as long as there is a page',
    async (lane) => {
      await using folder = await temporaryFolder();
      await using started = await start('only', manifests.Apollo, folder.path);
      const values = {
        url: 'https://a.example/',
        urls: ['https://a.example/'],
        outcome: 'ANY',
        at: '2026-01-01T00:00:00Z',
        first: 5,
      };
      const codeFor = async (gateway: StartedGateway, query: string): Promise<unknown> =>
        codesOf(await ask({ port: gateway.port, lane, body: { query, variables: values } }))[0];
      for (const query of pageDocuments) {
        expect(await codeFor(started, query)).toBeUndefined();
        expect(await codeFor(started, `${query} `)).toBe('PERSISTED_QUERY_ONLY');
      }
      await using without = await startGateway({
        CRAWLGATE_PERSISTED: 'only',
        CRAWLGATE_PERSISTED_MANIFEST: join(folder.path, 'manifest.json'),
        CRAWLGATE_PAGE: 'false',
      });
      expect(await codeFor(without, pageDocuments[0] ?? '')).toBe('PERSISTED_QUERY_ONLY');
      for (const path of ['/', '/page/history.json', '/page/x.js']) {
        expect((await call({ port: without.port, path })).status).toBe(404);
      }
    },
  );

  it('leave others be where that is said, and are read anew when told to', async () => {
    await using folder = await temporaryFolder();
    await using started = await start('allow', manifests.Apollo, folder.path);
    const body = { documentId: 'new' };
    const asked = async (what: object) =>
      JSON.parse((await ask({ port: started.port, lane: 'direct lane', body: what })).body);
    expect(await asked({ query: '{ __typename }' })).toEqual({ data: { __typename: 'Query' } });
    expect(await asked(body)).toMatchObject({ errors: [{ message: 'PersistedQueryNotFound' }] });
    await writeFile(join(folder.path, 'manifest.json'), JSON.stringify({ new: '{ __typename }' }));
    await started.gateway.reload();
    expect(await asked(body)).toEqual({ data: { __typename: 'Query' } });
  });

  it.each(['{}', '[]', 'nonsense', '{"operations":[]}', '{"a":1}'])('are not to be had from %s', async (text) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'manifest.json');
    await writeFile(path, text);
    await expect(startGateway({ CRAWLGATE_PERSISTED: 'only', CRAWLGATE_PERSISTED_MANIFEST: path })).rejects.toThrow(
      /^CRAWLGATE_PERSISTED_MANIFEST: .*must be a manifest/,
    );
  });
});
