// What a client sees of an error: codes, paths and positions of what is known; one sentence of what is not.
import { describe, expect, it } from 'vitest';
import type { ResultKey } from '../../src/domain/result-key.js';
import { CrawlgateError, type ErrorCode } from '../../src/errors.js';
import { createFixture } from './gateway-fixture.js';

const url = 'https://a.example/';
const query = `{ stats { lookups } crawlResult(url: "${url}") { url } }`;

describe('an error', () => {
  const known: readonly CrawlgateError[] = [
    new CrawlgateError('STORE_UNAVAILABLE', 'm', {}),
    new CrawlgateError('STORE_THROTTLED', 'm', {}),
    new CrawlgateError('STORE_FORBIDDEN', 'm', { operation: 'BatchGetItem' }),
    new CrawlgateError('STORE_MISCONFIGURED', 'm', { operation: 'BatchGetItem' }),
    new CrawlgateError('DEADLINE_EXCEEDED', 'm', {}),
    new CrawlgateError('NOT_IN_MEMORY', 'm', {}),
    new CrawlgateError('MALFORMED_ITEM', 'm', { url, attribute: 'url' }),
  ];

  it.each(known.map((error) => [error.code, error] as [ErrorCode, CrawlgateError]))(
    'with the code %s keeps code, facts, sentence, path and position',
    async (code, error) => {
      const gateway = createFixture();
      gateway.results.set(url as ResultKey, { kind: 'failed', error });
      const answer = await gateway.ask(query);
      expect(answer.status).toBe(200);
      expect(answer.data).toEqual({ stats: { lookups: 1 }, crawlResult: null });
      expect(answer.errors).toMatchObject([
        {
          message: 'm',
          path: ['crawlResult'],
          locations: [{ line: 1, column: 21 }],
          extensions: { code, ...error.facts },
        },
      ]);
      expect(gateway.unexpected).toEqual([]);
    },
  );

  it('that is unknown becomes one sentence at its path and is told once, however many fields it spoilt', async () => {
    const secret = new Error('password is hunter2');
    const gateway = createFixture({ readResults: () => Promise.reject(secret) });
    const answer = await gateway.ask(`{ crawlResults(urls: ["${url}", "${url}", "https://b.example/"]) { url } }`);
    expect(answer.data.crawlResults).toEqual([null, null, null]);
    expect(answer.errors?.map(({ message, extensions }) => [message, extensions])).toEqual(
      Array(3).fill(['Unexpected error.', { code: 'INTERNAL_SERVER_ERROR' }]),
    );
    expect(answer.errors?.map(({ path }) => path?.join('.')).sort()).toEqual(
      [0, 1, 2].map((index) => `crawlResults.${index}`),
    );
    expect(JSON.stringify(answer)).not.toContain('hunter2');
    expect(gateway.unexpected).toEqual([{ where: 'crawlResults.0', error: secret }]);
  });

  it('that calls itself a bug of the gateway is masked like one', async () => {
    const error = new CrawlgateError('INTERNAL_SERVER_ERROR', 'secret', {});
    const gateway = createFixture();
    gateway.results.set(url as ResultKey, { kind: 'failed', error });
    expect((await gateway.ask(query)).errors?.[0]?.message).toBe('Unexpected error.');
    expect(gateway.unexpected).toHaveLength(1);
  });

  it('thrown as something that is no error is masked too', async () => {
    const gateway = createFixture({ readFeed: () => Promise.reject('boom') });
    expect((await gateway.ask('{ crawlFeed { edges { cursor } } }')).errors).toMatchObject([
      { message: 'Unexpected error.', extensions: { code: 'INTERNAL_SERVER_ERROR' } },
    ]);
  });

  it('of the syntax, of validation and of variables keeps its sentence and has a code', async () => {
    const gateway = createFixture();
    expect((await gateway.ask('{ crawlResult( }')).errors).toMatchObject([
      { message: expect.stringContaining('Syntax Error'), extensions: { code: 'GRAPHQL_PARSE_FAILED' } },
    ]);
    expect((await gateway.ask('{ nonsense }')).errors).toMatchObject([
      { message: expect.stringContaining('nonsense'), extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
    const answer = await gateway.ask('query ($url: String!) { crawlResult(url: $url) { url } }', { url: 5 });
    expect(answer.status).toBe(400);
    expect(answer.errors).toMatchObject([
      { message: expect.stringContaining('"$url"'), extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    expect(gateway.unexpected).toEqual([]);
  });
});
