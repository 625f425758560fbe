// A hundred lookups of five small fields in one request, from memory.
import { documentCount, urlOf } from '../data/documents.js';
import { bodyOf, manySmall } from '../queries.js';
import { runClosedLoopCase } from './closed-loop-case.js';

/** @type {import('../bench.js').Case} */
export const warm100 = {
  id: 'warm-100',
  run: async (bench) =>
    runClosedLoopCase(bench, {
      id: 'warm-100',
      title: '100 warm lookups, 5 small fields',
      servers: await bench.warmFleet(),
      bodies: [bodyOf(manySmall, { urls: Array.from({ length: documentCount }, (_, index) => urlOf(index)) })],
      connections: 16,
      targets: { 'mercurius + jit': 1.25, 'bare node:http': 0.6 },
    }),
};
