// What real pages weigh in each layout, as DynamoDB counts it: 60 article pages of public sites, crawled by Crawl4AI 0.9.5.
//
// Measured 2026-11-25 by `npm run -s build && node bench/page-sizes/measure.js`: the pages through a gateway over its
// embedded table with the feed's three indexes, units as the engine counted them. A page had 228 KB of HTML and, with
// Markdown, links and media, was a document of 409 KB.
import type { PageSize } from './costs.js';

/** By layout of the table. */
export const pageSizes: Readonly<Record<'versioned' | 'document', PageSize>> = {
  versioned: {
    storedBytes: 78_176,
    items: 7.97,
    writeUnits: 80.03,
    readUnitsOfWriting: 1,
    readUnits: { head: 0.67, markdown: 1.62, html: 5.99, whole: 11.39 },
    memoryBytes: { head: 3_798, markdown: 8_520, html: 44_328, whole: 79_601 },
  },
  document: {
    storedBytes: 251_822,
    items: 1,
    writeUnits: 242.92,
    readUnitsOfWriting: 1,
    readUnits: { head: 30.56, markdown: 30.56, html: 30.56, whole: 30.59 },
    memoryBytes: { head: 4_916, markdown: 15_205, html: 44_328, whole: 199_499 },
  },
};
