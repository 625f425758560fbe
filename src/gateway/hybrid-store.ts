// A Crawl4AI cache in SQLite and a DynamoDB as one store, while results move from the one to the other.
import type { Config } from '../config.js';
import { groups } from '../domain/fields.js';
import { plainWantFor } from '../domain/read-many.js';
import { latestKey } from '../domain/result-key.js';
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

/** Milliseconds that copies have to be made when the gateway ends: as long as one waits for a lock of SQLite. */
const drainMs = 5_000;

/** Asks neither of the two yet. */
export function openHybridStore(config: Config, deps: GatewayStoreDeps): GatewayStore {
  const { migrationPct } = config.sqlite;
  const { events, now, elapsed, setTimer } = deps;
  const dynamo = openDynamoStore(config, deps);
  const sqlite = openSqliteStore(config, deps);
  const paths = cachePathsOf(config);
  const connection = openSqlite({ path: paths.database, readOnly: false });
  const sqliteWriters = createSqliteWriter({
    ...{ connection, files: createContentFiles(paths.folder), paths, events, elapsed },
  });
  const home = (url: Parameters<typeof homeOf>[0]) => homeOf(url, migrationPct);
  let problem: string | null = null;

  const readers = { dynamodb: dynamo.readResults, sqlite: sqlite.readResults };
  const read = createHybridReads({
    stores: readers,
    homeOf: home,
    now,
    startShare: (run) => setTimer(run, config.limits.deadlineMs * share),
    onHealth(error) {
      problem = error === null ? null : `${error.code}: ${error.message}`;
    },
  });
  const writers = createHybridWrites({
    ...{ stores: { dynamodb: dynamo.writers, sqlite: sqliteWriters }, homeOf: home, events, elapsed, setTimer },
    isBetween: migrationPct > 0 && migrationPct < 100,
    patienceMs: config.sqlite.copyWaitMs,
    async goneFrom(store, urls, signal) {
      const want = plainWantFor(groups.head, 'STRONG');
      const outcomes = await readers[store]({ keys: urls.map(latestKey), want, signal });
      return urls.filter((url) => outcomes.get(latestKey(url))?.kind === 'absent');
    },
  });
  return {
    ...dynamo,
    readResults: read,
    // Below 100 per cent every write went to SQLite too.
    readFeed: migrationPct < 100 ? sqlite.readFeed : dynamo.readFeed,
    writers,
    storeState: () => ({ ...dynamo.storeState(), kind: 'hybrid', problem }),
    async reach() {
      await Promise.all([dynamo.reach(), sqlite.reach()]);
    },
    async [Symbol.asyncDispose]() {
      await writers.drain(drainMs);
      await connection[Symbol.asyncDispose]();
      await sqlite[Symbol.asyncDispose]();
      await dynamo[Symbol.asyncDispose]();
      sayFailed();
    },
  };

  /** A gateway ends before its percentage is changed: the last moment to say that the stores may differ. */
  function sayFailed(): void {
    const { dynamodb, sqlite: toSqlite } = writers.failedCopies;
    const notice = (message: string) => events.notice({ level: 'warn', message });
    if (dynamodb > 0) {
      const way = 'run crawlgate validate --repair before DYNAMODB_MIGRATION_PCT is raised';
      notice(`${dynamodb} copies to DynamoDB failed since the start: ${way}.`);
    }
    if (toSqlite > 0) {
      const what = 'where the percentage is lowered, SQLite answers what it had before';
      notice(`${toSqlite} copies to SQLite failed since the start: ${what}.`);
    }
  }
}
