// The classic load test: a hundred concurrent lookups of URLs that nobody ever crawled.
import { performance } from 'node:perf_hooks';
import { measured } from '../case-result.js';
import { postJson } from '../load/post-json.js';
import { startColdFleet } from '../process/cold-fleet.js';
import { bodyOf, oneSmall } from '../queries.js';

const requests = 100;

/** @type {import('../bench.js').Case} */
export const classic = {
  id: 'classic',
  async run(bench) {
    /** @type {Map<string, { calls: number[], ms: number[] }>} */
    const found = new Map();
    // Processes that have not answered anything like it, each time: an absent URL is remembered for a while.
    for (const _ of bench.eachRound()) {
      const { stub, servers } = await startColdFleet(bench.crawlgateMain, { delayMs: 5 });
      for (const { name, url } of servers) {
        await stub.takeCounts();
        const begun = performance.now();
        const answers = await Promise.all(
          Array.from({ length: requests }, (_, index) =>
            postJson(url, bodyOf(oneSmall, { url: `https://test${index}.com` })),
          ),
        );
        const ms = performance.now() - begun;
        const processed = answers.filter(({ text }) => text === '{"data":{"crawlResult":null}}').length;
        if (processed !== requests)
          throw new Error(`${name} answered ${processed} of ${requests} absent URLs with null`);
        const { calls } = await stub.takeCounts();
        if (name === 'crawlgate') {
          bench.say(`  Processed ${processed} requests: ${calls} BatchGetItem calls, ${ms.toFixed(0)} ms`);
        }
        const own = found.get(name) ?? { calls: [], ms: [] };
        own.calls.push(calls);
        own.ms.push(ms);
        found.set(name, own);
      }
      for (const child of [...servers, stub]) await child.stop();
    }
    const values = [...found].map(([name, { calls }]) => measured(name, calls));
    return {
      id: 'classic',
      title: '100 concurrent cold lookups of absent https://test{i}.com, in a process just started',
      unit: 'BatchGetItem calls',
      values,
      ratios: [{ text: 'crawlgate, most in a round', value: Math.max(...values[0].rounds), target: { atMost: 10 } }],
      notes: [...found].map(([name, { ms }]) => `${name}: ${measured(name, ms).median.toFixed(0)} ms`),
    };
  },
};
