// What stands behind the API's CrawlResult: the record that answers, beside what else its key holds.
import type { CrawlResult, StoredResult } from '../domain/crawl-result.js';
import type { FeedEntry } from '../domain/feed.js';
import { groups } from '../domain/fields.js';
import type { Provenance } from '../domain/read-many.js';

/** One answer, ready for the fields that were asked. */
export interface ResultView {
  readonly record: CrawlResult;
  readonly stored: StoredResult;
  readonly provenance: Provenance;
}

/** The fields of a CrawlResult that a feed entry answers without its item being read. */
export const listedFields: ReadonlySet<string> = new Set(['url', 'domain', 'createdAt', '__typename']);

/** A view of a feed entry whose item nobody needs: only `listedFields` may be asked of it. */
export function viewOfEntry(entry: FeedEntry): ResultView {
  const record: CrawlResult = {
    url: entry.url,
    version: '',
    order: entry.createdAt,
    success: true,
    statusCode: null,
    redirectedStatusCode: null,
    createdAt: entry.createdAt,
    updatedAt: null,
    validatedAt: null,
    expiresAt: null,
    title: null,
    sizeBytes: null,
    truncatedFields: null,
    groups: groups.none,
    fields: new Map(),
    failed: new Map(),
    addedFields: new Set(),
  };
  return {
    record,
    stored: { success: record, failure: null },
    provenance: { source: 'DYNAMODB', status: 'FRESH', readAt: 0 },
  };
}
