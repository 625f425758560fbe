// Caches as every version of Crawl4AI leaves them, made by SQL and by writing files.
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import {
  type CachePaths,
  type ContentColumn,
  cacheIn,
  contentColumns,
  contentFolders,
} from '../../src/migration/cache-paths.js';
import { type ContentFiles, createContentFiles } from '../../src/migration/content-files.js';
import { openSqlite, type SqliteConnection } from '../../src/migration/sqlite-connection.js';
import { createSqliteReader } from '../../src/migration/sqlite-reader.js';
import type { Events } from '../../src/observability/events.js';
import { silentEvents } from '../../src/observability/events.js';

/** Columns that came later than the first version. */
const later = {
  '0.3.0': [],
  '0.3.74': ['response_headers TEXT DEFAULT "{}"', 'downloaded_files TEXT DEFAULT "{}"'],
  '0.9': [
    'response_headers TEXT DEFAULT "{}"',
    'downloaded_files TEXT DEFAULT "{}"',
    'etag TEXT DEFAULT ""',
    'last_modified TEXT DEFAULT ""',
    'head_fingerprint TEXT DEFAULT ""',
    'cached_at REAL DEFAULT 0',
  ],
} as const;

/** A version of Crawl4AI with a schema of its own. */
export type CacheVersion = keyof typeof later;

type Value = string | number | null;

/** A cache of a test. Disposing closes what is open and removes it. */
export interface CacheFixture extends AsyncDisposable {
  /** The folder that holds `.crawl4ai`: CRAWL4_AI_BASE_DIRECTORY. */
  readonly base: string;
  readonly paths: CachePaths;
  readonly database: Database.Database;
  readonly files: ContentFiles;
  readonly connection: SqliteConnection;
  readonly read: ReturnType<typeof createSqliteReader>;
  /** Puts a row as it is. */
  insert(row: Readonly<Record<string, Value>>): void;
  /** Puts a row as a crawler would: texts in files, their hashes in the row. */
  crawl(row: Readonly<Record<string, Value>>): Promise<void>;
  /** Writes a content file of any name; `at` in milliseconds since 1970 is its time. */
  file(column: ContentColumn, name: string, bytes: string | Buffer, at?: number): Promise<void>;
}

/** Makes an empty cache with the schema of a version, in WAL mode as Crawl4AI has it. */
export async function makeCache(
  version: CacheVersion = '0.9',
  events: Pick<Events, 'storeCall' | 'unexpectedError'> = silentEvents,
): Promise<CacheFixture> {
  const base = await mkdtemp(join(tmpdir(), 'crawlgate-cache-'));
  const paths = cacheIn(join(base, '.crawl4ai'));
  await mkdir(paths.folder, { recursive: true });
  const database = new Database(paths.database);
  database.exec('PRAGMA journal_mode = WAL');
  // The columns as async_database.py of that version has them.
  database.exec(`CREATE TABLE crawled_data (
    ${[
      'url TEXT PRIMARY KEY',
      ...['html', 'cleaned_html', 'markdown', 'extracted_content'].map((name) => `${name} TEXT`),
      'success BOOLEAN',
      ...['media', 'links', 'metadata'].map((name) => `${name} TEXT DEFAULT "{}"`),
      'screenshot TEXT DEFAULT ""',
      ...later[version],
    ].join(', ')})`);
  const files = createContentFiles(paths.folder);
  const connection = openSqlite({ path: paths.database, readOnly: true });
  const read = createSqliteReader({
    connection,
    files,
    paths,
    events,
    now: () => 1_700_000_000_000,
    elapsed: () => 0,
  });
  const insert: CacheFixture['insert'] = (row) => {
    const names = Object.keys(row);
    const sql = `INSERT OR REPLACE INTO crawled_data (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
    database.prepare(sql).run(...Object.values(row));
  };
  return {
    base,
    paths,
    database,
    files,
    connection,
    read,
    insert,
    async crawl(row) {
      const hashed = { ...row };
      for (const column of contentColumns) {
        const text = row[column];
        hashed[column] = typeof text === 'string' ? await files.write(column, text) : '';
      }
      insert(hashed);
    },
    async file(column, name, bytes, at) {
      const folder = join(paths.folder, contentFolders[column]);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, name), bytes);
      if (at !== undefined) await utimes(join(folder, name), at / 1000, at / 1000);
    },
    async [Symbol.asyncDispose]() {
      await connection[Symbol.asyncDispose]();
      database.close();
      await rm(base, { recursive: true, force: true });
    },
  };
}
