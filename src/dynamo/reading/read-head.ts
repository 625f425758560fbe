// Reads heads before they are written over: consistently, many in a call, raw.
import type { AbortSignalLike } from '../../domain/abort.js';
import { groups } from '../../domain/fields.js';
import type { ResultKey } from '../../domain/result-key.js';
import type { CrawlgateError } from '../../errors.js';
import type { Layout } from '../codec/layout.js';
import { type Item, keyText, type Table } from '../table.js';
import type { BatchGet } from './batch-get.js';

/** A head as it is stored (null: nothing), or why that is not known. */
export type HeadAnswer =
  | { readonly kind: 'read'; readonly item: Item | null }
  | { readonly kind: 'failed'; readonly error: CrawlgateError };

/** Reads the heads of distinct keys, each with its answer in the order given. Never rejects. */
export type ReadHeads = (keys: readonly ResultKey[], signal: AbortSignalLike) => Promise<readonly HeadAnswer[]>;

/** Makes the reader. What it asks for is enough to decide, to tell a change and to find the parts. */
export function createReadHeads(deps: { batchGet: BatchGet; table: Table; layout: Layout }): ReadHeads {
  return async (keys, signal) => {
    const items = keys.map((key) => deps.layout.headKey(key));
    const outcomes = await deps.batchGet({
      table: deps.table,
      keys: items,
      projection: deps.layout.projection(groups.head),
      consistent: true,
      bytes: null,
      signal,
    });
    return items.map((item): HeadAnswer => {
      const outcome = outcomes.get(keyText(deps.table, item) ?? '');
      if (outcome?.kind === 'failed') return outcome;
      return { kind: 'read', item: outcome?.kind === 'found' ? outcome.item : null };
    });
  };
}
