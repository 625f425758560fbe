// Compiled operations against graphql-js: thousands of random ones, and each of the places where the compiler is wrong.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type ExecutionResult, execute, getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { groups } from '../../src/domain/fields.js';
import { pack } from '../../src/domain/packed-text.js';
import { CrawlgateError } from '../../src/errors.js';
import { isCompilable } from '../../src/graphql/compilable.js';
import { createContextFactory } from '../../src/graphql/context.js';
import { createOperationEngine } from '../../src/graphql/operation-engine.js';
import { createGatewaySchema } from '../../src/graphql/schema.js';
import { createFixture, found, instant, recordOf } from './gateway-fixture.js';
import { createOperations, createRandom } from './random-operations.js';

// More by command: FUZZ_OPERATIONS=200000 FUZZ_SEED=2 FUZZ_TEXTS=100000 npx vitest run test/graphql/operation-engine.test.ts
const operations = Number(process.env.FUZZ_OPERATIONS ?? 2000);
const texts = Number(process.env.FUZZ_TEXTS ?? 1100);
const seed = Number(process.env.FUZZ_SEED ?? 1);

const schema = createGatewaySchema();
const malformed = (attribute: 'html' | 'pdf' | 'links' | 'success' | 'size_bytes') =>
  [attribute, new CrawlgateError('MALFORMED_ITEM', attribute, { url: 'https://b.example/', attribute })] as const;

/** Results of every kind: full, packed, spoiled in some fields, failed, absent. */
async function createWorld() {
  const fixture = createFixture();
  const full = recordOf('https://a.example/', {
    title: 'a',
    updatedAt: instant('2026-01-01T00:00:00.000001Z'),
    fields: new Map([
      ['html', await pack(`<p>${'"€"'.repeat(200)}`)],
      ['raw_markdown', '# a'],
      ['metadata', JSON.parse('{"then": {"__proto__": 1}, "constructor": null}')],
      ['links', { internal: [{ href: 'x', total_score: '1.5' }, 'y', 7], external: [] }],
      ['media', JSON.parse('{"images": [{"src": "i", "width": "100%"}], "tables": [{"then": "x"}]}')],
      ['downloaded_files', ['a', 'b', 3]],
      ['etag', '"e"'],
      ['error_message', ''],
    ]),
  });
  fixture.store(full);
  fixture.store(
    recordOf('https://b.example/', {
      sizeBytes: null,
      failed: new Map([malformed('html'), malformed('pdf'), malformed('links'), malformed('size_bytes')]),
    }),
  );
  fixture.store(recordOf('https://c.example/', { failed: new Map([malformed('success')]), truncatedFields: null }));
  const failure = recordOf('https://d.example/', {
    success: false,
    createdAt: null,
    fields: new Map([['error_message', 'x']]),
  });
  fixture.results.set('https://d.example/' as never, found({ success: recordOf('https://d.example/'), failure }));
  fixture.results.set('https://down.example/' as never, {
    kind: 'failed',
    error: new CrawlgateError('STORE_UNAVAILABLE', 'down', {}),
  });
  fixture.sessions.set('https://a.example/', found({ id: 'a', expiresAt: null } as never));
  const urls = ['a', 'b', 'c', 'd', 'down', 'gone'].map((name) => `https://${name}.example/`);
  return { fixture, urls: [...urls, 'nonsense', '\ud800'], createContext: createContextFactory(fixture) };
}

/** The result as text. In what order fields fail is a matter of time, and of no order in the specification. */
function text({ errors, ...result }: ExecutionResult): string {
  return JSON.stringify({ ...result, errors: errors?.map((error) => JSON.stringify(error)).sort() });
}

