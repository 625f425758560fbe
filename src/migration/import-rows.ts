// Puts every row of a Crawl4AI cache into a table, as fast as the table takes them, and goes on where it stopped.
import { sizeOfFields } from '../domain/result-size.js';
import { toUrlKey } from '../domain/url-key.js';
import type { NewResult, ResultWriters } from '../domain/write-many.js';
import { CrawlgateError, type ErrorCode } from '../errors.js';
import type { CachePaths } from './cache-paths.js';
import type { ContentFiles } from './content-files.js';
import { decodeRow, jsonColumns, textOf } from './decode-row.js';
import { putPatiently } from './put-patiently.js';
import { contentsOfRow } from './read-contents.js';
import { placeOf, type RowPlace, rowPages } from './row-pages.js';
import { newResultOfRow } from './row-record.js';
import { timeOfRow } from './row-time.js';
import type { SqliteConnection } from './sqlite-connection.js';
import type { SqliteRow } from './sqlite-messages.js';

/** What became of the rows so far: imported, kept, broken or refused; with `partial` a broken one is one of the others too. */
export interface ImportCounts {
  readonly rows: number;
  readonly imported: number;
  /** Of the imported: crawls that had failed. */
  readonly failures: number;
  /** Of the imported: rows without a time of their own. */
  readonly untimed: number;
  /** Something is stored already that they do not replace. */
  readonly kept: number;
  /** A file is gone or no text, or JSON is broken. */
  readonly broken: number;
  /** The URL or the result is none that a table takes. */
  readonly refused: number;
}

/** Nothing yet. */
export const noImports: ImportCounts = {
  ...{ rows: 0, imported: 0, failures: 0, untimed: 0, kept: 0, broken: 0, refused: 0 },
};

/** A row that was not imported as it should be. */
export interface ImportProblem {
  readonly url: string;
  readonly kind: 'broken' | 'refused';
  readonly message: string;
}

