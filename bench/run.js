// The runner: every case in order, then the table, the JSON and the plots. Ends by itself and ends what it started.
import { existsSync } from 'node:fs';
import { createBench } from './bench.js';
import { classic } from './cases/classic.js';
import { coldCalls } from './cases/cold-calls.js';
import { coldCpu } from './cases/cold-cpu.js';
import { coldOne } from './cases/cold-one.js';
import { latencyCurve } from './cases/latency-curve.js';
import { loopDelay } from './cases/loop-delay.js';
import { memory } from './cases/memory.js';
import { start } from './cases/start.js';
import { warm100 } from './cases/warm-100.js';
import { warmOne } from './cases/warm-one.js';
import { warmPages, warmPagesGzip } from './cases/warm-pages.js';
import { warmWatched } from './cases/warm-watched.js';
import { loadDocuments } from './data/documents.js';
import { chooseClosedLoop } from './load/closed-loop.js';
import { closeConnections } from './load/post-json.js';
import { readOptions, usage } from './options.js';
import { killAll } from './process/child.js';
import { machineOf } from './report/machine.js';
import { renderTable } from './report/table.js';
import { writeResults } from './report/write-results.js';

// Cases that want a quiet machine come before the fleets are there, cases of one fleet together.
const cases = [
  start,
  memory,
  warmWatched,
  coldCpu,
  classic,
  coldOne,
  coldCalls,
  warmOne,
  warm100,
  warmPagesGzip,
  warmPages,
  loopDelay,
  latencyCurve,
];

/** Twice what all of it takes. */
const limitMs = 20 * 60_000;

/** @param {string} problem @returns {never} */
function giveUp(problem) {
  console.error(problem);
  killAll();
  process.exit(1);
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => giveUp(`ended by ${signal}`));
process.on('exit', killAll);
setTimeout(() => giveUp('not done after 20 minutes'), limitMs).unref();

const options = readOptions(process.argv.slice(2));
const chosen = options.ids.length === 0 ? cases : cases.filter(({ id }) => options.ids.includes(id));
const unknown = options.ids.filter((id) => !cases.some((each) => each.id === id));
if (unknown.length > 0)
  giveUp(`${usage}\nThere is no case ${unknown.join(', ')}. Cases: ${cases.map(({ id }) => id).join(', ')}`);
if (!existsSync(options.crawlgateMain)) giveUp(`${options.crawlgateMain} is missing: npm run build makes it`);

const { tool, run } = await chooseClosedLoop();
const machine = machineOf({ tool, pages: loadDocuments().origin, quick: options.quick });
console.log(machine.lines.join('\n'));
const { bench, stopFleets } = createBench({ ...options, closedLoop: run, say: console.log });

const results = [];
const failures = [];
const begun = Date.now();
for (const each of chosen) {
  const started = Date.now();
  try {
    results.push(await each.run(bench));
    console.log(`${each.id}: ${((Date.now() - started) / 1000).toFixed(0)} s`);
  } catch (error) {
    failures.push(each.id);
    console.error(`${each.id} failed:`, error);
  }
}
await stopFleets();
closeConnections();
// Of a case that failed something may still run.
killAll();

const table = renderTable(results);
const isWhole = !options.quick && failures.length === 0 && chosen.length === cases.length;
const folder = writeResults({ results, table, machine, isWhole });
console.log(`\n${table}\n\nTook ${((Date.now() - begun) / 1000).toFixed(0)} s. Written to ${folder}.`);
if (failures.length > 0) {
  console.error(`Failed: ${failures.join(', ')}`);
  process.exitCode = 1;
}
