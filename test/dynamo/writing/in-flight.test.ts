// A call that stores many results works on a bounded number of heads at once, and leaves none out.
import { expect, it } from 'vitest';
import { openWorld } from './world.js';

it.each(['document', 'versioned'] as const)('has at most 16 heads in flight in the %s layout', async (layout) => {
  await using world = await openWorld({ layout });
  let inFlight = 0;
  let most = 0;
  world.client.middlewareStack.add(
    (next, { commandName }) =>
      async (input) => {
        if (commandName !== 'PutItemCommand') return next(input);
        inFlight += 1;
        most = Math.max(most, inFlight);
        try {
          return await next(input);
        } finally {
          inFlight -= 1;
        }
      },
    { step: 'initialize' },
  );
  const documents = Array.from({ length: 130 }, (_, index) => ({
    url: `https://many.example/${index}`,
    success: true,
    html: `<p>${index}</p>`,
  }));
  const outcomes = await world.put(...documents);
  expect(outcomes).toHaveLength(130);
  expect(outcomes.every(({ kind }) => kind === 'done')).toBe(true);
  expect(most).toBe(16);
  expect(await world.document('https://many.example/129')).toMatchObject({ html: '<p>129</p>' });
});
