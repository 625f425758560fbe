// Crawlgate as the runner starts it: `serve` with its default settings, but for where its store is and how long memory is trusted.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startChild } from './child.js';

/** @typedef {import('./child.js').Child} Child */

/**
 * Over an embedded table in a folder of its own, which is removed when it stops.
 * @param {string} main Path of its main.js.
 * @param {{ dataDir?: string, samples?: boolean, env?: Record<string, string> }} [options] A folder that is given is kept.
 * @returns {Promise<Child>}
 */
export async function startEmbeddedCrawlgate(main, { dataDir, samples = false, env = {} } = {}) {
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'crawlgate-bench-data-'));
  const child = await start(main, {
    CRAWLGATE_STORE: 'embedded',
    CRAWLGATE_DATA_DIR: folder,
    CRAWLGATE_EMBEDDED_PORT: '0',
    CRAWLGATE_SAMPLES: String(samples),
    ...env,
  });
  return {
    ...child,
    async stop() {
      await child.stop();
      if (dataDir === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Over the DynamoDB at `endpoint`. @param {string} main @param {string} endpoint */
export function startCrawlgateOver(main, endpoint) {
  return start(main, { CRAWLGATE_STORE: 'dynamodb', DYNAMODB_ENDPOINT: endpoint, AWS_REGION: 'us-east-1' });
}

/** @param {string} main @param {Record<string, string>} env */
function start(main, env) {
  return startChild({
    name: 'crawlgate',
    script: main,
    args: ['serve'],
    // What was read stays in memory for as long as a case runs, as a peer's Map does.
    env: { CRAWLGATE_MEMORY_FRESH_SECONDS: '86400', CRAWLGATE_LOG_LEVEL: 'error', ...oneProcess(main), ...env },
  });
}

/**
 * Every server has one process. Crawlgate refuses a variable that it does not know yet.
 * @param {string} main @returns {Record<string, string>}
 */
function oneProcess(main) {
  const settings = readFileSync(join(dirname(main), 'config', 'settings.js'), 'utf8');
  return settings.includes('CRAWLGATE_WORKERS') ? { CRAWLGATE_WORKERS: '1' } : {};
}
