// What a second worker brings: warm lookups by one process and by CRAWLGATE_WORKERS=2, in turn, as rates and as CPU time.
import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { documentCount, loadDocuments, urlOf } from './data/documents.js';
import { hasWrk, runWrk } from './load/wrk.js';
import { killAll } from './process/child.js';
import { startEmbeddedCrawlgate } from './process/crawlgate.js';
import { storeDocuments } from './process/fill-crawlgate.js';
import { bodyOf, oneSmall } from './queries.js';

const rounds = 5;
const seconds = 3;
/** Of a clock tick of /proc on Linux. */
const tickMs = 10;

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const bodies = Array.from({ length: documentCount }, (_, index) => bodyOf(oneSmall, { url: urlOf(index) }));

/**
 * CPU time of the processes that this one started, and of those that they did: wrk, which is gone by then, is not in it.
 * @param {number} count Of workers: only those trees that have as many processes of main.js.
 */
function cpuMs(count) {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const [, parent, , , , , , , , , , user, system] = stat
          .slice(stat.lastIndexOf(')') + 2)
          .split(' ')
          .map(Number);
        return [{ pid: Number(name), parent, ticks: user + system }];
      } catch {
        return [];
      }
    });
  for (const child of stats.filter(({ parent }) => parent === process.pid)) {
    const below = stats.filter(({ parent }) => parent === child.pid);
    // Beside the engine: nobody, or the workers.
    if (below.length - 1 !== (count === 1 ? 0 : count)) continue;
    return [child, ...below].reduce((sum, { ticks }) => sum + ticks * tickMs, 0);
  }
  throw new Error(`no gateway of ${count} workers runs`);
}

/** @param {readonly number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

if (!hasWrk()) throw new Error('This needs wrk (apt-get install wrk) and Linux.');
process.once('exit', killAll);
const { documents } = loadDocuments();
/** @type {{ count: number, child: import('./process/child.js').Child, rates: number[], costs: number[] }[]} */
const gateways = [];
for (const count of [1, 2]) {
  const child = await startEmbeddedCrawlgate(main, { env: { CRAWLGATE_WORKERS: String(count) } });
  await storeDocuments(child, documents);
  await runWrk({ url: child.url, bodies, connections: 32, seconds });
  gateways.push({ count, child, rates: [], costs: [] });
}
for (let round = 0; round < rounds; round += 1) {
  for (const { count, child, rates, costs } of gateways) {
    const before = cpuMs(count);
    const { requests, perSecond, errors } = await runWrk({ url: child.url, bodies, connections: 32, seconds });
    if (errors > 0) throw new Error(`${errors} errors with ${count} workers`);
    rates.push(perSecond);
    costs.push(((cpuMs(count) - before) * 1000) / requests);
  }
}
for (const { count, child, rates, costs } of gateways) {
  process.stdout.write(
    `${count} of ${cpus().length} cores: ${Math.round(median(rates))} lookups/s, ${Math.round(median(costs))} µs of CPU each\n`,
  );
  await child.stop();
}
const ratios = gateways[1].rates.map((rate, round) => rate / gateways[0].rates[round]);
process.stdout.write(
  `2 workers to 1: ${median(ratios).toFixed(2)} (${ratios.map((one) => one.toFixed(2)).join(' ')})\n`,
);
