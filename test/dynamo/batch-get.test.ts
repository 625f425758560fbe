// BatchGetItem until every key has its outcome: what is asked, and what the answers mean.
import { describe, expect, test } from 'vitest';
import { item, kinds, names, serving, startRig, table } from './support/batch-get-rig.js';
import { type Answer, keysOf, sdkError } from './support/scripted-client.js';

describe('the question', () => {
  test('is split at 100 keys, each asked once', async () => {
    const { read, inputs } = startRig((input) => serving(input, () => true));
    expect((await read(names(250))).size).toBe(250);
    expect(inputs.map((input) => keysOf(input, table.name).length)).toEqual([100, 100, 50]);
    expect(new Set(inputs.flatMap((input) => keysOf(input, table.name).map((key) => key.url?.S))).size).toBe(250);
  });

  test('for nothing makes no call', async () => {
    const { read, inputs } = startRig(() => ({}));
    expect((await read([])).size).toBe(0);
    expect(inputs).toEqual([]);
  });

  test('is split by bytes where they are known beforehand, a key too large for any call going alone', async () => {
    const { read, inputs } = startRig((input) => serving(input, () => true));
    const mb = 1024 * 1024;
    await read(names(6), { bytes: [5 * mb, 5 * mb, 5 * mb, 20 * mb, 6 * mb, 6 * mb] });
    expect(inputs.map((input) => keysOf(input, table.name).length)).toEqual([2, 1, 1, 2]);
  });

  test('is split by the sizes seen so far, which calls with known sizes do not change', async () => {
    const unitsEach = 100; // 800 KB read eventually consistently
    const { read, inputs } = startRig((input) => ({
      ...serving(input, () => true),
      ConsumedCapacity: [{ CapacityUnits: unitsEach * keysOf(input, table.name).length }],
    }));
    await read(names(4), { bytes: [1, 1, 1, 1] });
    await read(names(40));
    expect(inputs).toHaveLength(2);
    await read(names(40));
    expect(inputs.slice(2).map((input) => keysOf(input, table.name).length)).toEqual([15, 15, 10]);
  });

  test('asks for the key and for what is projected, by placeholders, consistently if so told, in every round', async () => {
    const { read, inputs } = startRig((input, call) => serving(input, (name) => name === `u${call}`));
    await read(names(3), { projection: ['order', 'url', 'ttl'], consistent: true });
    expect(inputs).toHaveLength(3);
    for (const input of inputs) {
      expect(input.RequestItems?.[table.name]).toMatchObject({
        ConsistentRead: true,
        ProjectionExpression: '#0,#1,#2',
        ExpressionAttributeNames: { '#0': 'url', '#1': 'order', '#2': 'ttl' },
      });
      expect(input.ReturnConsumedCapacity).toBe('TOTAL');
    }
  });
});

describe('an answer', () => {
  test('is matched by key, whatever its order', async () => {
    const { read } = startRig((input) => ({
      Responses: {
        [table.name]: [...keysOf(input, table.name)]
          .reverse()
          .map((key) => item(key.url?.S ?? '', { n: key.url ?? { S: '' } })),
      },
    }));
    for (const [name, outcome] of await read(names(5))) {
      expect(outcome).toEqual({ kind: 'found', item: item(name, { n: { S: name } }) });
    }
  });

  test('says absent for what it neither brings nor leaves over', async () => {
    const { read } = startRig(() => ({ Responses: { [table.name]: [item('u1')] }, UnprocessedKeys: {} }));
    expect(kinds(await read(names(3)))).toEqual({ u0: 'absent', u1: 'found', u2: 'absent' });
  });

  test('with keys that nobody asked for, or with none, is taken for what was asked', async () => {
    const { read, inputs } = startRig(() => ({
      Responses: { [table.name]: [item('other'), { html: { S: 'no key' } }, item('u0')], another: [item('u1')] },
      UnprocessedKeys: { [table.name]: { Keys: [item('stranger'), {}] } },
    }));
    expect(kinds(await read(names(2)))).toEqual({ u0: 'found', u1: 'absent' });
    expect(inputs).toHaveLength(1);
  });

  test('that brings a key and leaves it over has brought it', async () => {
    const { read, inputs } = startRig(() => ({
      Responses: { [table.name]: [item('u0')] },
      UnprocessedKeys: { [table.name]: { Keys: [item('u0')] } },
    }));
    expect(kinds(await read(['u0']))).toEqual({ u0: 'found' });
    expect(inputs).toHaveLength(1);
  });

  test.each<[string, Answer]>([
    ['neither Responses nor UnprocessedKeys', {}],
    ['no word of the table', { Responses: {}, UnprocessedKeys: {} }],
  ])('with %s makes nothing absent', async (_, answer) => {
    const { read, inputs } = startRig(() => answer, { maxRetries: 2, lastWait: 3 });
    expect(kinds(await read(names(2)))).toEqual({ u0: 'STORE_UNAVAILABLE', u1: 'STORE_UNAVAILABLE' });
    expect(inputs).toHaveLength(3);
  });

  test('with no list of items makes none of the keys absent that it does not leave over', async () => {
    const { read } = startRig((input, call) =>
      call === 0
        ? { UnprocessedKeys: { [table.name]: { Keys: [item('u0')] } } }
        : serving(input, (name) => name !== 'u9'),
    );
    expect(kinds(await read(names(2)))).toEqual({ u0: 'found', u1: 'found' });
  });
});

