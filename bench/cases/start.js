// From the start of the process to the first answer, embedded, with the data and the disk's cache of an earlier start.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { measured } from '../case-result.js';
import { dataOf } from '../load/post-json.js';
import { startEmbeddedCrawlgate } from '../process/crawlgate.js';

const firstQuery = '{"query":"{ crawlFeed(first: 1) { edges { node { url title statusCode } } } }"}';

/** @type {import('../bench.js').Case} */
export const start = {
  id: 'start',
  async run(bench) {
    const dataDir = mkdtempSync(join(tmpdir(), 'crawlgate-bench-start-'));
    try {
      const rounds = [];
      for (const round of bench.eachRound()) {
        const begun = performance.now();
        const crawlgate = await startEmbeddedCrawlgate(bench.crawlgateMain, { dataDir, samples: true });
        const { crawlFeed } = await dataOf(crawlgate.url, firstQuery);
        const took = performance.now() - begun;
        await crawlgate.stop();
        // The first start makes the table and its samples.
        if (round === 0) continue;
        if (crawlFeed.edges.length === 0) throw new Error('the samples of the first start are gone');
        rounds.push(took);
      }
      const value = measured('crawlgate', rounds);
      return {
        id: 'start',
        title: 'Start to first answer, embedded, warm disk cache',
        unit: 'ms',
        values: [value],
        ratios: [{ text: 'crawlgate, ms', value: value.median, target: { atMost: 1_500 } }],
        notes: [],
      };
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};
