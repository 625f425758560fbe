// One lookup that memory does not hold, 64 at a time, DynamoDB 5 ms away. No URL comes twice.
import { bodyOf, oneSmall } from '../queries.js';
import { runClosedLoopCase } from './closed-loop-case.js';

/** @type {import('../bench.js').Case} */
export const coldOne = {
  id: 'cold-one',
  run: async (bench) =>
    runClosedLoopCase(bench, {
      id: 'cold-one',
      title: 'One cold lookup, 64 at a time, DynamoDB 5 ms away',
      servers: (await bench.coldFleet()).servers,
      bodies: [bodyOf(oneSmall, { url: 'https://cold.example/%d' })],
      connections: 64,
      targets: { yoga: 6 },
    }),
};
