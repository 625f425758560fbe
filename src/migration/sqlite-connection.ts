// A SQLite database in a thread of its own: statements in, rows out, the event loop free.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { CrawlgateError } from '../errors.js';
import { sqliteError } from './sqlite-error.js';
import type { FromSqlite, SqliteRow, SqliteStart, SqliteValue, ToSqlite } from './sqlite-messages.js';

/** An open database. Statements run one after another, in the order given. Disposing lets those under way end, for as long as one waits for a lock. */
export interface SqliteConnection extends AsyncDisposable {
  /** Rejects with a CrawlgateError. */
  all(sql: string, params?: readonly SqliteValue[]): Promise<readonly SqliteRow[]>;
  /** The same for a statement that writes: how many rows it changed. */
  run(sql: string, params?: readonly SqliteValue[]): Promise<number>;
}

/** Crawl4AI's own waiting time, `PRAGMA busy_timeout` of its async_database.py, in milliseconds. */
const busyMs = 5_000;

interface Waiting {
  readonly resolve: (answer: { readonly rows: readonly SqliteRow[]; readonly changes: number }) => void;
  readonly reject: (error: CrawlgateError) => void;
}

/** The file is opened with the first statement, and anew where another file stands in its place. Nothing runs before. */
export function openSqlite({ path, readOnly }: Omit<SqliteStart, 'busyMs'>): SqliteConnection {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | null = null;
  let isClosed = false;
  let lastId = 0;

  function start(): Worker {
    const started = new Worker(entryPath(), { workerData: { path, readOnly, busyMs } satisfies SqliteStart });
    started.on('message', (message: FromSqlite) => {
      const waiter = waiting.get(message.id);
      waiting.delete(message.id);
      // Nobody's answer is due: the process may end.
      if (waiting.size === 0) started.unref();
      if ('error' in message) waiter?.reject(sqliteError(path, message.error.code, message.error.message));
      else waiter?.resolve(message);
    });
    const ended = (cause?: unknown): void => {
      if (worker !== started) return;
      worker = null;
      const error = new CrawlgateError('STORE_UNAVAILABLE', 'The SQLite thread ended.', {}, { cause });
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    };
    started.on('error', ended);
    started.on('exit', () => ended());
    return started;
  }

  function send(kind: 'all' | 'run', sql: string, params: readonly SqliteValue[]): Promise<SqliteAnswer> {
    if (isClosed) return Promise.reject(new CrawlgateError('STORE_UNAVAILABLE', 'SQLite is closed.', {}));
    worker ??= start();
    const id = ++lastId;
    const answer = new Promise<SqliteAnswer>((resolve, reject) => waiting.set(id, { resolve, reject }));
    worker.ref();
    worker.postMessage({ kind, id, sql, params } satisfies ToSqlite);
    return answer;
  }

  return {
    all: async (sql, params = []) => (await send('all', sql, params)).rows,
    run: async (sql, params = []) => (await send('run', sql, params)).changes,
    async [Symbol.asyncDispose]() {
      isClosed = true;
      const closing = worker;
      if (closing === null) return;
      const exited = new Promise<void>((resolve) => closing.once('exit', () => resolve()));
      closing.ref();
      closing.postMessage({ kind: 'close' } satisfies ToSqlite);
      // Statements that each wait for a lock are not all waited for; the one under way is let go on to its end.
      const timer = setTimeout(() => closing.terminate(), busyMs).unref();
      await exited;
      clearTimeout(timer);
    },
  };
}

type SqliteAnswer = Parameters<Waiting['resolve']>[0];

// Tests run this file from src/, but a thread of its own can run compiled code only.
function entryPath(): string {
  const compiled = import.meta.url.endsWith('.js');
  const entry = compiled ? './sqlite-worker.js' : '../../dist/migration/sqlite-worker.js';
  const path = fileURLToPath(new URL(entry, import.meta.url));
  if (!existsSync(path)) throw new Error(`${path} is missing; run "npm run build"`);
  return path;
}
