// The stub of DynamoDB as the runner starts and asks it.
import { fileURLToPath } from 'node:url';
import { postJson } from '../load/post-json.js';
import { startChild } from './child.js';

const script = fileURLToPath(new URL('../stub/dynamodb-stub.js', import.meta.url));

/**
 * @typedef {object} Stub
 * @property {string} endpoint
 * @property {() => Promise<{ calls: number, keys: number }>} takeCounts BatchGetItem calls and their keys since it was last asked.
 * @property {() => Promise<void>} stop
 */

/** @param {{ delayMs: number }} options @returns {Promise<Stub>} */
export async function startStub({ delayMs }) {
  const child = await startChild({
    name: 'stub',
    script,
    path: '/counts',
    readyBody: '{}',
    env: { STUB_DELAY_MS: String(delayMs) },
  });
  return {
    endpoint: new URL(child.url).origin,
    takeCounts: async () => JSON.parse((await postJson(child.url, '{}')).text),
    stop: child.stop,
  };
}
