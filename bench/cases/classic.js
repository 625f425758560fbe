// The classic load test: a hundred concurrent lookups of URLs that nobody ever crawled.
import { performance } from 'node:perf_hooks';
import { measured } from '../case-result.js';
import { inParallel } from '../load/in-parallel.js';
import { dataOf, postJson } from '../load/post-json.js';
import { startColdFleet } from '../process/cold-fleet.js';
import { bodyOf, oneSmall } from '../queries.js';

/** @typedef {import('../process/stub.js').Stub} Stub */
/** @typedef {import('../process/child.js').Child} Child */

const requests = 100;
/** Other lookups, after which a process is no longer new. */
const earlierLookups = 1_000;
/** Longer than "nothing stored" is remembered. */
const forgottenMs = 5_500;

/** @type {import('../bench.js').Case} */
export const classic = {
  id: 'classic',
  async run(bench) {
    /** @type {Map<string, { calls: number[], ms: number[] }>} */
    const found = new Map();
    for (const _ of bench.eachRound()) {
      const { stub, servers } = await startColdFleet(bench.crawlgateMain, { delayMs: 5 });
      for (const when of ['just started', 'running']) {
        for (const server of servers) {
          const { calls, ms } = await lookUpAbsent(server, stub);
          const name = `${server.name}, ${when}`;
          if (server.name === 'crawlgate') {
            bench.say(`  ${name}: Processed ${requests} requests: ${calls} BatchGetItem calls, ${ms.toFixed(0)} ms`);
          }
          const own = found.get(name) ?? { calls: [], ms: [] };
          own.calls.push(calls);
          own.ms.push(ms);
          found.set(name, own);
        }
        if (when === 'running') break;
        await new Promise((resolve) => setTimeout(resolve, forgottenMs));
        for (const { url } of servers) {
          const first = bench.takeNumbers();
          await inParallel(earlierLookups, requests, async (index) => {
            await dataOf(url, bodyOf(oneSmall, { url: `https://cold.example/${first + index}` }));
          });
        }
      }
      for (const child of [...servers, stub]) await child.stop();
    }
    const values = [...found].map(([name, { calls }]) => measured(name, calls));
    return {
      id: 'classic',
      title: '100 concurrent cold lookups of absent https://test{i}.com',
      unit: 'BatchGetItem calls',
      values,
      ratios: values
        .filter(({ name }) => name.startsWith('crawlgate'))
        .map(({ name, rounds }) => ({
          text: `${name}, most in a round`,
          value: Math.max(...rounds),
          target: { atMost: 10 },
        })),
      notes: [...found].map(([name, { ms }]) => `${name}: ${measured(name, ms).median.toFixed(0)} ms`),
    };
  },
};

/** @param {Child} server @param {Stub} stub */
async function lookUpAbsent({ name, url }, stub) {
  await stub.takeCounts();
  const begun = performance.now();
  const answers = await Promise.all(
    Array.from({ length: requests }, (_, index) =>
      postJson(url, bodyOf(oneSmall, { url: `https://test${index}.com` })),
    ),
  );
  const ms = performance.now() - begun;
  const processed = answers.filter(({ text }) => text === '{"data":{"crawlResult":null}}').length;
  if (processed !== requests) throw new Error(`${name} answered ${processed} of ${requests} absent URLs with null`);
  return { calls: (await stub.takeCounts()).calls, ms };
}
