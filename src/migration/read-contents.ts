// The texts of one row, from the files that it names.
import { type ContentColumn, contentColumns, contentFolders } from './cache-paths.js';
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

/** The same for all columns at once, where a file that cannot be read is the row's own fault: named, and no end of the work. */
export function contentsOfRow(files: ContentFiles, row: SqliteRow): Promise<ReadonlyMap<ContentColumn, Content>> {
  const read: ContentFiles['read'] = async (column, value) => {
    try {
      return await files.read(column, value);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (!ofOneFile.has(code)) throw error;
      const what = `kept in a file that cannot be read (${code}), ${contentFolders[column]}/${value}`;
      return { kind: 'malformed', what };
    }
  };
  return contentsOf({ ...files, read }, row, contentColumns);
}

/** What a disk says of one file; that a process has too many open, say, is not among it. */
const ofOneFile = new Set(['EISDIR', 'EACCES', 'EPERM', 'EIO', 'ELOOP']);
