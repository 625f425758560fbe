// What a warm real page costs Crawlgate's process: its own count, and what the process really grew by.
import { measured } from '../case-result.js';
import { documentCount, documentOf, loadDocuments } from '../data/documents.js';
import { dataOf } from '../load/post-json.js';
import { startEmbeddedCrawlgate } from '../process/crawlgate.js';
import { readDocuments, storeDocuments } from '../process/fill-crawlgate.js';
import { manyTexts } from '../queries.js';

const memoryBody = '{"query":"{ health { memory { entries bytes } } }"}';

/** @type {import('../bench.js').Case} */
export const memory = {
  id: 'memory',
  async run(bench) {
    const { documents, pageCount } = loadDocuments();
    const pages = documents.slice(0, pageCount);
    const crawlgate = await startEmbeddedCrawlgate(bench.crawlgateMain);
    // Others of the same kind go first, so that code, buffers and pools have grown to what they come to anyway.
    const others = pages.slice(0, 20).map((page, index) => documentOf(`${page.url}/other`, page.html, index));
    await storeDocuments(crawlgate, [...others, ...pages]);
    await readDocuments(crawlgate, others, manyTexts);
    const before = await state(crawlgate);
    await readDocuments(crawlgate, pages, manyTexts);
    const after = await state(crawlgate);
    await crawlgate.stop();

    const textBytes = pages.reduce((sum, page) => sum + bytesOfTexts(page), 0);
    const counted = (after.bytes - before.bytes) / textBytes;
    const grown = (after.process - before.process) / textBytes;
    return {
      id: 'memory',
      title: 'Memory per warm real page (html, cleaned_html, markdown), of the bytes of its text',
      unit: 'of its bytes',
      values: [
        measured("crawlgate, the tier's own count", [counted]),
        measured('crawlgate, heap and buffers after collection', [grown]),
      ],
      ratios: [
        { text: "the tier's count / text", value: counted, target: { atMost: 0.3 } },
        { text: 'heap and buffers / text', value: grown, target: { atMost: 0.3 } },
      ],
      notes: [`${pageCount} of ${documentCount} pages, ${(textBytes / 1e6).toFixed(1)} MB of text`],
    };
  },
};

/**
 * Once the process has come to rest: buffers that nobody holds are let go only some collections later.
 * @param {import('../process/child.js').Child} crawlgate
 */
async function state(crawlgate) {
  let held = Number.POSITIVE_INFINITY;
  for (let unchanged = 0, looks = 0; unchanged < 3 && looks < 20; looks += 1) {
    const { heapUsed, external } = await crawlgate.figures({ collect: true });
    unchanged = heapUsed + external > held * 0.99 ? unchanged + 1 : 0;
    held = Math.min(held, heapUsed + external);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const { health } = await dataOf(crawlgate.url, memoryBody);
  return { bytes: health.memory.bytes, process: held };
}

/** @param {import('../data/documents.js').CrawlDocument} page */
function bytesOfTexts({ html, cleaned_html, markdown }) {
  return [html, cleaned_html, markdown.raw_markdown].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
