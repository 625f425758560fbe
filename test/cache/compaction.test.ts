// Remembered values in a smaller form: which, how often, and that nothing else is put in their place.
import { expect, it } from 'vitest';
import { createCompaction } from '../../src/cache/compaction.js';

interface Value {
  readonly bytes: number;
}

function setUp(compact: (value: Value) => Promise<Value> | null) {
  const asked: Value[] = [];
  const replaced: (readonly [string, Value, Value])[] = [];
  const errors: unknown[] = [];
  const consider = createCompaction<string, Value>({
    compact: (value) => {
      asked.push(value);
      return compact(value);
    },
    replace: (key, value, smaller) => replaced.push([key, value, smaller]),
    events: { unexpectedError: ({ error }) => errors.push(error) },
  });
  return { consider, asked, replaced, errors };
}

it('a value is made smaller once, and what came of it not again', async () => {
  const small = { bytes: 1 };
  const { consider, asked, replaced } = setUp(async () => small);
  const value = { bytes: 9 };
  consider('a', value);
  consider('a', value);
  await expect.poll(() => replaced).toEqual([['a', value, small]]);
  consider('a', value);
  consider('a', small);
  expect(asked).toEqual([value]);
});

it('a value without a smaller form is asked once and left alone', async () => {
  const { consider, asked, replaced } = setUp(() => null);
  const value = { bytes: 9 };
  consider('a', value);
  consider('a', value);
  consider('b', { bytes: 8 });
  await expect.poll(() => asked.length).toBe(2);
  expect(replaced).toEqual([]);
});

it('one is made at a time, and one that fails is told of and holds up nobody', async () => {
  let running = 0;
  let most = 0;
  const { consider, replaced, errors } = setUp(async ({ bytes }) => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    if (bytes === 2) throw new Error('no');
    return { bytes: 0 };
  });
  for (const bytes of [1, 2, 3]) consider(String(bytes), { bytes });
  await expect.poll(() => replaced.map(([key]) => key)).toEqual(['1', '3']);
  expect([most, errors.length]).toEqual([1, 1]);
});
