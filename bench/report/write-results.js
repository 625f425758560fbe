// Writes what was found: JSON for programs, the tables, two plots. Only a whole run replaces what the README shows.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { latencyPlot } from './latency-plot.js';
import { ratioPlot } from './ratio-plot.js';

/**
 * @param {{ results: readonly import('../case-result.js').CaseResult[], table: string,
 *   machine: import('./machine.js').Machine, isWhole: boolean }} found
 * @returns {string} The folder.
 */
export function writeResults({ results, table, machine, isWhole }) {
  const folder = new URL(isWhole ? '../results/' : '../results/partial/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const write = (/** @type {string} */ name, /** @type {string} */ text) => writeFileSync(new URL(name, folder), text);
  const { lines, ...facts } = machine;
  write('results.json', `${JSON.stringify({ machine: facts, results }, null, 2)}\n`);
  write('table.md', `${lines.join('\n')}\n\n${table}\n`);
  write('ratios.svg', ratioPlot(results, lines[0]));
  const curve = results.find((result) => result.curve !== undefined)?.curve;
  if (curve !== undefined) write('latency.svg', latencyPlot(curve, lines[0]));
  return fileURLToPath(folder);
}
