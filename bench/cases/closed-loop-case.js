// What the cases of closed-loop load have in common: rounds, servers in turn, requests a second, ratios to Crawlgate's.
import { measured, ratioOf } from '../case-result.js';

/** @typedef {import('../bench.js').Bench} Bench */
/** @typedef {import('../process/child.js').Child} Child */

/**
 * @typedef {object} ClosedLoopCase
 * @property {string} id
 * @property {string} title
 * @property {readonly Child[]} servers Crawlgate first.
 * @property {readonly string[]} bodies
 * @property {number} connections
 * @property {boolean} [gzip]
 * @property {Readonly<Record<string, number>>} targets Least ratio of Crawlgate to the server of that name.
 */

/** Fewer answers in a round say nothing: then the round takes longer. */
const fewestAnswers = 6;
const longestSeconds = 8;

/** @param {Bench} bench @param {ClosedLoopCase} options @returns {Promise<import('../case-result.js').CaseResult>} */
export async function runClosedLoopCase(bench, { id, title, servers, bodies, connections, gzip = false, targets }) {
  const rounds = new Map(servers.map((server) => [server, /** @type {Round[]} */ ([])]));
  const load = { bodies, connections, gzip };
  // Compilers and caches come to rest before the first round counts.
  for (const { url } of servers) {
    await bench.closedLoop({ ...load, url, seconds: 1, firstNumber: bench.takeNumbers() });
  }
  for (const _ of bench.eachRound()) {
    for (const [server, own] of rounds) own.push(await measureRound(bench, server, load));
  }
  const failing = servers.filter((server) => rounds.get(server)?.some(({ errors }) => errors > 0));
  if (failing.length > 0) {
    throw new Error(`${id}: not every request was answered with 200 by ${failing.map(({ name }) => name).join(', ')}`);
  }
  const values = [...rounds].map(([{ name }, own]) =>
    measured(
      name,
      own.map(({ perSecond }) => perSecond),
    ),
  );
  const cpu = [...rounds].map(([{ name }, own]) =>
    measured(
      name,
      own.map(({ cpuMs }) => cpuMs),
    ),
  );
  const [crawlgate, ...peers] = values;
  return {
    id,
    title,
    unit: 'requests/s',
    values,
    cpuMs: cpu,
    ratios: peers.map((peer) =>
      ratioOf(crawlgate, peer, peer.name in targets ? { atLeast: targets[peer.name] } : null),
    ),
    notes: [`${connections} connections`],
  };
}

/** @typedef {{ perSecond: number, cpuMs: number, errors: number }} Round */

/**
 * @param {Bench} bench
 * @param {Child} server
 * @param {{ bodies: readonly string[], connections: number, gzip: boolean }} load
 * @returns {Promise<Round>}
 */
async function measureRound(bench, server, load) {
  for (let { seconds } = bench; ; seconds *= 2) {
    const { cpuMs: before } = await server.figures();
    const { perSecond, requests, errors } = await bench.closedLoop({
      ...load,
      url: server.url,
      seconds,
      firstNumber: bench.takeNumbers(),
    });
    const { cpuMs: after } = await server.figures();
    if (requests >= fewestAnswers || seconds * 2 > longestSeconds) {
      return { perSecond, cpuMs: (after - before) / Math.max(1, requests), errors };
    }
  }
}
