// What the gateway and the thread that holds a SQLite database say to each other.

/** A value as SQLite keeps it. */
export type SqliteValue = string | number | bigint | Uint8Array | null;

/** One row: column to value. */
export type SqliteRow = Readonly<Record<string, SqliteValue | undefined>>;

/** How the thread opens its database. */
export interface SqliteStart {
  readonly path: string;
  /** True opens for reading only: SQLite itself refuses every write then. */
  readonly readOnly: boolean;
  /** Milliseconds that a statement waits while another program holds the database. */
  readonly busyMs: number;
}

/** One statement, or the word that there will be no more. */
export type ToSqlite =
  | { readonly kind: 'all' | 'run'; readonly id: number; readonly sql: string; readonly params: readonly SqliteValue[] }
  | { readonly kind: 'close' };

/** Its answer: the rows, or of a `run` how many rows it changed. */
export type FromSqlite =
  | { readonly id: number; readonly rows: readonly SqliteRow[]; readonly changes: number }
  | { readonly id: number; readonly error: { readonly code: string; readonly message: string } };
