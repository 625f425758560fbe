// The table `crawled_data` as it stands: its columns differ between versions of Crawl4AI.
import { CrawlgateError } from '../errors.js';
import { contentColumns } from './cache-paths.js';
import type { JsonColumn } from './decode-row.js';
import { textOf } from './decode-row.js';
import type { SqliteConnection } from './sqlite-connection.js';

/** The name that every version of Crawl4AI gives it. */
export const tableName = 'crawled_data';

/** Columns that a cache has had since 0.3.74, when its texts went into files. */
export const fileColumns = ['response_headers', 'downloaded_files'] as const;

/** Small columns that a row is read with; the last four came with Crawl4AI 0.8. */
const smallColumns = ['url', 'success', 'etag', 'last_modified', 'head_fingerprint', 'cached_at'] as const;

/**
 * The columns that are there; a crawler of a newer version may add some at any time.
 * Rejects with a CrawlgateError; STORE_MISCONFIGURED where there is no such table.
 */
export async function columnsOf(connection: Pick<SqliteConnection, 'all'>, path: string): Promise<ReadonlySet<string>> {
  const rows = await connection.all(`PRAGMA table_info(${tableName})`);
  const columns = new Set(rows.map(({ name }) => textOf(name)));
  if (columns.has('url') && columns.has('html')) return columns;
  throw new CrawlgateError('STORE_MISCONFIGURED', `${path} is no cache of Crawl4AI: no table ${tableName} in it.`, {});
}

/** The list of columns of a SELECT: rowid, what every row is read with, and the JSON that is wanted. */
export function selectionOf(columns: ReadonlySet<string>, json: readonly JsonColumn[]): string {
  const names = [...smallColumns, ...contentColumns, ...json].filter((name) => columns.has(name));
  return ['rowid', ...names].map((name) => `c."${name}"`).join(', ');
}
