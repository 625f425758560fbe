// What doors and windows cost: one warm lookup with keys, limits, metrics and info logging, and without.
import { createHash, randomBytes } from 'node:crypto';
import { documentCount, loadDocuments, urlOf } from '../data/documents.js';
import { startEmbeddedCrawlgate } from '../process/crawlgate.js';
import { fillCrawlgate } from '../process/fill-crawlgate.js';
import { bodyOf, oneSmall } from '../queries.js';
import { runClosedLoopCase } from './closed-loop-case.js';

/** @type {import('../bench.js').Case} */
export const warmWatched = {
  id: 'warm-watched',
  async run(bench) {
    const { documents } = loadDocuments();
    const key = randomBytes(24).toString('base64url');
    const hash = createHash('sha256').update(key).digest('hex');
    const watched = await startEmbeddedCrawlgate(bench.crawlgateMain, {
      env: {
        CRAWLGATE_API_KEYS: `bench:admin:${hash}`,
        CRAWLGATE_MAX_REQUESTS_PER_MINUTE: '100000000',
        CRAWLGATE_METRICS: 'true',
        CRAWLGATE_LOG_LEVEL: 'info',
      },
    });
    // Counting cannot be switched off: what the page and `stats` say comes from it.
    const bare = await startEmbeddedCrawlgate(bench.crawlgateMain, {
      env: { CRAWLGATE_METRICS: 'false', CRAWLGATE_LOG_LEVEL: 'error' },
    });
    const servers = [
      { ...watched, authorization: `Bearer ${key}` },
      { ...bare, name: 'without' },
    ];
    try {
      for (const server of servers) await fillCrawlgate(server, documents);
      return await runClosedLoopCase(bench, {
        id: 'warm-watched',
        title: 'One warm lookup with keys, limits, metrics and logging, and without',
        servers,
        bodies: Array.from({ length: documentCount }, (_, index) => bodyOf(oneSmall, { url: urlOf(index) })),
        connections: 32,
        targets: { without: 0.85 },
      });
    } finally {
      for (const server of servers) await server.stop();
    }
  },
};
