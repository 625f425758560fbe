// Walks a Crawl4AI cache row by row in constant memory, whatever is written to it meanwhile.

import { contentColumns } from './cache-paths.js';
import { jsonColumns, textOf } from './decode-row.js';
import type { SqliteConnection } from './sqlite-connection.js';
import type { SqliteRow } from './sqlite-messages.js';
import { columnsOf, selectionOf, tableName } from './sqlite-table.js';

/** A place in the table: a row, and the URL that tells whether it is still the same (VACUUM numbers rows anew). */
export interface RowPlace {
  readonly rowid: number;
  readonly url: string;
}

/** Rows of one statement at most, and bytes that they may hold in the database itself; one row may hold more. */
const maxRows = 200;
const maxBytes = 4 * 1024 * 1024;

/** Rows of a sample in one statement. */
const sampledAtOnce = 20;

/**
 * Rows behind `from`, in the order in which they were inserted; rows that come while it walks come last. Where the row
 * at `from` is gone it begins anew and calls `onAnew`, before the first page.
 */
export async function* rowPages(
  connection: Pick<SqliteConnection, 'all'>,
  path: string,
  from: RowPlace | null,
  signal: AbortSignal,
  onAnew: () => void = () => undefined,
): AsyncGenerator<readonly SqliteRow[]> {
  const isGone = from !== null && !(await isThere(connection, from));
  if (isGone) onAnew();
  let after = from === null || isGone ? -1 : from.rowid;
  while (!signal.aborted) {
    // Crawlers of a newer version may add columns while we walk.
    const columns = await columnsOf(connection, path);
    const sizes = [...contentColumns, ...jsonColumns]
      .filter((name) => columns.has(name))
      .map((name) => `coalesce(octet_length(c."${name}"), 0)`);
    const ahead = await connection.all(
      `SELECT c.rowid, ${sizes.join(' + ')} AS bytes FROM ${tableName} c WHERE c.rowid > ? ORDER BY c.rowid LIMIT ?`,
      [after, maxRows],
    );
    const last = lastThatFits(ahead);
    if (last === null) return;
    yield await connection.all(
      `SELECT ${selectionOf(columns, jsonColumns)} FROM ${tableName} c WHERE c.rowid > ? AND c.rowid <= ? ORDER BY c.rowid`,
      [after, last],
    );
    after = last;
  }
}

/** So many rows, drawn at random, in pages as bounded as those of a walk; all of them where there are fewer. */
export async function* sampledRows(
  connection: Pick<SqliteConnection, 'all'>,
  path: string,
  count: number,
  signal: AbortSignal,
): AsyncGenerator<readonly SqliteRow[]> {
  const selection = selectionOf(await columnsOf(connection, path), jsonColumns);
  const drawn = await connection.all(`SELECT rowid FROM ${tableName} ORDER BY random() LIMIT ?`, [count]);
  for (let start = 0; start < drawn.length && !signal.aborted; start += sampledAtOnce) {
    const rowids = drawn.slice(start, start + sampledAtOnce).map(({ rowid }) => Number(rowid));
    yield await connection.all(`SELECT ${selection} FROM ${tableName} c WHERE c.rowid IN (${rowids.join(',')})`);
  }
}

/** The place of a row. */
export function placeOf(row: SqliteRow): RowPlace {
  return { rowid: Number(row.rowid), url: textOf(row.url) };
}

/** How many rows there are now. Rejects with a CrawlgateError. */
export async function countRows(connection: Pick<SqliteConnection, 'all'>, path: string): Promise<number> {
  await columnsOf(connection, path);
  const [row] = await connection.all(`SELECT count(*) AS rows FROM ${tableName}`);
  return Number(row?.rows ?? 0);
}

async function isThere(connection: Pick<SqliteConnection, 'all'>, { rowid, url }: RowPlace): Promise<boolean> {
  const rows = await connection.all(`SELECT 1 FROM ${tableName} c WHERE c.rowid = ? AND c.url = ?`, [rowid, url]);
  return rows.length > 0;
}

function lastThatFits(ahead: readonly SqliteRow[]): number | null {
  let last: number | null = null;
  let bytes = 0;
  for (const row of ahead) {
    bytes += Number(row.bytes);
    if (last !== null && bytes > maxBytes) break;
    last = Number(row.rowid);
  }
  return last;
}
