// How long a server's event loop is held while eight clients stream large answers.
import { measured } from '../case-result.js';
import { documentCount, urlOf } from '../data/documents.js';
import { bodyOf, manyHtml } from '../queries.js';

const bodies = [bodyOf(manyHtml, { urls: Array.from({ length: documentCount }, (_, index) => urlOf(index)) })];

/** @type {import('../bench.js').Case} */
export const loopDelay = {
  id: 'loop-delay',
  async run(bench) {
    const fleet = await bench.warmFleet();
    const values = [];
    for (const gzip of [true, false]) {
      for (const server of fleet.filter(({ name }) => name === 'crawlgate' || gzip)) {
        const rounds = [];
        for (let round = 0; round < (server.name === 'crawlgate' ? bench.rounds : 1); round += 1) {
          await server.watchLoop();
          await bench.closedLoop({ url: server.url, bodies, connections: 8, seconds: bench.seconds, gzip });
          const { samples, p99 } = (await server.figures()).loopDelayMs ?? { samples: 0, p99: 0 };
          // Without a sample the loop was held all the time.
          rounds.push(samples === 0 ? bench.seconds * 1000 : p99);
        }
        values.push(measured(gzip ? server.name : `${server.name}, not compressed`, rounds));
      }
    }
    const own = values.filter(({ name }) => name.startsWith('crawlgate'));
    return {
      id: 'loop-delay',
      title: 'Event-loop delay, p99, while 8 clients stream 100 real pages each, Accept-Encoding: gzip',
      unit: 'ms',
      values,
      ratios: own.map(({ name, median }) => ({ text: `${name}, ms`, value: median, target: { atMost: 20 } })),
      notes: ['sampled every millisecond, the millisecond included'],
    };
  },
};
