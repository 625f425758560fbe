// What the SDK's exceptions mean to a caller, and whether asking again can help.
import { describe, expect, test } from 'vitest';
import { deadlineError, judgeFailure } from '../../src/dynamo/store-error.js';
import { CrawlgateError } from '../../src/errors.js';
import { sdkError } from './support/scripted-client.js';

test.each<[string, number, string, string, boolean]>([
  ['ProvisionedThroughputExceededException', 400, 'STORE_THROTTLED', 'yes', false],
  ['ThrottlingException', 400, 'STORE_THROTTLED', 'yes', false],
  ['RequestLimitExceeded', 400, 'STORE_THROTTLED', 'yes', false],
  ['TooManyRequestsException', 429, 'STORE_THROTTLED', 'yes', false],
  ['what a proxy calls it', 429, 'STORE_THROTTLED', 'yes', false],
  ['AccessDeniedException', 400, 'STORE_FORBIDDEN', 'no', false],
  ['UnrecognizedClientException', 400, 'STORE_FORBIDDEN', 'no', false],
  ['InvalidSignatureException', 403, 'STORE_FORBIDDEN', 'no', false],
  ['what a proxy calls it', 403, 'STORE_FORBIDDEN', 'no', false],
  ['CredentialsProviderError', 0, 'STORE_FORBIDDEN', 'no', false],
  ['ExpiredTokenException', 400, 'STORE_FORBIDDEN', 'refresh', false],
  ['ValidationException', 400, 'STORE_MISCONFIGURED', 'no', false],
  ['ResourceNotFoundException', 400, 'STORE_MISCONFIGURED', 'no', false],
  ['what is not known yet', 400, 'STORE_MISCONFIGURED', 'no', false],
  ['RequestTimeout', 408, 'STORE_UNAVAILABLE', 'yes', true],
  ['InternalServerError', 500, 'STORE_UNAVAILABLE', 'yes', true],
  ['ServiceUnavailable', 503, 'STORE_UNAVAILABLE', 'yes', true],
  ['TimeoutError', 0, 'STORE_UNAVAILABLE', 'yes', true],
])('%s with status %d is %s, retried: %s', (name, status, code, retry, isOutage) => {
  const thrown = sdkError(name, status);
  const failure = judgeFailure(thrown, 'BatchGetItem');
  expect(failure).toMatchObject({ error: { code, cause: thrown }, retry, isOutage, reason: name });
});

describe('a failure', () => {
  test('names the operation where permission or configuration is at fault', () => {
    for (const name of ['AccessDeniedException', 'ValidationException', 'ExpiredTokenException']) {
      expect(judgeFailure(sdkError(name, 400), 'PutItem').error.facts).toEqual({ operation: 'PutItem' });
    }
    expect(judgeFailure(sdkError('InternalServerError', 500), 'PutItem').error.facts).toEqual({});
  });

  test('for want of credentials says so, and what to do: DynamoDB was not asked', () => {
    const { error } = judgeFailure(sdkError('CredentialsProviderError', 0), 'DescribeTable');
    expect(error.message).toMatch(/^The gateway has no credentials for DynamoDB: set AWS_ACCESS_KEY_ID .*AWS_PROFILE/);
    expect(error.message).not.toMatch(/refused/);
  });

  test('of a connection, or of what is no error at all, is an outage', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    for (const thrown of [refused, 'a text', null, undefined, { $metadata: null }]) {
      expect(judgeFailure(thrown, 'GetItem')).toMatchObject({
        error: { code: 'STORE_UNAVAILABLE' },
        retry: 'yes',
        isOutage: true,
      });
    }
  });

  test('to read an answer is an outage, whatever the status that the SDK hangs on it', () => {
    const unread = (error: Error, httpStatusCode: number) =>
      Object.assign(error, { $response: {}, $metadata: { httpStatusCode } });
    for (const thrown of [
      unread(new SyntaxError('Unexpected token <'), 200),
      unread(new SyntaxError('Unexpected token <'), 404),
      unread(new TypeError('Cannot read properties of null'), 200),
      unread(Object.assign(new Error('not complete'), { name: 'TimeoutError', code: 'ETIMEDOUT' }), 400),
      unread(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }), 403),
    ]) {
      expect(judgeFailure(thrown, 'PutItem')).toMatchObject({
        error: { code: 'STORE_UNAVAILABLE' },
        retry: 'yes',
        isOutage: true,
        isUnsent: false,
      });
    }
    const refusal = unread(new SyntaxError('Unexpected token <'), 403);
    expect(judgeFailure(refusal, 'PutItem')).toMatchObject({ error: { code: 'STORE_FORBIDDEN' }, retry: 'no' });
  });

  test('of ours is neither an outage nor tried again, unless a connection is behind it', () => {
    const ours = new TypeError("Cannot read properties of undefined (reading 'S')");
    expect(judgeFailure(ours, 'GetItem')).toMatchObject({
      error: { code: 'INTERNAL_SERVER_ERROR', cause: ours },
      retry: 'no',
      isOutage: false,
    });
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    expect(judgeFailure(new TypeError('fetch failed', { cause }), 'GetItem')).toMatchObject({
      error: { code: 'STORE_UNAVAILABLE' },
    });
  });

  test('without a connection surely did not reach the store; any other silence may have', () => {
    const coded = (code: string) => Object.assign(new Error(code), { code });
    expect(['ECONNREFUSED', 'ENOTFOUND'].map((code) => judgeFailure(coded(code), 'PutItem').isUnsent)).toEqual([
      true,
      true,
    ]);
    const timeouts = [sdkError('InternalServerError', 500), coded('ECONNRESET'), coded('ETIMEDOUT')];
    expect(timeouts.map((thrown) => judgeFailure(thrown, 'PutItem').isUnsent)).toEqual([false, false, false]);
  });

  test('of the clock is tried again once the SDK has set it', () => {
    const thrown = sdkError('InvalidSignatureException', 403, { clockSkewCorrected: true });
    expect(judgeFailure(thrown, 'GetItem')).toMatchObject({ error: { code: 'STORE_FORBIDDEN' }, retry: 'yes' });
  });
});

test('a deadline is told as what the store said last, if it said anything', () => {
  const last = new CrawlgateError('STORE_THROTTLED', 'over capacity', {});
  expect(deadlineError(last)).toBe(last);
  expect(deadlineError(null)).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
});
