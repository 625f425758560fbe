// Turns of the event loop: nobody shares one, nobody is passed over.
import { expect, it } from 'vitest';
import { createTurns } from '../../src/http/turns.js';

it('gives everybody a turn of the event loop alone, in the order asked', async () => {
  const nextTurn = createTurns();
  let turn = 0;
  let isOver = false;
  const count = (): void => {
    turn += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const had: [string, number][] = [];
  const take = async (name: string, times: number): Promise<void> => {
    for (let time = 0; time < times; time += 1) {
      await nextTurn();
      had.push([name, turn]);
    }
  };
  await Promise.all([take('a', 3), take('b', 2), take('c', 1)]);
  await take('d', 1);
  isOver = true;
  expect(had.map(([name]) => name).join('')).toBe('abcabad');
  const turns = had.map(([, at]) => at);
  expect(turns).toEqual([...new Set(turns)].sort((one, other) => one - other));
});
