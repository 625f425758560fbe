// The runner's command line.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/**
 * @typedef {object} Options
 * @property {boolean} quick
 * @property {readonly string[]} ids Of the cases to run; empty: all.
 * @property {string} crawlgateMain
 */

export const usage = `npm run bench -- [--case ID]… [--quick] [--crawlgate path/to/dist/main.js]`;

/** @param {readonly string[]} args @returns {Options} */
export function readOptions(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      case: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      crawlgate: { type: 'string' },
    },
  });
  return {
    quick: values.quick,
    ids: values.case,
    // For another build than this tree's, such as the one before a change.
    crawlgateMain:
      values.crawlgate === undefined
        ? fileURLToPath(new URL('../dist/main.js', import.meta.url))
        : resolve(process.env.INIT_CWD ?? '.', values.crawlgate),
  };
}
