// Picks the tool for closed-loop load, once.
import { hasWrk, runWrk } from './wrk.js';

/** @typedef {(load: import('./wrk.js').Load) => Promise<import('./wrk.js').LoadFigures>} ClosedLoop */

/** @returns {Promise<{ tool: string, run: ClosedLoop }>} */
export async function chooseClosedLoop() {
  if (hasWrk()) return { tool: 'wrk', run: runWrk };
  const { runAutocannon } = await import('./autocannon.js');
  return { tool: 'autocannon', run: runAutocannon };
}
