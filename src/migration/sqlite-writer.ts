// Writes results to a Crawl4AI cache as its own crawlers do: the texts to files first, then one upsert.
import { inParallel } from '../domain/in-parallel.js';
import type { UrlKey } from '../domain/url-key.js';
import type {
  NewResult,
  RemovedReceipt,
  ResultWriters,
  Revalidation,
  StoredReceipt,
  WriteMany,
} from '../domain/write-many.js';
import { CrawlgateError } from '../errors.js';
import type { Events } from '../observability/events.js';
import { type CachePaths, contentColumns } from './cache-paths.js';
import type { ContentFiles } from './content-files.js';
import { encodeRow } from './encode-row.js';
import type { SqliteConnection } from './sqlite-connection.js';
import type { SqliteValue } from './sqlite-messages.js';
import { columnsOf, fileColumns, tableName } from './sqlite-table.js';

/** What the writers need. */
export interface SqliteWriterDeps {
  /** Open for writing, in a thread of its own: a write may wait seconds for a lock, and no read behind it. */
  readonly connection: SqliteConnection;
  readonly files: ContentFiles;
  readonly paths: CachePaths;
  readonly events: Pick<Events, 'storeCall' | 'unexpectedError'>;
  /** Milliseconds of a clock that never jumps. */
  readonly elapsed: () => number;
}

/** Results whose files are written at once. */
const resultsAtOnce = 8;

/**
 * Makes the writers. A URL has one row: a newer success replaces whatever is there, a failure only an older failure, for
 * a failed crawl must not hide the last good one. What is refused for that is SUPERSEDED.
 */
export function createSqliteWriter(deps: SqliteWriterDeps): ResultWriters {
  const { connection, files, paths } = deps;
  return {
    put: each('SQLite put', put),
    revalidate: each('SQLite update', revalidate),
    invalidate: each('SQLite delete', invalidate),
  };

  async function put(result: NewResult): Promise<StoredReceipt> {
    const columns = await columnsOf(connection, paths.database);
    if (fileColumns.some((name) => !columns.has(name))) {
      const message = `${paths.database} is from before Crawl4AI 0.3.74: run a newer one on it before it is written.`;
      throw new CrawlgateError('STORE_MISCONFIGURED', message, {});
    }
    const { texts, columns: small } = encodeRow(result);
    const row: Record<string, SqliteValue> = { ...small };
    await Promise.all(
      contentColumns.map(async (column) => {
        row[column] = await files.write(column, texts[column]);
      }),
    );
    const names = Object.keys(row).filter((name) => columns.has(name));
    const sql =
      `INSERT INTO ${tableName} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')}) ` +
      `ON CONFLICT(url) DO UPDATE SET ${names.map((name) => `${name} = excluded.${name}`).join(', ')} ` +
      `WHERE ${conditionOf(result, columns.has('cached_at'))}`;
    const changes = await connection.run(
      sql,
      names.map((name) => row[name] ?? null),
    );
    if (changes === 0) {
      const message = 'SQLite keeps one result a URL, and holds one that this does not replace.';
      throw new CrawlgateError('SUPERSEDED', message, { url: result.url });
    }
    const bytes = [...Object.values(texts), ...Object.values(small)].reduce<number>((sum, value) => {
      return sum + (typeof value === 'string' ? Buffer.byteLength(value) : 8);
    }, 0);
    return { bytes, items: 1 };
  }

  /** As `aupdate_cache_metadata`: the cache has no place for when its origin confirmed it. */
  async function revalidate({ url, etag, lastModified, headFingerprint }: Revalidation): Promise<StoredReceipt> {
    const columns = await columnsOf(connection, paths.database);
    const given = { etag, last_modified: lastModified, head_fingerprint: headFingerprint };
    const set = Object.entries(given).filter(([name, value]) => value !== null && columns.has(name));
    const assignments = ['url = url', ...set.map(([name]) => `${name} = ?`)].join(', ');
    const sql = `UPDATE ${tableName} SET ${assignments} WHERE url = ? AND ${isSuccess(tableName)}`;
    const changes = await connection.run(sql, [...set.map(([, value]) => value), url]);
    if (changes === 0) throw new CrawlgateError('NOT_STORED', 'No success is stored for this URL.', { url });
    return { bytes: set.reduce((sum, [, value]) => sum + Buffer.byteLength(value ?? ''), 0), items: 1 };
  }

  /** The files stay, as Crawl4AI leaves them: another row may name them too. */
  async function invalidate(url: UrlKey): Promise<RemovedReceipt> {
    await columnsOf(connection, paths.database);
    return { removed: (await connection.run(`DELETE FROM ${tableName} WHERE url = ?`, [url])) > 0 };
  }

  function each<Input, Receipt>(
    operation: string,
    write: (input: Input) => Promise<Receipt>,
  ): WriteMany<Input, Receipt> {
    return async ({ inputs, signal }) => {
      const outcomes: Awaited<ReturnType<WriteMany<Input, Receipt>>>[number][] = [];
      await inParallel(inputs, resultsAtOnce, async (input, index) => {
        const startedAt = deps.elapsed();
        let error: CrawlgateError | null = null;
        try {
          if (signal.aborted) throw new CrawlgateError('DEADLINE_EXCEEDED', 'The request ended before the write.', {});
          outcomes[index] = { kind: 'done', receipt: await write(input) };
        } catch (thrown) {
          error = codedError(thrown);
          outcomes[index] = { kind: 'failed', error };
        }
        const isRefusal = error?.code === 'SUPERSEDED' || error?.code === 'NOT_STORED';
        const facts = { operation, keys: 1, durationMs: deps.elapsed() - startedAt, readUnits: 0, writeUnits: 0 };
        deps.events.storeCall({ ...facts, error: isRefusal ? null : error });
      });
      return outcomes;
    };
  }

  function codedError(thrown: unknown): CrawlgateError {
    if (thrown instanceof CrawlgateError) return thrown;
    if (thrown instanceof Error && 'syscall' in thrown) {
      const message = 'A file beside the SQLite database could not be written.';
      return new CrawlgateError('STORE_UNAVAILABLE', message, {}, { cause: thrown });
    }
    deps.events.unexpectedError({ where: 'sqlite-writer', error: thrown });
    return new CrawlgateError('INTERNAL_SERVER_ERROR', 'Unexpected error.', {}, { cause: thrown });
  }
}

/** Whether a row is a success, as `successOf` reads it. */
function isSuccess(table: string): string {
  return `coalesce(lower(${table}.success) NOT IN ('0', 'false', ''), coalesce(${table}.html, '') <> '')`;
}

/** What must hold of the row that is there for the new one to take its place. */
function conditionOf({ success, onlyIfAbsent }: NewResult, hasTimes: boolean): string {
  if (onlyIfAbsent === true) return '0';
  const isFailure = `NOT (${isSuccess(tableName)})`;
  if (!hasTimes) return success ? '1' : isFailure;
  const stored = `coalesce(${tableName}.cached_at, 0)`;
  // The same write again is stored.
  const isSame = contentColumns.map((name) => `${tableName}.${name} = excluded.${name}`).join(' AND ');
  const isNewer = `(${stored} < excluded.cached_at OR (${stored} = excluded.cached_at AND ${isSame}))`;
  return success ? `(${isFailure} OR ${isNewer})` : `(${isFailure} AND ${isNewer})`;
}
