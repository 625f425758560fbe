// The thread that holds one SQLite database. Every call of the driver blocks, for seconds where another program has the
// file locked: here it blocks nobody but itself.
import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import Database from 'libsql';
import type { FromSqlite, SqliteRow, SqliteStart, SqliteValue, ToSqlite } from './sqlite-messages.js';

if (parentPort !== null) serve(parentPort, workerData as SqliteStart);

interface Opened {
  readonly database: Database.Database;
  /** Tells this file from another that was put in its place. */
  readonly inode: number;
}

function serve(port: NonNullable<typeof parentPort>, start: SqliteStart): void {
  let opened: Opened | null = null;

  port.on('message', (message: ToSqlite) => {
    if (message.kind === 'close') {
      opened?.database.close();
      port.close();
      return;
    }
    port.postMessage(answer(message));
  });

  function answer({ kind, id, sql, params }: Exclude<ToSqlite, { kind: 'close' }>): FromSqlite {
    try {
      const statement = current().prepare<SqliteValue[]>(sql);
      if (kind === 'run') return { id, rows: [], changes: statement.run(...params).changes };
      return { id, rows: statement.all(...params) as SqliteRow[], changes: 0 };
    } catch (error) {
      return { id, error: described(error) };
    }
  }

  /** The database at the path as it is now: Crawl4AI's users delete the folder and begin anew. */
  function current(): Database.Database {
    const { ino: inode } = statSync(start.path);
    if (opened !== null && opened.inode === inode) return opened.database;
    opened?.database.close();
    opened = null;
    // `?mode=ro` is the only way in which this driver does honour that it may not write.
    const name = start.readOnly ? `${pathToFileURL(start.path).href}?mode=ro` : start.path;
    const database = new Database(name);
    database.exec(`PRAGMA busy_timeout = ${start.busyMs}`);
    opened = { database, inode };
    return database;
  }
}

function described(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return { code, message: error.message };
}
