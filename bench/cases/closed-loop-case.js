// What the cases of closed-loop load have in common: rounds, servers in turn, requests a second, ratios to Crawlgate's.
import { measured, ratioOf } from '../case-result.js';

/** @typedef {import('../bench.js').Bench} Bench */
/** @typedef {import('../process/child.js').Child & { authorization?: string }} Child */

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

/** Fewer answers in a round say nothing: a slow server gets longer rounds. */
const fewestAnswers = 8;
const longestSeconds = 6;

/** @param {Bench} bench @param {ClosedLoopCase} options @returns {Promise<import('../case-result.js').CaseResult>} */
export async function runClosedLoopCase(bench, { id, title, servers, bodies, connections, gzip = false, targets }) {
  const rounds = new Map(servers.map((server) => [server, /** @type {Round[]} */ ([])]));
  /** @type {Map<Child, number>} */
  const secondsOf = new Map();
  const load = { bodies, connections, gzip };
  // Compilers and caches come to rest before the first round counts.
  for (const server of servers) {
    const { perSecond } = await bench.closedLoop({
      ...load,
      ...addressOf(server),
      seconds: 1,
      firstNumber: bench.takeNumbers(),
    });
    secondsOf.set(server, Math.max(bench.seconds, Math.min(longestSeconds, Math.ceil(fewestAnswers / perSecond))));
  }
  for (const _ of bench.eachRound()) {
    for (const [server, own] of rounds) {
      own.push(await measureRound(bench, server, { ...load, seconds: secondsOf.get(server) ?? bench.seconds }));
    }
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
  const [crawlgateCpu, ...peersCpu] = cpu;
  return {
    id,
    title,
    unit: 'requests/s',
    values,
    cpuMs: cpu,
    ratios: peers.map((peer, index) => ({
      ...ratioOf(crawlgate, peer, peer.name in targets ? { atLeast: targets[peer.name] } : null),
      byCpu: ratioOf(peersCpu[index], crawlgateCpu, null).value,
    })),
    notes: [`${connections} connections`],
  };
}

/** @param {Child} server */
function addressOf({ url, authorization }) {
  return authorization === undefined ? { url } : { url, authorization };
}

/** @typedef {{ perSecond: number, cpuMs: number, errors: number }} Round */

/**
 * @param {Bench} bench
 * @param {Child} server
 * @param {{ bodies: readonly string[], connections: number, gzip: boolean, seconds: number }} load
 * @returns {Promise<Round>}
 */
async function measureRound(bench, server, load) {
  const { cpuMs: before } = await server.figures();
  const answered = await bench.closedLoop({ ...load, ...addressOf(server), firstNumber: bench.takeNumbers() });
  const { cpuMs: after } = await server.figures();
  const { perSecond, requests, errors } = answered;
  return { perSecond, cpuMs: (after - before) / Math.max(1, requests), errors };
}
