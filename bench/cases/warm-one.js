// One lookup of five small fields from memory, a hundred URLs in turn.
import { documentCount, urlOf } from '../data/documents.js';
import { bodyOf, oneSmall } from '../queries.js';
import { runClosedLoopCase } from './closed-loop-case.js';

/** @type {import('../bench.js').Case} */
export const warmOne = {
  id: 'warm-one',
  run: async (bench) =>
    runClosedLoopCase(bench, {
      id: 'warm-one',
      title: 'One warm lookup, 5 small fields',
      servers: await bench.warmFleet(),
      bodies: Array.from({ length: documentCount }, (_, index) => bodyOf(oneSmall, { url: urlOf(index) })),
      connections: 32,
      targets: { 'mercurius + jit': 1.1, yoga: 5, 'bare node:http': 0.6 },
    }),
};
