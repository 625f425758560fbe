// What the figures were measured on, and what was missing there.
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/**
 * @typedef {object} Machine
 * @property {string} node
 * @property {string} cpu
 * @property {number} cores
 * @property {string} tool
 * @property {string} pages
 * @property {boolean} quick
 * @property {string} date
 * @property {number} loadBefore Load average of the minute before.
 * @property {readonly string[]} lines The same for people.
 */

/** @param {Pick<Machine, 'tool' | 'pages' | 'quick'>} options @returns {Machine} */
export function machineOf({ tool, pages, quick }) {
  const cpu = cpus()[0]?.model ?? 'unknown';
  const cores = availableParallelism();
  const date = new Date().toISOString().slice(0, 10);
  const loadBefore = loadavg()[0];
  const lines = [
    `${date}, Node ${process.version}, ${cores} × ${cpu}, ${(totalmem() / 2 ** 30).toFixed(0)} GB, ${pages}, load by ${tool}`,
  ];
  if (tool !== 'wrk') lines.push('wrk is missing: autocannon instead, which is slower than the fastest servers here.');
  if (cores < 2)
    lines.push('One core: the load tool takes from the servers what it needs; ratios come out closer to 1.');
  if (loadBefore > cores / 2) {
    lines.push(`Others were using this machine: load average ${loadBefore.toFixed(1)} before the first case.`);
  }
  if (quick) lines.push('--quick: two rounds of a second. Good for seeing that it works, not for quoting.');
  return { node: process.version, cpu, cores, tool, pages, quick, date, loadBefore, lines };
}
