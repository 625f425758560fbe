// A Crawl4AI cache in SQLite as the gateway's store: read, never written, and no AWS at all.
import { homedir } from 'node:os';
import { createSharedBatches } from '../cache/shared-batches.js';
import type { Config } from '../config.js';
import { everyKey } from '../domain/read-many.js';
import { maxPartitionKeyBytes } from '../domain/url-key.js';
import type { WriteMany } from '../domain/write-many.js';
import { matchesUrl, parseMatch } from '../dynamo/feed/feed-match.js';
import { CrawlgateError } from '../errors.js';
import { type CachePaths, cachePaths } from '../migration/cache-paths.js';
import { createContentFiles } from '../migration/content-files.js';
import { openSqlite } from '../migration/sqlite-connection.js';
import { createSqliteFeed } from '../migration/sqlite-feed.js';
import { createSqliteReader } from '../migration/sqlite-reader.js';
import { columnsOf } from '../migration/sqlite-table.js';
import type { GatewayStore, GatewayStoreDeps } from './gateway-store.js';
import { reachTable } from './reach-table.js';

/** Calls in flight at once: SQLite answers one statement after another, the files beside it can be read meanwhile. */
const maxCalls = 4;

/** Opens nothing yet: the first question does. */
export function openSqliteStore(config: Config, deps: GatewayStoreDeps): GatewayStore {
  const { events, now, elapsed, setTimer, atTurnEnd } = deps;
  const paths = cachePathsOf(config);
  const files = createContentFiles(paths.folder);
  const connection = openSqlite({ path: paths.database, readOnly: true });
  const read = createSqliteReader({ connection, files, paths, events, now, elapsed });
  const readOnly: WriteMany<unknown, never> = async ({ inputs }) => {
    const message = 'CRAWLGATE_STORE is sqlite: this cache is read only.';
    return inputs.map(() => ({ kind: 'failed', error: new CrawlgateError('STORE_READ_ONLY', message, {}) }));
  };
  return {
    engine: null,
    readResults: createSharedBatches({ next: read, setTimer, atTurnEnd, events, maxCalls }),
    // Crawl4AI keeps its sessions in memory: the cache has none.
    readSessions: async ({ keys }) => everyKey(keys, { kind: 'absent' }),
    readFeed: createSqliteFeed({ connection, files, paths, read, now, matcherOf }),
    readVersions: async () => ({ entries: [], hasNextPage: false }),
    writers: { put: readOnly, revalidate: readOnly, invalidate: readOnly },
    storeState: () => ({ kind: 'sqlite', table: paths.database, region: null, layout: null, itemCount: null }),
    circuitState: () => 'CLOSED',
    maxUrlBytes: () => maxPartitionKeyBytes,
    async reach() {
      await reachTable(async () => columnsOf(connection, paths.database), { notice: events.notice });
    },
    fill: async () => undefined,
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}

/** The cache that the settings name. */
export function cachePathsOf({ sqlite }: Pick<Config, 'sqlite'>): CachePaths {
  return cachePaths(sqlite.base, homedir());
}

/** What CDX servers call matchType, as the feed of a table has it. */
function matcherOf(text: string, match: Parameters<typeof parseMatch>[1]): (url: string) => boolean {
  const site = parseMatch(text, match);
  return (url) => matchesUrl(site, url);
}
