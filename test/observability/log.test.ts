// What goes into the log, and what never does.
import { describe, expect, it } from 'vitest';
import type { LogConfig } from '../../src/config.js';
import { CrawlgateError } from '../../src/errors.js';
import { createLog } from '../../src/observability/log.js';

function startLog(config: Partial<LogConfig> = {}) {
  const lines: string[] = [];
  const clock = { now: 0 };
  const log = createLog({
    config: { level: 'info', pretty: false, ...config },
    output: { write: (line) => lines.push(line) },
    elapsed: () => clock.now,
  });
  const entries = (): Record<string, unknown>[] => lines.map((line) => JSON.parse(line));
  return { log, lines, entries, clock };
}

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
      { level: 'warn', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/), msg: 'The embedded DynamoDB ended.' },
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
        where: 'resolver',
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
  ])('tells %s without what may be secret in it', (url, shown) => {
    const { log, lines, entries } = startLog();
    log.notice({ level: 'info', message: `Reading ${url}, again` });
    log.unexpectedError({ where: 'x', error: new CrawlgateError('NOT_STORED', `no ${url}`, { url }) });
    log.unexpectedError({ where: 'x', error: url });
    expect(lines.join('')).not.toContain('s3cret');
    expect(entries()[1]).toMatchObject({ err: { message: `no ${shown}`, facts: { url: shown } } });
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
      { level: 'warn', operation: 'BatchGetItem', more: 0, err: { cause: { message: 'ECONN' } } },
      { operation: 'PutItem', more: 0 },
      { operation: 'BatchGetItem', more: 3 },
    ]);
  });

  it('tells calls and retries at debug, with numbers and no keys', () => {
    const { log, entries } = startLog({ level: 'debug' });
    log.storeCall(call);
    log.retried({ operation: 'BatchGetItem', keys: 2, reason: 'UnprocessedKeys' });
    log.storeCall({ ...call, error: new CrawlgateError('DEADLINE_EXCEEDED', 'Too late.', {}) });
    expect(entries()).toMatchObject([
      { level: 'debug', operation: 'BatchGetItem', keys: 3, durationMs: 1.2, readUnits: 2 },
      { level: 'debug', keys: 2, reason: 'UnprocessedKeys' },
      { level: 'debug', code: 'DEADLINE_EXCEEDED' },
    ]);
  });
});