test('absent keys, which cost half a unit each, do not make items seem large: full batches stay full', async () => {
  const { read, inputs } = startRig(() => ({
    Responses: { [table.name]: [item('u0')] },
    UnprocessedKeys: {},
    ConsumedCapacity: [{ CapacityUnits: 50 }],
  }));
  for (let round = 0; round < 3; round += 1) await read(names(100));
  expect(inputs.map((input) => keysOf(input, table.name).length)).toEqual([100, 100, 100]);
});

describe('unprocessed keys', () => {
  test('are asked for again, and pages are merged by key', async () => {
    const { read, inputs, retried } = startRig((input, call) =>
      serving(input, (name) => Number(name.slice(1)) % 3 <= call),
    );
    const outcomes = await read(names(9));
    expect([...outcomes.values()].map(({ kind }) => kind)).toEqual(Array(9).fill('found'));
    expect(inputs.map((input) => keysOf(input, table.name).length)).toEqual([9, 6, 3]);
    expect(retried).toEqual([
      { keys: 6, reason: 'UnprocessedKeys' },
      { keys: 3, reason: 'UnprocessedKeys' },
    ]);
  });

  test('that are all of them are asked for again, each wait up to twice as long', async () => {
    const { read, waits } = startRig((input, call) => serving(input, () => call === 9));
    expect(kinds(await read(['u0']))).toEqual({ u0: 'found' });
    expect(waits).toEqual([10, 20, 40, 80, 160, 320, 640, 1280, 2500]);
  });

  test('that stay so until the deadline are failed, never absent, and spare the others', async () => {
    const { read, inputs } = startRig((input) => serving(input, (name) => name !== 'u1'), { lastWait: 20 });
    expect(kinds(await read(names(3)))).toEqual({ u0: 'found', u1: 'STORE_THROTTLED', u2: 'found' });
    expect(inputs).toHaveLength(20);
    expect(keysOf(inputs[19] ?? { RequestItems: {} }, table.name)).toEqual([item('u1')]);
  });

  test('of an answer that was cut by size are asked for at once', async () => {
    const { read, waits } = startRig((input, call) => ({
      ...serving(input, (name) => Number(name.slice(1)) <= call),
      ConsumedCapacity: [{ CapacityUnits: 128 }],
    }));
    await read(names(5));
    expect(waits).toEqual([]);
  });

  test('of an answer that read little are waited for', async () => {
    const { read, waits } = startRig((input, call) => ({
      ...serving(input, (name) => Number(name.slice(1)) <= call),
      ConsumedCapacity: [{ CapacityUnits: 127 }],
    }));
    await read(names(3));
    expect(waits).toEqual([10, 20]);
  });

  test('take no tries away from a call that throws later', async () => {
    const { read } = startRig(
      (input, call) => {
        if (call < 5) return serving(input, () => false);
        if (call < 7) throw sdkError('InternalServerError', 500);
        return serving(input, () => true);
      },
      { maxRetries: 2 },
    );
    expect(kinds(await read(['u0']))).toEqual({ u0: 'found' });
  });
});
