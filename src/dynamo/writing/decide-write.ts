// What a new result does to what is stored: the rules of the head, as a pure function.
import type { CrawlResult, StoredResult } from '../../domain/crawl-result.js';
import type { Instant } from '../../domain/instant.js';

/**
 * `replace`: the new result becomes the head's own record; `later` is a newer failure to keep beside it.
 * `add-failure`: it is set beside the success. `superseded`: something at least as new is stored.
 */
export type Decision =
  | { readonly kind: 'replace'; readonly later: CrawlResult | null }
  | { readonly kind: 'add-failure' }
  | { readonly kind: 'superseded' };

/** What decides: whether it succeeded, when it was created, and whether a stored record is this very write again. */
export interface Incoming {
  readonly success: boolean;
  readonly order: Instant;
  readonly isSame: (record: CrawlResult) => boolean;
  /** Whether it gives way to anything that is stored. */
  readonly onlyIfAbsent: boolean;
  /** Whether it replaces another of the very same time. */
  readonly overEqualTime: boolean;
}

/** Decides on `stored` as it is alive now: an expired record is no longer there. */
export function decideWrite(stored: StoredResult, incoming: Incoming): Decision {
  const { success, failure } = stored;
  if (incoming.onlyIfAbsent && (success !== null || failure !== null)) return { kind: 'superseded' };
  if (incoming.success) {
    if (success !== null && !isOver(incoming, success)) return { kind: 'superseded' };
    const isLater = failure !== null && (failure.order ?? Number.NEGATIVE_INFINITY) > incoming.order;
    return { kind: 'replace', later: isLater ? failure : null };
  }
  if (failure !== null && !isOver(incoming, failure)) return { kind: 'superseded' };
  if (success === null) return { kind: 'replace', later: null };
  return isNewer(incoming.order, success) ? { kind: 'add-failure' } : { kind: 'superseded' };
}

function isOver(incoming: Incoming, record: CrawlResult): boolean {
  if (incoming.overEqualTime && incoming.order === record.order) return true;
  return isNewer(incoming.order, record) || incoming.isSame(record);
}

function isNewer(order: Instant, record: CrawlResult): boolean {
  return record.order === null || order > record.order;
}
