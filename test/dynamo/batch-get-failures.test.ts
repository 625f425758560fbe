// BatchGetItem on a bad day: exceptions of every kind, outages, and requests that end before they are answered.
import { describe, expect, test } from 'vitest';
import { kinds, names, serving, startRig, table } from './support/batch-get-rig.js';
import { type Answer, keysOf, sdkError } from './support/scripted-client.js';

describe('an exception', () => {
  test.each([
    ['ProvisionedThroughputExceededException', 400],
    ['ThrottlingException', 400],
    ['RequestLimitExceeded', 400],
    ['InternalServerError', 500],
    ['ServiceUnavailable', 503],
    ['TimeoutError', 0],
  ])('%s is tried again', async (name, status) => {
    const { read, waits, retried } = startRig((input, call) => {
      if (call < 2) throw sdkError(name, status);
      return serving(input, () => true);
    });
    expect(kinds(await read(names(2)))).toEqual({ u0: 'found', u1: 'found' });
    expect(waits).toEqual([10, 20]);
    expect(retried).toEqual(Array(2).fill({ keys: 2, reason: name }));
  });

  test.each([
    ['ValidationException', 400, 'STORE_MISCONFIGURED'],
    ['ResourceNotFoundException', 400, 'STORE_MISCONFIGURED'],
    ['AccessDeniedException', 400, 'STORE_FORBIDDEN'],
    ['ExpiredTokenException', 400, 'STORE_FORBIDDEN'],
  ])('%s is not', async (name, status, code) => {
    const { read, inputs, waits, retried } = startRig(() => {
      throw sdkError(name, status);
    });
    expect(kinds(await read(names(2)))).toEqual({ u0: code, u1: code });
    expect(inputs).toHaveLength(1);
    expect(waits).toEqual([]);
    expect(retried).toEqual([]);
  });

  test('in one call spares the keys of the others', async () => {
    const { read } = startRig((input) => {
      if (keysOf(input, table.name).some((key) => key.url?.S === 'u150')) throw sdkError('ValidationException', 400);
      return serving(input, () => true);
    });
    const outcomes = kinds(await read(names(250)));
    expect([outcomes.u0, outcomes.u150, outcomes.u249]).toEqual(['found', 'STORE_MISCONFIGURED', 'found']);
  });

  test('is reported with its call, and not what went well', async () => {
    const { read, storeCalls } = startRig((input, call) => {
      if (call === 0) throw sdkError('InternalServerError', 500);
      return { ...serving(input, () => true), ConsumedCapacity: [{ CapacityUnits: 1.5 }] };
    });
    await read(names(2));
    expect(storeCalls).toEqual([
      { keys: 2, readUnits: 0, error: 'STORE_UNAVAILABLE' },
      { keys: 2, readUnits: 1.5, error: null },
    ]);
  });

  test('in an outage is not multiplied: the calls of a process share what is beyond their own tries', async () => {
    const { read, inputs, waits } = startRig(() => {
      throw sdkError('InternalServerError', 500);
    });
    for (let request = 0; request < 300; request += 1) await read(['u0']);
    // 4 tries each of their own, and 500 more for the whole process.
    expect(inputs).toHaveLength(300 * 4 + 500);
    expect(Math.max(...waits)).toBeLessThanOrEqual(2500);
  });
});

describe('a request that ends', () => {
  test('before it began makes no call', async () => {
    const { read, inputs, deadline } = startRig((input) => serving(input, () => true));
    deadline.abort();
    expect(kinds(await read(names(2)))).toEqual({ u0: 'DEADLINE_EXCEEDED', u1: 'DEADLINE_EXCEEDED' });
    expect(inputs).toEqual([]);
  });

  test('while waiting is not sent again and says what the store said', async () => {
    const { read, inputs, retried } = startRig(
      () => {
        throw sdkError('ThrottlingException', 400);
      },
      { lastWait: 1 },
    );
    expect(kinds(await read(['u0']))).toEqual({ u0: 'STORE_THROTTLED' });
    expect(inputs).toHaveLength(1);
    expect(retried).toEqual([]);
  });

  test('while its first call is in flight says DEADLINE_EXCEEDED', async () => {
    const { read, inputs, deadline } = startRig((_input, _call, signal) => untilAborted(signal));
    const reading = read(['u0']);
    deadline.abort();
    expect(kinds(await reading)).toEqual({ u0: 'DEADLINE_EXCEEDED' });
    expect(inputs).toHaveLength(1);
  });

  test('while a later call is in flight says what the store said before, and keeps what was read', async () => {
    const { read, deadline } = startRig((input, call, signal) => {
      if (call === 0) return serving(input, (name) => name === 'u0');
      deadline.abort();
      return untilAborted(signal);
    });
    expect(kinds(await read(names(2)))).toEqual({ u0: 'found', u1: 'STORE_THROTTLED' });
  });
});

function untilAborted(signal: AbortSignal): Promise<Answer> {
  return new Promise((_, reject) => {
    const abort = (): void => reject(Object.assign(new Error('Request aborted'), { name: 'AbortError' }));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
