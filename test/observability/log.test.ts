// What goes into the log, and what never does.
import { describe, expect, it } from 'vitest';
import type { LogConfig } from '../../src/config.js';
import { CrawlgateError } from '../../src/errors.js';
import { createLog } from '../../src/observability/log.js';

function startLog(config: Partial<LogConfig> = {}) {
  const lines: string[] = [];
  const clock = { now: 0 };
  const log = createLog({
    config: { level: 'info', pretty: false, fullUrls: false, ...config },
    output: { write: (line) => lines.push(line) },
    elapsed: () => clock.now,
  });
  const entries = (): Record<string, unknown>[] => lines.map((line) => JSON.parse(line));
  return { log, lines, entries, clock };
}

const escapeCharacter = '\u001b';

const call = {
  operation: 'BatchGetItem',
  keys: 3,
  durationMs: 1.23,
  readUnits: 2,
  writeUnits: 0,
  error: null,
} as const;

describe('the log', () => {
  it('is one JSON object a line, with the moment and the name of its level', () => {
    const { log, lines, entries } = startLog();
    log.notice({ level: 'warn', message: 'The embedded DynamoDB ended.' });
    expect(lines).toEqual([expect.stringMatching(/^\{.*\}\n$/)]);
    expect(entries()).toEqual([
      {
        level: 'warn',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        tag: 'GATEWAY',
        message: 'The embedded DynamoDB ended.',
      },
    ]);
  });

  it('is readable text where a person reads along', () => {
    const { log, lines } = startLog({ pretty: true });
    log.notice({ level: 'info', message: 'All is well.' });
    expect(lines.join('')).toContain('All is well.');
    expect(lines.join('')).not.toContain('{');
  });

  it('is silent below its level', () => {
    const { log, lines } = startLog({ level: 'error' });
    log.notice({ level: 'warn', message: 'A warning.' });
    log.storeCall(call);
    expect(lines).toEqual([]);
  });

  it('tells an unexpected error once, with its causes, however often it surfaces', () => {
    const { log, entries } = startLog();
    const error = new CrawlgateError(
      'INTERNAL_SERVER_ERROR',
      'Unexpected error.',
      {},
      { cause: new TypeError('x is 1') },
    );
    log.unexpectedError({ where: 'resolver', error });
    log.unexpectedError({ where: 'http', error });
    expect(entries()).toMatchObject([
      {
        level: 'error',
        message: 'Unexpected error in {where}',
        tag: 'UNEXPECTED_ERROR',
        params: { where: 'resolver' },
        err: { type: 'CrawlgateError', code: 'INTERNAL_SERVER_ERROR', cause: { type: 'TypeError', message: 'x is 1' } },
      },
    ]);
  });

  it('ends where an error is its own cause', () => {
    const { log, lines } = startLog();
    const error = new Error('round and round');
    error.cause = error;
    log.unexpectedError({ where: 'test', error });
    expect(lines).toHaveLength(1);
  });

  it.each([
    ['https://me:s3cret@a.example/p?token=s3cret#s3cret', 'https://a.example/p?…'],
    ['https://a.example/#s3cret', 'https://a.example/?…'],
    ['https://a.example/plain', 'https://a.example/plain'],
    ['https://u:s3cret@s3cret@h.example/a?b=1', 'https://h.example/a?…'],
    ['https://user:s3cret/s3cret@h.example/a', 'https://…@h.example/a'],
    ['https://user:99/s3cret@h.example/a', 'https://…@h.example/a'],
    ["https://a.example/?q=it's&token=s3cret", 'https://a.example/?…'],
    ["https://u:s3'cret's3cret@a.example/it's", "https://a.example/it's"],
    ['https://a.example/@user', 'https://a.example/@user'],
    ['https://a.example:8080/@user', 'https://a.example:8080/@user'],
    ['https://s3cret@a.example/@user', 'https://a.example/@user'],
    ['https://me@s3cret:s3cret/@a.example/', 'https://…@a.example/'],
  ])('tells %s without what may be secret in it', (url, shown) => {
    const { log, lines, entries } = startLog();
    log.notice({ level: 'info', message: `Reading ${url}, again` });
    log.unexpectedError({ where: 'x', error: new CrawlgateError('NOT_STORED', `no ${url}`, { url }) });
    log.unexpectedError({ where: 'x', error: url });
    expect(lines.join('')).not.toContain('s3cret');
    expect(entries()[1]).toMatchObject({ err: { message: `no ${shown}`, facts: { url: shown } } });
  });

  it.each([
    ['https://a.example/?q=a b&token=s3cret', 'https://a.example/?…'],
    ['https://a.example/a b?q="s3cret"<s3cret>', 'https://a.example/a b?…'],
    ['https://u:a s3cret@a.example/', 'https://a.example/'],
    ['u:s3cret@a.example/p', 'a.example/p'],
    ['https:/u:s3cret@a.example/', '…@a.example/'],
    ['https://a.example/\u001b[2J\u009b\u202e', 'https://a.example/\\u001b[2J\\u009b\\u202e'],
  ])('where it knows that %s is all one URL, cuts it at its first mark', (url, shown) => {
    const { log, lines, entries } = startLog({ level: 'debug' });
    const lookup = { answer: 'store', durationMs: 1, sizeBytes: 1, requestId: null, error: null } as const;
    const error = new CrawlgateError('NOT_STORED', 'none', { url });
    log.lookedUp({ ...lookup, url });
    log.storeCall({ ...call, url, error });
    log.unexpectedError({ where: 'x', error });
    expect(lines.join('')).not.toContain('s3cret');
    expect(entries()).toMatchObject([
      { params: { url: shown } },
      { params: { url: shown } },
      { err: { facts: { url: shown } } },
    ]);
  });

  it.each([false, true])('shows a terminal no control character of a caller (whole URLs: %s)', (fullUrls) => {
    const { log, lines } = startLog({ level: 'debug', pretty: true, fullUrls });
    const url = 'https://a.example/\u001b]0;owned\u0007\r\nfake\u009b2J';
    log.lookedUp({ url, answer: 'store', durationMs: 1, sizeBytes: 1, requestId: '\u0007', error: null });
    log.notice({ level: 'info', message: `Reading ${url}` });
    log.unexpectedError({ where: 'x', error: new Error(`about ${url}`) });
    // Colours are the log's own.
    const text = lines.join('').replaceAll(new RegExp(`${escapeCharacter}\\[\\d+m`, 'g'), '');
    expect([...text].filter((char) => /[\p{Cc}]/u.test(char) && char !== '\n')).toEqual([]);
    expect(lines[0]?.trimEnd()).not.toContain('\n');
  });

  it('tells the same failure of the store once in ten seconds, and then how many it passed over', () => {
    const { log, entries, clock } = startLog();
    const error = new CrawlgateError(
      'STORE_UNAVAILABLE',
      'DynamoDB did not answer.',
      {},
      { cause: new Error('ECONN') },
    );
    for (let i = 0; i < 4; i += 1) log.storeCall({ ...call, error });
    log.storeCall({ ...call, operation: 'PutItem', error });
    clock.now = 10_000;
    log.storeCall({ ...call, error });
    expect(entries()).toMatchObject([
      { level: 'warn', params: { operation: 'BatchGetItem', more: 0 }, err: { cause: { message: 'ECONN' } } },
      { params: { operation: 'PutItem', more: 0 } },
      { params: { operation: 'BatchGetItem', more: 3 } },
    ]);
  });

  it('tells calls and retries at debug, with numbers and no keys', () => {
    const { log, entries } = startLog({ level: 'debug' });
    log.storeCall(call);
    log.retried({ operation: 'BatchGetItem', keys: 2, reason: 'UnprocessedKeys' });
    log.storeCall({ ...call, error: new CrawlgateError('DEADLINE_EXCEEDED', 'Too late.', {}) });
    expect(entries()).toMatchObject([
      {
        level: 'debug',
        tag: 'DYNAMODB_CALL',
        params: { operation: 'BatchGetItem', keys: 3, response_time_ms: 1.2, read_units: 2, write_units: 0 },
      },
      { level: 'debug', tag: 'DYNAMODB_RETRY', params: { keys: 2, reason: 'UnprocessedKeys' } },
      { level: 'debug', tag: 'DYNAMODB_ERROR', params: { error_code: 'DEADLINE_EXCEEDED' } },
    ]);
  });

  it("tells a failed operation of DynamoDB as Crawl4AI does, under DynamoDB's own name for what went wrong", () => {
    const { log, entries } = startLog();
    const cause = Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
    const error = new CrawlgateError('STORE_THROTTLED', 'over capacity', {}, { cause });
    log.storeCall({ ...call, url: 'https://a.example/p?key=s3cret', error });
    log.storeCall({ ...call, operation: 'Query', error });
    expect(entries()).toMatchObject([
      {
        message: 'DynamoDB operation failed: {operation} for URL: {url}',
        tag: 'DYNAMODB_ERROR',
        params: {
          operation: 'BatchGetItem',
          url: 'https://a.example/p?…',
          keys: 3,
          error_code: 'ThrottlingException',
          error_message: 'Rate exceeded',
        },
      },
      { message: 'DynamoDB operation failed: {operation}', params: { operation: 'Query' } },
    ]);
  });

  it.each([
    ['fresh', 'CACHE_HIT', 'Retrieved cached result for URL: {url}'],
    ['stale', 'CACHE_STALE', 'Retrieved stale cached result for URL: {url}'],
    ['store', 'CACHE_MISS', 'Retrieved result from DynamoDB for URL: {url}'],
    ['absent', 'CACHE_MISS', 'No cached result found for URL: {url}'],
    ['failed', 'CACHE_ERROR', 'Lookup failed for URL: {url}'],
  ] as const)('tells a lookup answered %s as %s, at debug', (answer, tag, message) => {
    const { log, entries } = startLog({ level: 'debug' });
    const lookup = { url: 'https://u:p@a.example/x?q', answer, durationMs: 1.26, requestId: 'r1', error: null };
    log.lookedUp({ ...lookup, sizeBytes: 2560 });
    log.lookedUp({ ...lookup, sizeBytes: null });
    const params = { url: 'https://a.example/x?…', response_time_ms: 1.3, request_id: 'r1' };
    expect(entries()).toMatchObject([
      { level: 'debug', tag, message, params: { ...params, item_size_kb: 2.5 } },
      { tag, params },
    ]);
    const quiet = startLog();
    quiet.log.lookedUp({ ...lookup, sizeBytes: null });
    expect(quiet.lines).toEqual([]);
  });

  it('tells whole URLs where it was told to', () => {
    const { log, lines } = startLog({ fullUrls: true });
    log.notice({ level: 'info', message: 'Reading https://a.example/?q=1' });
    expect(lines.join('')).toContain('https://a.example/?q=1');
  });

  it('fills in the placeholders where a person reads along', () => {
    const { log, lines } = startLog({ pretty: true, level: 'debug' });
    log.lookedUp({
      url: 'https://a.example/',
      answer: 'fresh',
      durationMs: 1,
      sizeBytes: 1024,
      requestId: null,
      error: null,
    });
    expect(lines.join('')).toContain(
      'Retrieved cached result for URL: https://a.example/ (response_time_ms=1 item_size_kb=1)',
    );
  });

  it('tells operations at debug; at info those that were slow or failed through no fault of the caller, not all alike', () => {
    const { log, entries } = startLog();
    const operation = {
      name: 'Pages',
      type: 'query',
      outcome: 'ok',
      durationMs: 3,
      requestId: 'r1',
      codes: [],
    } as const;
    log.operation(operation);
    log.operation({ ...operation, outcome: 'errors', codes: ['BAD_USER_INPUT'] });
    log.operation({ ...operation, durationMs: 1_000 });
    for (let i = 0; i < 3; i += 1) log.operation({ ...operation, outcome: 'errors', codes: ['STORE_UNAVAILABLE'] });
    expect(entries()).toMatchObject([
      { level: 'info', tag: 'GRAPHQL', params: { operation: 'Pages', response_time_ms: 1000, request_id: 'r1' } },
      { level: 'info', params: { outcome: 'errors', codes: ['STORE_UNAVAILABLE'], more: 0 } },
    ]);
  });
});
