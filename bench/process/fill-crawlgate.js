// Puts pages into Crawlgate as a crawler does, and reads them once so that memory holds them.
import { dataOf } from '../load/post-json.js';
import { bodyOf, manyHtml, manyTexts } from '../queries.js';

/** A request of a few documents is far below the largest body. */
const documentsPerCall = 10;
/** What Crawlgate still does with a page after it answered it (packing its texts) is over by then. */
const settleMs = 1_000;

/** @typedef {{ url: string, authorization?: string }} Target */

/**
 * @param {Target} crawlgate
 * @param {readonly import('../data/documents.js').CrawlDocument[]} documents
 */
export async function fillCrawlgate(crawlgate, documents) {
  await storeDocuments(crawlgate, documents);
  await readDocuments(crawlgate, documents, manyHtml);
}

/**
 * @param {Target} crawlgate
 * @param {readonly import('../data/documents.js').CrawlDocument[]} documents
 */
export async function storeDocuments(crawlgate, documents) {
  const mutation =
    'mutation Store($results: [JSON!]!) { cacheCrawl4aiResults(results: $results) { url stored error { message } } }';
  for (let start = 0; start < documents.length; start += documentsPerCall) {
    const results = documents.slice(start, start + documentsPerCall);
    const { cacheCrawl4aiResults } = await dataOf(crawlgate.url, bodyOf(mutation, { results }), keyOf(crawlgate));
    for (const { url, stored, error } of cacheCrawl4aiResults) {
      if (!stored) throw new Error(`Crawlgate did not store ${url}: ${error?.message}`);
    }
  }
}

/**
 * Reads from the store, then a few times from memory.
 * @param {Target} crawlgate
 * @param {readonly import('../data/documents.js').CrawlDocument[]} documents
 * @param {typeof manyHtml | typeof manyTexts} query
 */
export async function readDocuments(crawlgate, documents, query) {
  for (let times = 0; times < 3; times += 1) {
    for (let start = 0; start < documents.length; start += documentsPerCall) {
      const urls = documents.slice(start, start + documentsPerCall).map(({ url }) => url);
      await dataOf(crawlgate.url, bodyOf(query, { urls }), { 'accept-encoding': 'gzip', ...keyOf(crawlgate) });
    }
    await new Promise((resolve) => setTimeout(resolve, settleMs));
  }
}

/** @param {Target} target @returns {Record<string, string>} */
function keyOf({ authorization }) {
  return authorization === undefined ? {} : { authorization };
}
