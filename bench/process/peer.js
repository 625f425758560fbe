// A peer as the runner starts it.
import { fileURLToPath } from 'node:url';
import { startChild } from './child.js';

/**
 * @param {string} name As the report has it.
 * @param {string} script In `peers/`.
 * @param {Partial<import('./child.js').ChildOptions>} [options]
 */
export function startPeer(name, script, options = {}) {
  return startChild({ name, script: fileURLToPath(new URL(`../peers/${script}`, import.meta.url)), ...options });
}
