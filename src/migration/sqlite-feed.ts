// Lists a Crawl4AI cache, last inserted first: it has no index of time, so a page looks at a bounded stretch of rows.
import { type StoredResult, selectRecord } from '../domain/crawl-result.js';
import type { FeedEntry, FeedFilter, FeedPage, FeedRequest, ReadFeed, UrlMatch } from '../domain/feed.js';
import { groups } from '../domain/fields.js';
import type { Instant } from '../domain/instant.js';
import { plainWantFor, type ReadMany } from '../domain/read-many.js';
import { latestKey, type ResultKey } from '../domain/result-key.js';
import { toUrlKey, type UrlKey } from '../domain/url-key.js';
import { CrawlgateError } from '../errors.js';
import type { CachePaths } from './cache-paths.js';
import type { ContentFiles } from './content-files.js';
import { successOf, textOf } from './decode-row.js';
import { timeOfRow } from './row-time.js';
import type { SqliteConnection } from './sqlite-connection.js';
import type { SqliteRow } from './sqlite-messages.js';
import { columnsOf, selectionOf, tableName } from './sqlite-table.js';

/** What listing needs. */
export interface SqliteFeedDeps {
  readonly connection: Pick<SqliteConnection, 'all'>;
  readonly files: ContentFiles;
  readonly paths: CachePaths;
  /** Reads the one result that an EXACT filter names. */
  readonly read: ReadMany<ResultKey, StoredResult>;
  /** What a filter of URLs lets through. Throws a CrawlgateError where its text names no host. */
  readonly matcherOf: (text: string, match: UrlMatch) => (url: string) => boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Rows of one statement, and statements of one page. */
const rowsPerCall = 500;
const callsPerPage = 8;

/** Makes the reader of pages. Each says that it was scanned for; a cursor is a place among the rows. */
export function createSqliteFeed(deps: SqliteFeedDeps): ReadFeed {
  return async (request) => {
    const { filter, first, after, signal } = request;
    if (filter.statusCode !== null) {
      const message = 'The SQLite cache keeps no status codes: nothing can be listed by them.';
      throw new CrawlgateError('BAD_USER_INPUT', message, { argument: 'filter.statusCode' });
    }
    const start = after === null ? null : rowidOf(after);
    if (filter.url !== null && filter.match === 'EXACT') return exact(request, filter.url);
    const isMatch = filter.url === null ? () => true : deps.matcherOf(filter.url, filter.match);
    const columns = await columnsOf(deps.connection, deps.paths.database);
    const entries: FeedEntry[] = [];
    let from = start;
    for (let call = 0; call < callsPerPage; call += 1) {
      if (signal.aborted) {
        throw new CrawlgateError('DEADLINE_EXCEEDED', 'SQLite did not answer before the request ended.', {});
      }
      const rows = await rowsBefore(from, columns);
      for (const row of rows) {
        const entry = isMatch(textOf(row.url)) ? await entryOf(row, filter) : null;
        if (entry === null) continue;
        if (entries.length === first) return pageOf(entries, entries.at(-1)?.cursor ?? null);
        entries.push(entry);
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < rowsPerCall) return pageOf(entries, null);
      from = Number(last.rowid);
    }
    return pageOf(entries, from === null ? null : cursorOf(from));
  };

  function rowsBefore(rowid: number | null, columns: ReadonlySet<string>): Promise<readonly SqliteRow[]> {
    const sql = `SELECT ${selectionOf(columns, [])} FROM ${tableName} c WHERE c.rowid < ? ORDER BY c.rowid DESC LIMIT ?`;
    return deps.connection.all(sql, [rowid ?? Number.MAX_SAFE_INTEGER, rowsPerCall]);
  }

  async function entryOf(row: SqliteRow, filter: FeedFilter): Promise<FeedEntry | null> {
    if (filter.success !== null && successOf(row) !== filter.success) return null;
    const { createdAt } = await timeOfRow(row, deps.files, deps.paths);
    if (!isInTime(createdAt, filter)) return null;
    return { url: textOf(row.url) as UrlKey, createdAt, cursor: cursorOf(Number(row.rowid)) };
  }

  async function exact({ filter, after, signal }: FeedRequest, url: string): Promise<FeedPage> {
    if (after !== null) return pageOf([], null);
    const key = latestKey(toUrlKey(url));
    const outcome = (await deps.read({ keys: [key], want: plainWantFor(groups.head), signal })).get(key);
    if (outcome?.kind === 'failed') throw outcome.error;
    const record = outcome?.kind === 'found' ? selectRecord(outcome.value, 'ANY', deps.now()) : null;
    const isListed =
      record !== null &&
      (filter.success === null || record.success === filter.success) &&
      record.createdAt !== null &&
      isInTime(record.createdAt, filter);
    return pageOf(isListed ? [{ url: record.url, createdAt: record.createdAt, cursor: cursorOf(0) }] : [], null);
  }
}

function isInTime(createdAt: Instant, { createdAfter, createdBefore }: FeedFilter): boolean {
  return (createdAfter === null || createdAt > createdAfter) && (createdBefore === null || createdAt < createdBefore);
}

function pageOf(entries: readonly FeedEntry[], next: string | null): FeedPage {
  return { entries, hasNextPage: next !== null, endCursor: next ?? entries.at(-1)?.cursor ?? null, scanned: true };
}

function cursorOf(rowid: number): string {
  return Buffer.from(`sqlite ${rowid}`).toString('base64url');
}

function rowidOf(cursor: string): number {
  const match = /^sqlite (\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (match !== null && Number.isSafeInteger(Number(match[1]))) return Number(match[1]);
  throw new CrawlgateError('BAD_USER_INPUT', 'The cursor is none that this list gave.', { argument: 'after' });
}
