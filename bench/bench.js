// What a case may use: the fleets, made when first asked for, the load tool, and how long and how often to measure.
import { performance } from 'node:perf_hooks';
import { startColdFleet } from './process/cold-fleet.js';
import { startWarmFleet } from './process/warm-fleet.js';

/**
 * @typedef {object} Bench
 * @property {boolean} quick
 * @property {() => Iterable<number>} eachRound Counts rounds from 0 until they are enough, or the case has had its time after two.
 * @property {number} seconds Of one server in one round.
 * @property {string} crawlgateMain Path of Crawlgate's main.js.
 * @property {import('./load/closed-loop.js').ClosedLoop} closedLoop
 * @property {() => Promise<readonly import('./process/child.js').Child[]>} warmFleet
 * @property {() => Promise<import('./process/cold-fleet.js').ColdFleet>} coldFleet DynamoDB is 5 ms away.
 * @property {() => number} takeNumbers The first of a million numbers that nobody else gets: cold URLs are made of them.
 * @property {(line: string) => void} say
 *
 * @typedef {object} Case
 * @property {string} id
 * @property {(bench: Bench) => Promise<import('./case-result.js').CaseResult>} run
 */

/**
 * @param {Pick<Bench, 'quick' | 'crawlgateMain' | 'closedLoop' | 'say'>} options
 * @returns {{ bench: Bench, stopFleets: () => Promise<void> }}
 */
export function createBench(options) {
  /** @type {Promise<readonly import('./process/child.js').Child[]> | undefined} */
  let warm;
  /** @type {Promise<import('./process/cold-fleet.js').ColdFleet> | undefined} */
  let cold;
  let number = 0;
  return {
    bench: {
      ...options,
      seconds: options.quick ? 1 : 2,
      warmFleet() {
        warm ??= startWarmFleet(options.crawlgateMain);
        return warm;
      },
      coldFleet() {
        cold ??= startColdFleet(options.crawlgateMain, { delayMs: 5 });
        return cold;
      },
      *eachRound() {
        const begun = performance.now();
        for (let round = 0; round < (options.quick ? 2 : 5); round += 1) {
          if (round > 1 && performance.now() - begun > (options.quick ? 15_000 : 50_000)) return;
          yield round;
        }
      },
      takeNumbers() {
        number += 1_000_000;
        return number;
      },
    },
    async stopFleets() {
      for (const server of (await warm?.catch(() => [])) ?? []) await server.stop();
      const fleet = await cold?.catch(() => null);
      for (const child of fleet ? [...fleet.servers, fleet.stub] : []) await child.stop();
    },
  };
}