describe('a compiled operation', () => {
  it(`answers ${operations} random operations as graphql-js does`, { timeout: 60_000 + operations * 20 }, async () => {
    const { urls, createContext } = await createWorld();
    const engine = createOperationEngine({ runsBefore: 0 });
    const nextOperation = createOperations({ schema, random: createRandom(seed), urls });
    let compilable = 0;
    let withoutErrors = 0;
    for (let index = 0; index < operations; index += 1) {
      const { text: query, document, variables } = nextOperation();
      const run = async (runner: typeof engine | typeof execute) => {
        const contextValue = createContext({});
        const result = await runner({ schema, document, contextValue, variableValues: structuredClone(variables) });
        contextValue.release();
        return result as ExecutionResult;
      };
      const [given, expected] = [await run(engine), await run(execute)];
      const operation = getOperationAST(document);
      const isCompiled = operation != null && isCompilable(document, operation);
      if (isCompiled) compilable += 1;
      if (isCompiled && expected.errors === undefined) withoutErrors += 1;
      expect(text(given), `seed ${seed}, operation ${index}: ${query} ${JSON.stringify(variables)}`).toBe(
        text(expected),
      );
    }
    expect(compilable).toBeGreaterThan(operations / 4);
    expect(withoutErrors).toBeGreaterThan(operations / 20);
  });

  it('is one for each operation of a document', async () => {
    const { createContext } = await createWorld();
    const engine = createOperationEngine({ runsBefore: 0 });
    const document = parse(
      'query One($u: String!) { crawlResult(url: $u) { url } } query Two($u: String!) { crawlResult(url: $u) { title } }',
    );
    for (const [operationName, answer] of [
      ['One', { url: 'https://a.example/' }],
      ['Two', { title: 'a' }],
      ['One', { url: 'https://a.example/' }],
    ] as const) {
      const variableValues = { u: 'https://a.example/' };
      const result = await engine({ schema, document, operationName, contextValue: createContext({}), variableValues });
      expect(JSON.parse(text(result))).toEqual({ data: { crawlResult: answer } });
    }
  });

  it('reads nothing a second time where its errors are found anew', async () => {
    const { fixture, createContext } = await createWorld();
    const engine = createOperationEngine({ runsBefore: 0 });
    const document = parse('query ($u: [String!]!) { crawlResults(urls: $u) { url html } }');
    const variableValues = { u: ['https://a.example/', 'https://b.example/', 'nonsense'] };
    const result = await engine({ schema, document, contextValue: createContext({}), variableValues });
    expect(result.errors).toHaveLength(2);
    expect(fixture.reads).toHaveLength(1);
    expect(fixture.reads[0]?.want.groups).not.toBe(groups.head);
  });
});

describe('the compiler is not given', () => {
  it.each([
    ['a text, which it could take for code', '{ crawlResult(url: "https://a.example/") { url } }'],
    ['a text as a default', 'query ($u: String! = "x") { crawlResult(url: $u) { url } }'],
    ['@skip', 'query ($u: String!, $s: Boolean!) { crawlResult(url: $u) { url title @skip(if: $s) } }'],
    [
      '@include on a fragment',
      'query ($u: String!) { crawlResult(url: $u) { ...F @include(if: true) } } fragment F on CrawlResult { url }',
    ],
    ['__proto__ as a name', 'query ($u: String!) { crawlResult(url: $u) { __proto__: url } }'],
    [
      'a name that could stand for a path',
      'query ($u: String!) { a_markdown: crawlResult(url: $u) { url } a: crawlResult(url: $u) { markdown { fitHtml } } }',
    ],
    ['a mutation', 'mutation ($u: [String!]!) { invalidateCrawlResults(urls: $u) { url } }'],
    ['what asks more than loaders', '{ crawlFeed { edges { cursor } } }'],
    [
      'what asks more than loaders further down',
      'query ($u: String!) { crawlResult(url: $u) { versions { edges { cursor } } } }',
    ],
    ['introspection', '{ __schema { types { name } } }'],
    ['a very long document', `query ($u: String!) { ${'crawlResult(url: $u) { url } '.repeat(200)} }`],
  ])('%s', (_name, query) => {
    const document = parse(query);
    const operation = getOperationAST(document);
    expect(operation != null && isCompilable(document, operation)).toBe(false);
  });
});

describe('texts that come once', () => {
  it('are never compiled, and leave nothing behind', { timeout: 60_000 + texts * 10 }, async () => {
    const { fixture } = await createWorld();
    const ask = async (index: number): Promise<void> => {
      const query = `query Once${index}($u: String!) { crawlResult(url: $u) { url title success } }`;
      const { data } = await fixture.ask(query, { u: 'https://a.example/' });
      expect(data.crawlResult.title).toBe('a');
      // What the fixture notes of each request is no memory of the gateway's.
      fixture.reads.length = 0;
    };
    // As many as parsed documents are kept, so that these are there before and after.
    for (let index = 0; index < 1100; index += 1) await ask(index);
    const before = heapUsed();
    for (let index = 1100; index < 1100 + texts; index += 1) await ask(index);
    expect(heapUsed() - before).toBeLessThan(8_000_000);
  });
});

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}