/** What importing needs. */
export interface ImportDeps {
  readonly connection: Pick<SqliteConnection, 'all'>;
  readonly files: ContentFiles;
  readonly paths: CachePaths;
  readonly put: ResultWriters['put'];
  /** UTF-8 bytes of the longest URL that the table can key. */
  readonly maxUrlBytes: number;
  /** Resolves after `ms` milliseconds, or when the signal is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** One run. */
export interface ImportRequest {
  readonly from: RowPlace | null;
  readonly counts: ImportCounts;
  /** Days until what is imported expires, counted from now; 0 means never. */
  readonly ttlDays: number;
  /** Whether a row with a time of its own replaces what is stored and older. */
  readonly force: boolean;
  /** Whether a broken row is imported without what is broken of it. */
  readonly partial: boolean;
  /** Ends the run in order: what is under way is put and told by `onBatch`. */
  readonly signal: AbortSignal;
  /** Everything up to `place` is done. */
  readonly onBatch: (counts: ImportCounts, place: RowPlace) => Promise<void>;
  readonly onProblem: (problem: ImportProblem) => void;
  /** The row at `from` is gone: it begins with the first row, and with no counts. */
  readonly onAnew: () => void;
}

/** Results of one call, their text, and calls under way at once: some 100 MB at the worst with all that they become. */
const resultsPerBatch = 100;
const bytesPerBatch = 4 * 1024 * 1024;
const batchesAtOnce = 3;

/** Rows whose files are read at once. */
const rowsAtOnce = 8;

/** Codes that say something of one result, not of the store. */
const ofOneResult: ReadonlySet<ErrorCode> = new Set(['BAD_USER_INPUT', 'RESULT_TOO_LARGE', 'MALFORMED_ITEM']);

/** Resolves with all counts when it is through or was ended; rejects with the CrawlgateError of a store that is lost. */
export async function importRows(deps: ImportDeps, request: ImportRequest): Promise<ImportCounts> {
  let { counts } = request;
  const underWay: Promise<() => Promise<void>>[] = [];
  const onAnew = (): void => {
    counts = noImports;
    request.onAnew();
  };
  for await (const batch of batchesOf(deps, { ...request, onAnew })) {
    const put = store(batch);
    // Told when its turn comes; until then a failure is not unheard.
    put.catch(() => undefined);
    underWay.push(put);
    if (underWay.length >= batchesAtOnce) await (await underWay.shift())?.();
  }
  for (const put of underWay) await (await put)();
  return counts;

  /** Puts a batch; what it answers tells of it, to be called in the order of the rows. */
  async function store(batch: Batch): Promise<() => Promise<void>> {
    const outcomes = await putPatiently(
      deps,
      batch.results.map(({ result }) => result),
      request.signal,
    );
    return async () => {
      const next = { ...counts };
      const add = (name: keyof ImportCounts): void => {
        (next as Record<keyof ImportCounts, number>)[name] += 1;
      };
      for (let row = 0; row < batch.rows; row += 1) add('rows');
      for (const problem of batch.problems) {
        add(problem.kind);
        request.onProblem(problem);
      }
      for (const [index, { result, isOwnTime }] of batch.results.entries()) {
        const outcome = outcomes[index];
        if (outcome?.kind === 'done') {
          add('imported');
          if (!result.success) add('failures');
          if (!isOwnTime) add('untimed');
        } else if (outcome?.error.code === 'SUPERSEDED') add('kept');
        else if (outcome !== undefined && ofOneResult.has(outcome.error.code)) {
          add('refused');
          request.onProblem({ url: result.url, kind: 'refused', message: outcome.error.message });
        } else throw outcome?.error ?? new Error('a result was forgotten');
      }
      counts = next;
      await request.onBatch(counts, batch.place);
    };
  }
}

interface Batch {
  readonly rows: number;
  readonly results: readonly Prepared[];
  readonly problems: readonly ImportProblem[];
  readonly place: RowPlace;
}

interface Prepared {
  readonly result: NewResult;
  readonly isOwnTime: boolean;
}

async function* batchesOf(deps: ImportDeps, request: ImportRequest): AsyncGenerator<Batch> {
  const { connection, paths } = deps;
  let rows = 0;
  let bytes = 0;
  let place: RowPlace | null = null;
  let results: Prepared[] = [];
  let problems: ImportProblem[] = [];
  for await (const page of rowPages(connection, paths.database, request.from, request.signal, request.onAnew)) {
    for await (const { row, ...prepared } of preparedRows(deps, request, page)) {
      rows += 1;
      place = placeOf(row);
      problems.push(...prepared.problems);
      if (prepared.result !== null) {
        results.push({ result: prepared.result, isOwnTime: prepared.isOwnTime });
        bytes += sizeOfFields(prepared.result.fields, new Set()) ?? 0;
      }
      if (results.length < resultsPerBatch && bytes < bytesPerBatch && rows < 10 * resultsPerBatch) continue;
      yield { rows, results, problems, place };
      ({ rows, bytes, results, problems } = { rows: 0, bytes: 0, results: [], problems: [] });
    }
  }
  if (place !== null && rows > 0 && !request.signal.aborted) yield { rows, results, problems, place };
}

/** A few rows ahead: each may have five files, and as many texts of any size. */
async function* preparedRows(deps: ImportDeps, request: ImportRequest, page: readonly SqliteRow[]) {
  for (let start = 0; start < page.length; start += rowsAtOnce) {
    const rows = page.slice(start, start + rowsAtOnce);
    yield* await Promise.all(rows.map(async (row) => ({ row, ...(await prepare(deps, request, row)) })));
  }
}

async function prepare(
  { files, paths, maxUrlBytes }: ImportDeps,
  { force, partial, ttlDays }: ImportRequest,
  row: SqliteRow,
): Promise<{ result: NewResult | null; isOwnTime: boolean; problems: readonly ImportProblem[] }> {
  const url = textOf(row.url);
  const [contents, time] = await Promise.all([contentsOfRow(files, row), timeOfRow(row, files, paths)]);
  const decoded = decodeRow(row, contents, jsonColumns);
  const broken = [...decoded.failed].map(([name, what]) => `${name} is ${what}`).join('; ');
  const problems: ImportProblem[] = broken === '' ? [] : [{ url, kind: 'broken', message: broken }];
  const isOwnTime = time.isOwn;
  if (broken !== '' && !partial) return { result: null, isOwnTime, problems };
  try {
    const result = newResultOfRow(toUrlKey(url, maxUrlBytes), decoded, time.createdAt, ttlDays);
    return { result: force && isOwnTime ? result : { ...result, onlyIfAbsent: true }, isOwnTime, problems };
  } catch (error) {
    if (!(error instanceof CrawlgateError)) throw error;
    return { result: null, isOwnTime, problems: [...problems, { url, kind: 'refused', message: error.message }] };
  }
}
