// A place in the feed: in order of time, of URL, or in the order in which a table is scanned.

/**
 * `rank` is createdAt in microseconds, the URL's sort-friendly form, or nothing; `url` breaks ties. `emptySince` is where
 * days without a result began, for a place in the middle of such.
 */
export type FeedPosition =
  | { readonly kind: 'time'; readonly rank: number; readonly url: string; readonly emptySince?: number }
  | { readonly kind: 'url' | 'scan'; readonly rank: string; readonly url: string };

/** One key that an index listed, with its place. `order` is null where the index does not say it. */
export interface Listed {
  readonly url: string;
  readonly order: number | null;
  /** Epoch seconds; null: never, or the index does not say it. */
  readonly expiresAt: number | null;
  readonly position: FeedPosition;
}

/** Whether `a` comes before `b` in a feed of their kind: newest first, or by URL. */
export function comparePositions(a: FeedPosition, b: FeedPosition): number {
  if (a.kind === 'time' && b.kind === 'time') return b.rank - a.rank || compareText(a.url, b.url);
  return compareText(String(a.rank), String(b.rank)) || compareText(a.url, b.url);
}

// DynamoDB orders strings by their UTF-8 bytes.
function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
