// What the cases of closed-loop load have in common: rounds, servers in turn, requests a second, ratios to Crawlgate's.
import { measured, ratioOf } from '../case-result.js';

/** @typedef {import('../bench.js').Bench} Bench */

/**
 * @typedef {object} ClosedLoopCase
 * @property {string} id
 * @property {string} title
 * @property {readonly import('../process/child.js').Child[]} servers Crawlgate first.
 * @property {readonly string[]} bodies
 * @property {number} connections
 * @property {boolean} [gzip]
 * @property {number} [seconds] Of one server in one round; the bench's own unless told.
 * @property {Readonly<Record<string, number>>} targets Least ratio of Crawlgate to the server of that name.
 */

const fewestAnswers = 6;
const longestSeconds = 8;

/** @param {Bench} bench @param {ClosedLoopCase} options @returns {Promise<import('../case-result.js').CaseResult>} */
export async function runClosedLoopCase(bench, { id, title, servers, bodies, connections, gzip, seconds, targets }) {
  /** @type {Map<string, import('../load/wrk.js').LoadFigures[]>} */
  const figures = new Map(servers.map(({ name }) => [name, []]));
  const load = { bodies, connections, seconds: seconds ?? bench.seconds, gzip };
  // Compilers and caches come to rest before the first round counts.
  for (const { url } of servers) {
    await bench.closedLoop({ ...load, url, seconds: 1, firstNumber: bench.takeNumbers() });
  }
  for (let round = 0; round < bench.rounds; round += 1) {
    for (const { name, url } of servers) {
      figures.get(name)?.push(await enough(bench, { ...load, url }));
    }
  }
  const values = [...figures].map(([name, rounds]) =>
    measured(
      name,
      rounds.map(({ perSecond }) => perSecond),
    ),
  );
  const errors = [...figures].flatMap(([name, rounds]) => rounds.filter((each) => each.errors > 0).map(() => name));
  if (errors.length > 0)
    throw new Error(`${id}: not every request was answered with 200 by ${[...new Set(errors)].join(', ')}`);
  const [crawlgate, ...peers] = values;
  return {
    id,
    title,
    unit: 'requests/s',
    values,
    ratios: peers.map((peer) =>
      ratioOf(crawlgate, peer, peer.name in targets ? { atLeast: targets[peer.name] } : null),
    ),
    notes: [`${connections} connections`],
  };
}

/** Too few answers say nothing: then it takes longer. @param {Bench} bench @param {import('../load/wrk.js').Load} load */
async function enough(bench, load) {
  for (let { seconds } = load; ; seconds *= 2) {
    const figures = await bench.closedLoop({ ...load, seconds, firstNumber: bench.takeNumbers() });
    if (figures.perSecond * seconds >= fewestAnswers || seconds >= longestSeconds) return figures;
  }
}
