// A Crawl4AI cache in SQLite and a DynamoDB as one store, while results move from the one to the other.
import { setMaxListeners } from 'node:events';
import type { Config } from '../config.js';
import { createContentFiles } from '../migration/content-files.js';
import { createHybridReads } from '../migration/hybrid-reads.js';
import { createHybridWrites } from '../migration/hybrid-writes.js';
import { homeOf } from '../migration/route.js';
import { openSqlite } from '../migration/sqlite-connection.js';
import { createSqliteWriter } from '../migration/sqlite-writer.js';
import { openDynamoStore } from './dynamo-store.js';
import type { GatewayStore, GatewayStoreDeps } from './gateway-store.js';
import { cachePathsOf, openSqliteStore } from './sqlite-store.js';

/** The home of a key gets this share of a request's time; the rest is for the other store where the home fails. */
const share = 0.5;

/** Asks neither of the two yet. */
export function openHybridStore(config: Config, deps: GatewayStoreDeps): GatewayStore {
  const { migrationPct } = config.sqlite;
  const { events, elapsed } = deps;
  const dynamo = openDynamoStore(config, deps);
  const sqlite = openSqliteStore(config, deps);
  const paths = cachePathsOf(config);
  const connection = openSqlite({ path: paths.database, readOnly: false });
  const sqliteWriters = createSqliteWriter({
    ...{ connection, files: createContentFiles(paths.folder), paths, events, elapsed },
  });
  const home = (url: Parameters<typeof homeOf>[0]) => homeOf(url, migrationPct);
  let problem: string | null = null;

  const read = createHybridReads({
    stores: { dynamodb: dynamo.readResults, sqlite: sqlite.readResults },
    homeOf: home,
    shareOf(signal) {
      const both = AbortSignal.any([signal, AbortSignal.timeout(config.limits.deadlineMs * share)]);
      setMaxListeners(0, signal, both);
      return both;
    },
    onHealth(error) {
      problem = error === null ? null : `${error.code}: ${error.message}`;
    },
  });
  return {
    ...dynamo,
    readResults: read,
    // Below 100 per cent every write went to SQLite too.
    readFeed: migrationPct < 100 ? sqlite.readFeed : dynamo.readFeed,
    writers: createHybridWrites({
      ...{ stores: { dynamodb: dynamo.writers, sqlite: sqliteWriters }, homeOf: home, events, elapsed },
      isBetween: migrationPct > 0 && migrationPct < 100,
    }),
    storeState: () => ({ ...dynamo.storeState(), kind: 'hybrid', problem }),
    async reach() {
      await Promise.all([dynamo.reach(), sqlite.reach()]);
    },
    async [Symbol.asyncDispose]() {
      await connection[Symbol.asyncDispose]();
      await sqlite[Symbol.asyncDispose]();
      await dynamo[Symbol.asyncDispose]();
    },
  };
}
