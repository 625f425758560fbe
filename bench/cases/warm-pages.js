// A hundred lookups with the html of real pages in one request, from memory, as a client that takes gzip and as one that does not.
import { documentCount, urlOf } from '../data/documents.js';
import { bodyOf, manyHtml } from '../queries.js';
import { runClosedLoopCase } from './closed-loop-case.js';

const bodies = [bodyOf(manyHtml, { urls: Array.from({ length: documentCount }, (_, index) => urlOf(index)) })];
/** A slow server answers a handful of these a second. */
const connections = 4;

/** @type {import('../bench.js').Case} */
export const warmPagesGzip = {
  id: 'warm-pages-gzip',
  run: async (bench) =>
    runClosedLoopCase(bench, {
      id: 'warm-pages-gzip',
      title: '100 warm lookups with html of real pages, Accept-Encoding: gzip',
      servers: await bench.warmFleet(),
      bodies,
      connections,
      gzip: true,
      targets: { 'bare node:http': 20 },
    }),
};

/** @type {import('../bench.js').Case} */
export const warmPages = {
  id: 'warm-pages',
  run: async (bench) =>
    runClosedLoopCase(bench, {
      id: 'warm-pages',
      title: '100 warm lookups with html of real pages, not compressed',
      servers: await bench.warmFleet(),
      bodies,
      connections,
      targets: {},
    }),
};
