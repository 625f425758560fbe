// Closed-loop load by wrk: so many connections, each with its next request as soon as the last is answered.
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const script = fileURLToPath(new URL('./requests.lua', import.meta.url));

/**
 * @typedef {object} Load
 * @property {string} url
 * @property {readonly string[]} bodies Sent in turn. `%d` in a single body becomes a number never used before.
 * @property {number} connections
 * @property {number} seconds
 * @property {boolean} [gzip] Whether gzip is accepted.
 * @property {number} [firstNumber]
 * @property {string} [authorization] The header of that name.
 *
 * @typedef {object} LoadFigures
 * @property {number} requests
 * @property {number} perSecond
 * @property {number} p50Ms
 * @property {number} p99Ms
 * @property {number} errors
 */

export function hasWrk() {
  return spawnSync('wrk', ['-v']).error === undefined;
}

/** @param {Load} load @returns {Promise<LoadFigures>} */
export async function runWrk({ url, bodies, connections, seconds, gzip = false, firstNumber = 0, authorization = '' }) {
  const folder = mkdtempSync(join(tmpdir(), 'crawlgate-bench-wrk-'));
  try {
    const file = join(folder, 'bodies');
    writeFileSync(file, bodies.join('\n'));
    const options = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '30s', '-s', script, url];
    const { stdout } = await promisify(execFile)(
      'wrk',
      [...options, '--', file, gzip ? 'gzip' : 'identity', String(firstNumber), authorization],
      { timeout: (seconds + 40) * 1000, killSignal: 'SIGKILL' },
    );
    const line = stdout.split('\n').find((each) => each.startsWith('figures '));
    if (line === undefined) throw new Error(`wrk printed no figures: ${stdout}`);
    return JSON.parse(line.slice('figures '.length));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
