// The three indexes of the feed: their keys, and the few attributes that spare it reading items.

/** The indexes of tables we make; see the design. */
export type IndexName = 'by-time' | 'by-site' | 'by-url';

/** One index of a results table. */
export interface FeedIndex {
  readonly name: IndexName;
  /** Partition key and sort key. `order` is a number, all others are strings. */
  readonly keys: readonly [partitionKey: string, sortKey: string];
  /**
   * Attributes beside the keys: `ttl`, without which an expired result would be listed until DynamoDB deletes it, and
   * `order`, without which `createdAt` would have to be read from the items.
   */
  readonly included: readonly string[];
}

/** All of them, on both layouts. */
export const feedIndexes: readonly FeedIndex[] = [
  { name: 'by-time', keys: ['feed_day', 'order'], included: ['ttl'] },
  { name: 'by-site', keys: ['site', 'order'], included: ['ttl'] },
  { name: 'by-url', keys: ['site', 'surt'], included: ['order', 'ttl'] },
];
