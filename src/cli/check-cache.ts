// The doctor's look at a cache of Crawl4AI in SQLite: whether it is there, can be opened and is one that we know.
import { constants, existsSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import type { Config } from '../config.js';
import { CrawlgateError } from '../errors.js';
import { cachePaths } from '../migration/cache-paths.js';
import { openSqlite } from '../migration/sqlite-connection.js';
import { columnsOf, fileColumns } from '../migration/sqlite-table.js';
import { type Finding, fine } from '../operations/finding.js';

/** Looks at the cache of the settings. @param isWritten whether the store writes it, as `hybrid` does. */
export async function checkCache(config: Config, isWritten: boolean): Promise<readonly Finding[]> {
  const { database } = cachePaths(config.sqlite.base, homedir());
  if (!existsSync(database)) {
    return [
      problem(`there is no database at ${database}`, 'CRAWL4_AI_BASE_DIRECTORY names the folder that holds .crawl4ai.'),
    ];
  }
  await using connection = openSqlite({ path: database, readOnly: true });
  try {
    const columns = await columnsOf(connection, database);
    if (isWritten && fileColumns.some((name) => !columns.has(name))) {
      return [
        problem(`${database} is from before Crawl4AI 0.3.74`, 'Run a newer Crawl4AI on it before it is written.'),
      ];
    }
  } catch (error) {
    if (!(error instanceof CrawlgateError)) throw error;
    return [problem(error.message, 'Look at the file, and at who may read it.')];
  }
  const isWritable = await access(database, constants.W_OK)
    .then(() => access(dirname(database), constants.W_OK))
    .then(() => true)
    .catch(() => false);
  if (isWritten && !isWritable) {
    return [problem(`${database} or its folder cannot be written`, 'The hybrid store writes it: see who owns them.')];
  }
  return [fine('cache', `${database} can be ${isWritten ? 'read and written' : 'read'}`)];
}

function problem(found: string, advice: string): Finding {
  return { check: 'cache', level: 'problem', found, advice };
}
