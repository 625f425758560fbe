// Compares a Crawl4AI cache with a table, field by field, and puts right what the cache has and the table has not.
import { allowManyListeners } from '../domain/abort.js';
import type { CrawlResult, StoredResult } from '../domain/crawl-result.js';
import { type FieldName, groups, markdownFieldNames } from '../domain/fields.js';
import { formatInstant } from '../domain/instant.js';
import { plainWantFor, type ReadMany } from '../domain/read-many.js';
import { storedField } from '../domain/record-field.js';
import { latestKey, type ResultKey } from '../domain/result-key.js';
import { toUrlKey } from '../domain/url-key.js';
import type { NewResult, ResultWriters } from '../domain/write-many.js';
import { CrawlgateError } from '../errors.js';
import { type CachePaths, contentColumns } from './cache-paths.js';
import { isEqualValue, shown } from './compare-values.js';
import type { ContentFiles } from './content-files.js';
import { type DecodedRow, decodeRow, jsonColumns, textOf } from './decode-row.js';
import { putPatiently } from './put-patiently.js';
import { contentsOfRow } from './read-contents.js';
import { newResultOfRow } from './row-record.js';
import { type RowTime, timeOfRow } from './row-time.js';
import type { SqliteRow } from './sqlite-messages.js';

/** What was found so far; every row is in one of equal, missing, different and broken. */
export interface CompareCounts {
  readonly rows: number;
  readonly equal: number;
  readonly missing: number;
  readonly different: number;
  /** Of the different: the table's result is newer than the row. */
  readonly newer: number;
  /** The row itself cannot be read whole, or its URL is none that a table takes. */
  readonly broken: number;
  /** Of the missing and different: put into the table. */
  readonly repaired: number;
}

/** Nothing yet. */
export const noComparisons: CompareCounts = {
  ...{ rows: 0, equal: 0, missing: 0, different: 0, newer: 0, broken: 0, repaired: 0 },
};

/** One field that differs; both values shortened. */
export interface Difference {
  readonly field: string;
  readonly sqlite: string;
  readonly dynamodb: string;
}

/** A row that is not equal. */
export interface Finding {
  readonly url: string;
  readonly kind: 'missing' | 'different' | 'broken';
  /** Whether SQLite says that the crawl succeeded. */
  readonly success: boolean;
  readonly differences: readonly Difference[];
  /** Why it is as it is, where that can be said. */
  readonly note: string | null;
}

