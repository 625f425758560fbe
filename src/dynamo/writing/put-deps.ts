// What the writers of results are made of.
import type { StoredResult } from '../../domain/crawl-result.js';
import type { ReadMany } from '../../domain/read-many.js';
import type { ResultKey } from '../../domain/result-key.js';
import type { Dialect } from '../codec/encode-value.js';
import type { Layout } from '../codec/layout.js';
import type { PruneVersions } from '../feed/versions.js';
import type { ReadHeads } from '../reading/read-head.js';
import type { WriteDeps } from '../send-write.js';
import type { Table } from '../table.js';

/** What the writer of results needs. */
export interface PutDeps extends WriteDeps {
  readonly table: Table;
  readonly layout: Layout;
  readonly dialect: Dialect;
  /** Earlier results kept of each URL; 0 keeps none. Only the versioned layout keeps any. */
  readonly keepVersions: number;
  readonly read: ReadMany<ResultKey, StoredResult>;
  readonly readHeads: ReadHeads;
  readonly pruneVersions: PruneVersions;
  /** Twelve characters of base64url that no other write has. */
  readonly newWriteId: () => string;
}
