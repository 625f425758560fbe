// Reads results from a Crawl4AI cache in SQLite, many keys a statement.
import type { AbortSignalLike } from '../domain/abort.js';
import type { StoredResult } from '../domain/crawl-result.js';
import { deferred } from '../domain/deferred.js';
import type { FieldGroups } from '../domain/fields.js';
import { inParallel } from '../domain/in-parallel.js';
import { everyKey, type ReadMany, type ReadOutcome, type ReadRequest } from '../domain/read-many.js';
import { healthKey, partsOfKey, type ResultKey } from '../domain/result-key.js';
import type { UrlKey } from '../domain/url-key.js';
import { CrawlgateError } from '../errors.js';
import type { Events } from '../observability/events.js';
import type { CachePaths } from './cache-paths.js';
import type { ContentFiles } from './content-files.js';
import { contentColumnsOf, decodeRow, jsonColumnsOf, textOf } from './decode-row.js';
import { contentsOf } from './read-contents.js';
import { storedOfRow } from './row-record.js';
import { timeOfRow } from './row-time.js';
import type { SqliteConnection } from './sqlite-connection.js';
import type { SqliteRow } from './sqlite-messages.js';
import { columnsOf, selectionOf, tableName } from './sqlite-table.js';

/** What the reader needs. */
export interface SqliteReaderDeps {
  readonly connection: Pick<SqliteConnection, 'all'>;
  readonly files: ContentFiles;
  readonly paths: CachePaths;
  readonly events: Pick<Events, 'storeCall' | 'unexpectedError'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that never jumps. */
  readonly elapsed: () => number;
}

type Outcome = ReadOutcome<StoredResult>;

/** Keys of one statement. */
const keysPerCall = 100;

/** Rows of one call whose files are read at once; each may have five. */
const rowsAtOnce = 16;

/** Makes the reader. Neither versions nor expiry are known to the cache. */
export function createSqliteReader(deps: SqliteReaderDeps): ReadMany<ResultKey, StoredResult> {
  return async (request) => {
    const outcomes = new Map<ResultKey, Outcome>();
    const keys = [...new Set(request.keys)];
    for (let start = 0; start < keys.length; start += keysPerCall) {
      const page = { ...request, keys: keys.slice(start, start + keysPerCall) };
      for (const [key, outcome] of await readPage(page)) outcomes.set(key, outcome);
    }
    return outcomes;
  };

  /** Leaves at the end of the request; a statement under way is let go on to its end. */
  async function readPage({ keys, want, signal }: ReadRequest<ResultKey>): Promise<ReadonlyMap<ResultKey, Outcome>> {
    const ended: Outcome = {
      kind: 'failed',
      error: new CrawlgateError('DEADLINE_EXCEEDED', 'SQLite did not answer before the request ended.', {}),
    };
    if (signal.aborted) return everyKey(keys, ended);
    const startedAt = deps.elapsed();
    const { promise: aborted, resolve: abort } = deferred<'aborted'>();
    const onAbort = (): void => abort('aborted');
    signal.addEventListener('abort', onAbort, { once: true });
    let error: CrawlgateError | null = null;
    try {
      const read = await Promise.race([readKeys(keys, want.groups, signal), aborted]);
      if (read !== 'aborted') return read;
      error = ended.error;
      return everyKey(keys, ended);
    } catch (thrown) {
      error = codedError(thrown);
      return everyKey(keys, { kind: 'failed', error });
    } finally {
      signal.removeEventListener('abort', onAbort);
      const counted = keys.filter((key) => key !== healthKey).length;
      const durationMs = deps.elapsed() - startedAt;
      deps.events.storeCall({
        operation: 'SQLite read',
        keys: counted,
        durationMs,
        readUnits: 0,
        writeUnits: 0,
        error,
      });
    }
  }

  async function readKeys(
    keys: readonly ResultKey[],
    wanted: FieldGroups,
    signal: AbortSignalLike,
  ): Promise<ReadonlyMap<ResultKey, Outcome>> {
    // Taken before asking: an answer is at least as old as its question.
    const readAt = deps.now();
    const columns = await columnsOf(deps.connection, deps.paths.database);
    const json = jsonColumnsOf(wanted);
    const urls = keys.flatMap((key) => {
      const parts = partsOfKey(key);
      return parts.kind === 'latest' ? [parts.url] : [];
    });
    const rows = urls.length === 0 ? [] : await rowsOf(urls, selectionOf(columns, json));
    const outcomes = new Map<ResultKey, Outcome>(everyKey(keys, { kind: 'absent' }));
    await inParallel(rows, rowsAtOnce, async (row) => {
      if (signal.aborted) return;
      const url = textOf(row.url) as UrlKey;
      outcomes.set(url as string as ResultKey, await outcomeOf(url, row, wanted, readAt));
    });
    return outcomes;
  }

  function rowsOf(urls: readonly UrlKey[], selection: string): Promise<readonly SqliteRow[]> {
    const places = urls.map(() => '?').join(',');
    return deps.connection.all(`SELECT ${selection} FROM ${tableName} c WHERE c.url IN (${places})`, urls);
  }

  async function outcomeOf(url: UrlKey, row: SqliteRow, wanted: FieldGroups, readAt: number): Promise<Outcome> {
    try {
      const contents = await contentsOf(deps.files, row, contentColumnsOf(wanted));
      const decoded = decodeRow(row, contents, jsonColumnsOf(wanted));
      const { createdAt } = await timeOfRow(row, deps.files, deps.paths);
      const value = storedOfRow(url, row, decoded, createdAt, wanted);
      return { kind: 'found', value, provenance: { source: 'SQLITE', status: 'FRESH', readAt } };
    } catch (thrown) {
      return { kind: 'failed', error: codedError(thrown) };
    }
  }

  function codedError(thrown: unknown): CrawlgateError {
    if (thrown instanceof CrawlgateError) return thrown;
    if (thrown instanceof Error && 'syscall' in thrown) {
      const message = 'A file beside the SQLite database could not be read.';
      return new CrawlgateError('STORE_UNAVAILABLE', message, {}, { cause: thrown });
    }
    deps.events.unexpectedError({ where: 'sqlite-reader', error: thrown });
    return new CrawlgateError('INTERNAL_SERVER_ERROR', 'Unexpected error.', {}, { cause: thrown });
  }
}
