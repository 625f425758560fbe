// Latency against offered load: one warm lookup, asked for at fixed times whether or not the last one is answered.
import { measured } from '../case-result.js';
import { documentCount, urlOf } from '../data/documents.js';
import { runOpenLoop } from '../load/open-loop.js';
import { bodyOf, oneSmall } from '../queries.js';

/**
 * @typedef {object} CurvePoint
 * @property {string} name
 * @property {number} offered Requests a second.
 * @property {number} answered
 * @property {number} p50Ms
 * @property {number} p99Ms
 */

const offers = [500, 1_000, 2_000, 3_000, 4_000, 6_000, 8_000, 11_000, 15_000, 20_000];
const quickOffers = [500, 2_000, 8_000];
const bodies = Array.from({ length: documentCount }, (_, index) => bodyOf(oneSmall, { url: urlOf(index) }));

/** @type {import('../bench.js').Case} */
export const latencyCurve = {
  id: 'latency-curve',
  async run(bench) {
    const fleet = await bench.warmFleet();
    /** @type {CurvePoint[]} */
    const curve = [];
    const saturated = new Set();
    for (const offered of bench.quick ? quickOffers : offers) {
      for (const { name, url } of fleet) {
        if (saturated.has(name)) continue;
        const figures = await runOpenLoop({
          url,
          bodies,
          perSecond: offered,
          seconds: bench.quick ? 1 : 2,
          connections: 64,
        });
        if (figures.errors > 0) throw new Error(`latency-curve: ${name} did not answer every request with 200`);
        const { answered, p50Ms, p99Ms } = figures;
        curve.push({ name, offered, answered, p50Ms, p99Ms });
        // Beyond this there is only a queue that grows for as long as one looks.
        if (answered < offered * 0.95) saturated.add(name);
      }
    }
    const kept = fleet.map(({ name }) =>
      measured(name, [
        Math.max(0, ...curve.filter((each) => each.name === name && each.p99Ms < 20).map((each) => each.offered)),
      ]),
    );
    return {
      id: 'latency-curve',
      title: 'Highest offered load of one warm lookup with p99 under 20 ms',
      unit: 'requests/s',
      values: kept,
      ratios: [],
      notes: ['open loop, 64 connections; times count from when a request was due'],
      curve,
    };
  },
};
