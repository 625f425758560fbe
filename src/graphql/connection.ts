// A page of keys as a connection of results, their items read through the request's loader.
import type { CrawlResult } from '../domain/crawl-result.js';
import type { ResultView } from './result-view.js';

/** An entry and its result, once that was looked up; null where it has vanished since it was listed. */
export interface ListedResult {
  readonly cursor: string;
  readonly node: ResultView | null;
}

/** A connection whose nodes are there. */
export interface Connection {
  readonly edges: readonly { readonly cursor: string; readonly node: ResultView }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** The connection of a page. What has vanished is left out; the page's end stays where it was, so that paging goes on. */
export function connectionOf(
  listed: readonly ListedResult[],
  page: { readonly hasNextPage: boolean; readonly endCursor: string | null },
): Connection {
  return {
    edges: listed.flatMap(({ cursor, node }) => (node === null ? [] : [{ cursor, node }])),
    pageInfo: { hasNextPage: page.hasNextPage, endCursor: page.endCursor },
  };
}

/** The record of `view` that was listed: the one of that time where the key holds it, with all that was asked of it. */
export function viewListed(
  view: ResultView | null,
  isListed: (record: CrawlResult) => boolean,
  holdsWanted: (record: CrawlResult) => boolean,
): ResultView | null {
  if (view === null) return null;
  const { success, failure } = view.stored;
  const record = [view.record, success, failure].find((one) => one !== null && isListed(one) && holdsWanted(one));
  return record == null ? view : { ...view, record };
}
