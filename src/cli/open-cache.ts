// The Crawl4AI cache that a command works on: what --from names, or where Crawl4AI keeps it.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
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

/**
 * @param from the folder `.crawl4ai`, the folder that holds it, or the database; undefined: CRAWL4_AI_BASE_DIRECTORY, or
 * the home folder.
 * @throws UsageError where there is no database.
 */
export function openCache(config: Config, from: string | undefined): OpenedCache {
  const paths = from === undefined ? cachePaths(config.sqlite.base, homedir()) : placeOfCache(from);
  if (!existsSync(paths.database)) throw new UsageError(`--from: there is no SQLite database at ${paths.database}`);
  const connection = openSqlite({ path: paths.database, readOnly: true });
  return {
    connection,
    files: createContentFiles(paths.folder),
    paths,
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}

function placeOfCache(from: string): CachePaths {
  const inside = cacheIn(join(from, '.crawl4ai'));
  return existsSync(inside.database) ? inside : cacheIn(from);
}
