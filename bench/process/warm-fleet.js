// Every server with the same pages in memory, proven to answer the same before anything is measured.
import { isDeepStrictEqual } from 'node:util';
import { loadDocuments, urlOf } from '../data/documents.js';
import { dataOf } from '../load/post-json.js';
import { bodyOf, manyHtml, manySmall, oneSmall } from '../queries.js';
import { startEmbeddedCrawlgate } from './crawlgate.js';
import { fillCrawlgate } from './fill-crawlgate.js';
import { startPeer } from './peer.js';

/** @typedef {import('./child.js').Child} Child */

/** @param {string} main Path of Crawlgate's main.js. @returns {Promise<readonly Child[]>} Crawlgate first. */
export async function startWarmFleet(main) {
  const { documents } = loadDocuments();
  const crawlgate = await startEmbeddedCrawlgate(main);
  const fleet = [
    crawlgate,
    await startPeer('bare node:http', 'bare-http.js'),
    await startPeer('mercurius + jit', 'mercurius.js'),
    await startPeer('Apollo Server', 'apollo.js'),
    await startPeer('yoga', 'yoga.js'),
  ];
  await fillCrawlgate(crawlgate, documents);
  const urls = documents.map((_, index) => urlOf(index));
  const bodies = [bodyOf(oneSmall, { url: urls[3] }), bodyOf(manySmall, { urls }), bodyOf(manyHtml, { urls })];
  for (const body of bodies) await expectSameAnswers(fleet, body);
  return fleet;
}

/** Twice, for a server may answer otherwise once it has compiled a query. @param {readonly Child[]} fleet @param {string} body */
async function expectSameAnswers([first, ...others], body) {
  for (const encoding of ['identity', 'gzip']) {
    const headers = { 'accept-encoding': encoding };
    const expected = await dataOf(first.url, body, headers);
    if (!isComplete(expected)) throw new Error(`${first.name} does not hold every page`);
    for (const other of others) {
      if (!isDeepStrictEqual(await dataOf(other.url, body, headers), expected)) {
        throw new Error(`${other.name} and ${first.name} answer differently to ${body.slice(0, 200)}`);
      }
    }
  }
}

/** Whether every result that was asked for is there, and every field of it. @param {Record<string, any>} data */
function isComplete(data) {
  const records = Object.values(data).flat();
  return records.every((record) => record !== null && !Object.values(record).includes(null));
}
