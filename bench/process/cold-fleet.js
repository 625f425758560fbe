// Servers with nothing in memory, over one stub of DynamoDB.
import { isDeepStrictEqual } from 'node:util';
import { dataOf } from '../load/post-json.js';
import { bodyOf, oneSmall } from '../queries.js';
import { startCrawlgateOver } from './crawlgate.js';
import { startPeer } from './peer.js';
import { startStub } from './stub.js';

/**
 * @typedef {object} ColdFleet
 * @property {import('./stub.js').Stub} stub
 * @property {readonly import('./child.js').Child[]} servers Crawlgate first.
 */

/** @param {string} main Path of Crawlgate's main.js. @param {{ delayMs: number }} options @returns {Promise<ColdFleet>} */
export async function startColdFleet(main, { delayMs }) {
  const stub = await startStub({ delayMs });
  const env = { BENCH_DYNAMODB: stub.endpoint };
  const servers = [
    await startCrawlgateOver(main, stub.endpoint),
    await startPeer('yoga', 'yoga-table.js', { env }),
    await startPeer('mercurius + jit', 'mercurius-table.js', { env }),
  ];
  const answers = [];
  for (const { url } of servers)
    answers.push(await dataOf(url, bodyOf(oneSmall, { url: 'https://cold.example/first' })));
  for (const [index, answer] of answers.entries()) {
    if (!isDeepStrictEqual(answer, answers[0]))
      throw new Error(`${servers[index].name} answers a cold lookup differently`);
  }
  return { stub, servers };
}
