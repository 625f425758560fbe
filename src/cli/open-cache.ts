// The Crawl4AI cache that a command works on: what --from names, or where Crawl4AI keeps it.
import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Config } from '../config.js';
import { type CachePaths, cacheIn, cachePaths } from '../migration/cache-paths.js';
import { type ContentFiles, createContentFiles } from '../migration/content-files.js';
import { openSqlite, type SqliteConnection } from '../migration/sqlite-connection.js';
import { UsageError } from './command.js';

/** A cache, open for reading only. */
export interface OpenedCache extends AsyncDisposable {
  readonly connection: SqliteConnection;
  readonly files: ContentFiles;
  readonly paths: CachePaths;
}

/** The help of `--from`. */
export const fromWords =
  'the cache: the folder .crawl4ai, the one that holds it, or the database file (CRAWL4_AI_BASE_DIRECTORY, home)';

/**
 * @param from the folder `.crawl4ai`, the folder that holds it, or the database; undefined: CRAWL4_AI_BASE_DIRECTORY, or
 * the home folder.
 * @throws UsageError where there is no database.
 */
export function openCache(config: Config, from: string | undefined): OpenedCache {
  const paths = from === undefined ? cachePaths(config.sqlite.base, homedir()) : placeOfCache(from);
  if (!existsSync(paths.database)) {
    const named = from === undefined ? 'CRAWL4_AI_BASE_DIRECTORY, or --from' : '--from';
    throw new UsageError(`There is no SQLite database at ${paths.database}: ${named} names the cache of Crawl4AI`);
  }
  const connection = openSqlite({ path: paths.database, readOnly: true });
  return {
    connection,
    files: createContentFiles(paths.folder),
    paths,
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}

function placeOfCache(from: string): CachePaths {
  if (existsSync(from) && statSync(from).isFile()) return { folder: dirname(resolve(from)), database: from };
  const inside = cacheIn(join(from, '.crawl4ai'));
  return existsSync(inside.database) ? inside : cacheIn(from);
}
