// One process that the runner started: asked for its figures over the channel, ended by its own handle and no other way.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { postJson } from '../load/post-json.js';

/**
 * @typedef {object} Figures
 * @property {number} cpuMs CPU time of all of the process's threads since its start.
 * @property {number} rss
 * @property {number} heapUsed
 * @property {number} external
 * @property {{ samples: number, p99: number } | null} loopDelayMs Since `watchLoop`.
 *
 * @typedef {object} Child
 * @property {string} name As the report has it.
 * @property {string} url Where it answers POSTs.
 * @property {(options?: { collect?: boolean }) => Promise<Figures>} figures
 * @property {() => Promise<void>} watchLoop
 * @property {(message: Record<string, unknown>) => Promise<any>} ask Sends a message and resolves with the answer to it.
 * @property {() => Promise<void>} stop
 *
 * @typedef {object} ChildOptions
 * @property {string} name
 * @property {string} script Path of the script.
 * @property {string[]} [args]
 * @property {Record<string, string>} [env]
 * @property {string} [path] Where it answers; `/graphql` unless told.
 * @property {string} [readyBody] The POST that it answers with 200 once it is ready; by default a trivial query.
 * @property {boolean} [hasSocket] False: it is spoken to over the channel alone.
 */

const probe = new URL('./figures-probe.js', import.meta.url).href;
const readyMs = 30_000;
const stopMs = 10_000;
/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** Ends what still runs, at once. For the runner's own end. */
export function killAll() {
  for (const child of running) child.kill('SIGKILL');
}

/** @param {ChildOptions} options @returns {Promise<Child>} */
export async function startChild(options) {
  const { name, script, args = [], env = {}, path = '/graphql', hasSocket = true } = options;
  const port = hasSocket ? await freePort() : 0;
  const child = fork(script, args, {
    execArgv: ['--expose-gc', '--import', probe],
    env: { ...cleanEnvironment(), NODE_ENV: 'production', PORT: String(port), BENCH_PROBE: 'true', ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    cwd: fileURLToPath(new URL('..', import.meta.url)),
  });
  running.add(child);
  let complaints = '';
  child.stderr?.on('data', (chunk) => {
    complaints = (complaints + chunk).slice(-2000);
  });
  const ended = once(child, 'exit').then(() => running.delete(child));
  /** @type {Map<number, (answer: any) => void>} */
  const asked = new Map();
  let lastId = 0;
  child.on('message', (/** @type {any} */ message) => {
    asked.get(message?.bench)?.(message);
    asked.delete(message?.bench);
  });
  /** @param {Record<string, unknown>} message @returns {Promise<any>} */
  const ask = (message) => {
    lastId += 1;
    const id = lastId;
    return Promise.race([
      new Promise((resolve) => {
        asked.set(id, resolve);
        // A channel that is closed is told by the end of the process.
        child.send({ ...message, id }, () => {});
      }),
      ended.then(() => Promise.reject(new Error(`${name} ended: ${complaints}`))),
    ]);
  };
  const url = `http://127.0.0.1:${port}${path}`;
  if (hasSocket) await waitUntilReady(url, options, () => (running.has(child) ? null : complaints));
  return {
    name,
    url,
    ask,
    figures: async ({ collect = false } = {}) => (await ask({ bench: 'figures', collect })).figures,
    watchLoop: () => ask({ bench: 'watch-loop' }),
    async stop() {
      if (!running.has(child)) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

/**
 * @param {string} url
 * @param {ChildOptions} options
 * @param {() => string | null} endedWith
 */
async function waitUntilReady(url, { name, readyBody = '{"query":"{__typename}"}' }, endedWith) {
  const giveUp = Date.now() + readyMs;
  for (;;) {
    const complaints = endedWith();
    if (complaints !== null) throw new Error(`${name} ended before it was ready: ${complaints}`);
    const answer = await postJson(url, readyBody).catch(() => null);
    // One that asks for a key is as ready as one that does not.
    if (answer?.status === 200 || answer?.status === 401) return;
    if (Date.now() > giveUp) throw new Error(`${name} was not ready within ${readyMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The caller's own settings of AWS, Crawlgate and Node must not reach what is measured. */
function cleanEnvironment() {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(AWS_|DYNAMODB_|CRAWLGATE_|NODE_|npm_|FORCE_|PORT$)/.test(name),
  );
  return Object.fromEntries(kept);
}

/** A port that was free a moment ago. @returns {Promise<number>} */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
