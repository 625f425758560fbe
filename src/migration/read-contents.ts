// The texts of one row, from the files that it names.
import type { ContentColumn } from './cache-paths.js';
import type { Content, ContentFiles } from './content-files.js';
import { textOf } from './decode-row.js';
import type { SqliteRow } from './sqlite-messages.js';

/** The texts of a row that are in these columns; empty ones are left out. Rejects where the disk fails. */
export async function contentsOf(
  files: ContentFiles,
  row: SqliteRow,
  columns: readonly ContentColumn[],
): Promise<ReadonlyMap<ContentColumn, Content>> {
  const contents = new Map<ContentColumn, Content>();
  await Promise.all(
    columns.map(async (column) => {
      const content = await files.read(column, textOf(row[column]));
      if (content !== null) contents.set(column, content);
    }),
  );
  return contents;
}
