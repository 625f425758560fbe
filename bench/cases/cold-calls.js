// How many BatchGetItem calls a thousand cold lookups become, 64 at a time.
import { measured } from '../case-result.js';
import { inParallel } from '../load/in-parallel.js';
import { dataOf } from '../load/post-json.js';
import { bodyOf, oneSmall } from '../queries.js';

const lookups = 1_000;

/** @type {import('../bench.js').Case} */
export const coldCalls = {
  id: 'cold-calls',
  async run(bench) {
    const { stub, servers } = await bench.coldFleet();
    const values = [];
    for (const { name, url } of servers) {
      const rounds = [];
      for (const _ of bench.eachRound()) {
        const first = bench.takeNumbers();
        await stub.takeCounts();
        await inParallel(lookups, 64, async (index) => {
          const { crawlResult } = await dataOf(url, bodyOf(oneSmall, { url: `https://cold.example/${first + index}` }));
          if (crawlResult === null) throw new Error(`${name} did not find what the table holds`);
        });
        rounds.push((await stub.takeCounts()).calls);
      }
      values.push(measured(name, rounds));
    }
    return {
      id: 'cold-calls',
      title: 'BatchGetItem calls per 1,000 cold single lookups, 64 at a time',
      unit: 'calls',
      values,
      ratios: [{ text: 'crawlgate, most in a round', value: Math.max(...values[0].rounds), target: { atMost: 60 } }],
      notes: [],
    };
  },
};
