// How long a server's event loop is held while eight clients stream large answers.
import { measured } from '../case-result.js';
import { documentCount, urlOf } from '../data/documents.js';
import { bodyOf, manyHtml } from '../queries.js';

/** @typedef {import('../bench.js').Bench} Bench */
/** @typedef {import('../process/child.js').Child} Child */

const bodies = [bodyOf(manyHtml, { urls: Array.from({ length: documentCount }, (_, index) => urlOf(index)) })];

/** @type {import('../bench.js').Case} */
export const loopDelay = {
  id: 'loop-delay',
  async run(bench) {
    const fleet = await bench.warmFleet();
    const subjects = fleet
      .filter(({ name }) => ['crawlgate', 'bare node:http', 'yoga'].includes(name))
      .flatMap((server) =>
        server.name === 'crawlgate'
          ? [subject(server, 'crawlgate, gzip', true), subject(server, 'crawlgate, not compressed', false)]
          : [subject(server, server.name, true)],
      );
    for (const _ of bench.eachRound()) {
      for (const { server, gzip, rounds } of subjects) rounds.push(await delayWhileStreaming(bench, server, gzip));
    }
    const values = subjects.map(({ name, rounds }) => measured(name, rounds));
    return {
      id: 'loop-delay',
      title: 'Event-loop delay, p99, while 8 clients stream 100 real pages each',
      unit: 'ms',
      values,
      ratios: values
        .filter(({ name }) => name.startsWith('crawlgate'))
        .map(({ name, median }) => ({ text: `${name}, ms`, value: median, target: { atMost: 20 } })),
      notes: ['sampled every millisecond, the millisecond included'],
    };
  },
};

/** @param {Child} server @param {string} name @param {boolean} gzip */
function subject(server, name, gzip) {
  return { server, name, gzip, rounds: /** @type {number[]} */ ([]) };
}

/** @param {Bench} bench @param {Child} server @param {boolean} gzip */
async function delayWhileStreaming({ closedLoop, seconds }, server, gzip) {
  await server.watchLoop();
  await closedLoop({ url: server.url, bodies, connections: 8, seconds, gzip });
  const { samples, p99 } = (await server.figures()).loopDelayMs ?? { samples: 0, p99: 0 };
  // Without a sample the loop was held all the time.
  return samples === 0 ? seconds * 1000 : p99;
}