/** What comparing needs. */
export interface CompareDeps {
  readonly files: ContentFiles;
  readonly paths: CachePaths;
  readonly read: ReadMany<ResultKey, StoredResult>;
  readonly put: ResultWriters['put'];
  readonly maxUrlBytes: number;
  /** Resolves after `ms` milliseconds, or when the signal is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** One run. */
export interface CompareRequest {
  readonly pages: AsyncIterable<readonly SqliteRow[]>;
  readonly repair: boolean;
  /** Days until what is put expires; 0 means never. */
  readonly ttlDays: number;
  readonly signal: AbortSignal;
  readonly onCounts: (counts: CompareCounts) => void;
  readonly onFinding: (finding: Finding) => void;
}

/** Rows whose results are held whole at once, from both sides. */
const rowsAtOnce = 20;

/** Milliseconds that one reading of the table may take. */
const readMs = 60_000;

/** Rejects with the CrawlgateError of a store that cannot be read. */
export async function compareRows(deps: CompareDeps, request: CompareRequest): Promise<CompareCounts> {
  const counts = { ...noComparisons };
  for await (const page of request.pages) {
    for (let start = 0; start < page.length && !request.signal.aborted; start += rowsAtOnce) {
      await comparePart(page.slice(start, start + rowsAtOnce));
      request.onCounts({ ...counts });
    }
  }
  return counts;

  async function comparePart(rows: readonly SqliteRow[]): Promise<void> {
    const own = await Promise.all(rows.map((row) => readRow(deps, row)));
    const keys = own.flatMap(({ key }) => key ?? []);
    const want = plainWantFor(groups.all, 'STRONG');
    const signal = AbortSignal.timeout(readMs);
    // Every call of the reading listens to the one signal.
    allowManyListeners(signal);
    const stored = await deps.read({ keys, want, signal });
    const toPut: NewResult[] = [];
    for (const row of own) {
      counts.rows += 1;
      const outcome = row.key === null ? undefined : stored.get(row.key);
      if (outcome?.kind === 'failed') throw outcome.error;
      const finding = await findingOf(row, outcome?.kind === 'found' ? outcome.value : null);
      if (finding === null) {
        counts.equal += 1;
        continue;
      }
      counts[finding.kind] += 1;
      if (finding.isNewer) counts.newer += 1;
      request.onFinding(finding);
      if (request.repair && row.key !== null && finding.kind !== 'broken' && !finding.isNewer) {
        const result = newResultOfRow(toUrlKey(row.url), row.decoded, row.time.createdAt, request.ttlDays);
        // A row without a time of its own never replaces anything.
        toPut.push({ ...result, ...(row.time.isOwn ? { overEqualTime: true } : { onlyIfAbsent: true }) });
      }
    }
    for (const outcome of await putPatiently(deps, toPut, request.signal)) {
      if (outcome.kind === 'done') counts.repaired += 1;
      else if (outcome.error.code !== 'SUPERSEDED') throw outcome.error;
    }
  }
}

interface OwnRow {
  readonly url: string;
  /** Null where the row cannot be compared; `why` says so. */
  readonly key: ResultKey | null;
  readonly why: string | null;
  readonly decoded: DecodedRow;
  readonly time: RowTime;
}

async function readRow({ files, paths, maxUrlBytes }: CompareDeps, row: SqliteRow): Promise<OwnRow> {
  const url = textOf(row.url);
  const [contents, time] = await Promise.all([contentsOfRow(files, row), timeOfRow(row, files, paths)]);
  const decoded = decodeRow(row, contents, jsonColumns);
  const broken = [...decoded.failed].map(([name, what]) => `${name} is ${what}`).join('; ');
  if (broken !== '') return { url, key: null, why: broken, decoded, time };
  try {
    return { url, key: latestKey(toUrlKey(url, maxUrlBytes)), why: null, decoded, time };
  } catch (error) {
    if (!(error instanceof CrawlgateError)) throw error;
    return { url, key: null, why: error.message, decoded, time };
  }
}

/** Null where both say the same. */
async function findingOf(row: OwnRow, stored: StoredResult | null): Promise<(Finding & { isNewer: boolean }) | null> {
  const { url, decoded, time } = row;
  const base = { url, success: decoded.success, differences: [], note: row.why, isNewer: false };
  if (row.key === null) return { ...base, kind: 'broken' };
  // A failure that stands beside a success is the one to compare a failed crawl with.
  const record = decoded.success ? (stored?.success ?? stored?.failure) : (stored?.failure ?? stored?.success);
  if (record === null || record === undefined) return { ...base, kind: 'missing' };
  const differences = await differencesOf(row, record);
  if (differences.length === 0) return null;
  // A newer failure does not stand in for a good result that the table never had.
  const isOver = record.success || !decoded.success;
  const isNewer = isOver && time.isOwn && record.order !== null && record.order > time.createdAt;
  const note = isNewer
    ? 'the table holds a newer result'
    : time.isOwn
      ? null
      : 'the row has no time of its own: it replaces nothing';
  return { ...base, kind: 'different', differences, note, isNewer };
}

async function differencesOf({ decoded, time }: OwnRow, record: CrawlResult): Promise<readonly Difference[]> {
  const found: Difference[] = [];
  const differ = (field: string, sqlite: string, dynamodb: string): void => {
    found.push({ field, sqlite, dynamodb });
  };
  if (decoded.success !== record.success) differ('success', String(decoded.success), String(record.success));
  if (time.isOwn && time.createdAt !== record.createdAt) {
    differ(
      'created_at',
      formatInstant(time.createdAt),
      record.createdAt === null ? 'nothing' : formatInstant(record.createdAt),
    );
  }
  for (const name of comparedFields(decoded)) {
    const own = decoded.fields.get(name);
    try {
      const stored = await storedField(record, name);
      if (!isEqualValue(own, stored)) differ(name, shown(own), shown(stored));
    } catch (error) {
      if (!(error instanceof CrawlgateError)) throw error;
      differ(name, shown(own), error.message);
    }
  }
  return found;
}

/** What a cache can hold; of a markdown that is a plain text only the text can be compared with a table's map. */
function comparedFields({ markdownIsText }: DecodedRow): readonly FieldName[] {
  const markdown = markdownIsText ? ['raw_markdown' as const] : markdownFieldNames;
  const texts = contentColumns.filter((column) => column !== 'markdown') as Exclude<
    (typeof contentColumns)[number],
    'markdown'
  >[];
  return [...texts, ...markdown, ...jsonColumns, 'etag', 'last_modified', 'head_fingerprint'];
}
