// What a head item lacks to be found by the feed's indexes.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Instant } from '../../domain/instant.js';
import type { UrlKey } from '../../domain/url-key.js';
import { instantOf, isMalformed } from '../codec/decode-value.js';
import { feedAttributes } from '../codec/feed-attributes.js';
import type { Item } from '../table.js';

/** Attributes that a scan must read for `lackingAttributes`. */
export const indexAttributes: readonly string[] = ['feed_day', 'order', 'site', 'surt'];

/**
 * The attributes to be set; empty: the item has them all. An item without a time is found by its URL alone.
 * An item that Python wrote over has none left, or, where one attribute was updated, those of an earlier time.
 */
export function lackingAttributes(url: UrlKey, item: Item): Item {
  const order = orderOf(item);
  const wanted = Object.entries(feedAttributes(url, order ?? (0 as Instant)));
  const timed = order === null ? wanted.filter(([name]) => name === 'site' || name === 'surt') : wanted;
  return Object.fromEntries(timed.filter(([name, value]) => !isSame(value, item[name])));
}

/** The moment of the item's own record; null where it has none that can be read. */
export function orderOf(item: Item): Instant | null {
  const number = item.write_id?.S === undefined ? Number.NaN : Number(item.order?.N);
  if (Number.isSafeInteger(number)) return number as Instant;
  for (const name of ['created_at', 'crawled_at']) {
    const value = item[name];
    const instant = value === undefined ? null : instantOf(value);
    if (instant !== null && !isMalformed(instant)) return instant;
  }
  return null;
}

function isSame(wanted: AttributeValue, stored: AttributeValue | undefined): boolean {
  // DynamoDB writes a number its own way.
  return wanted.N === undefined ? wanted.S === stored?.S : Number(wanted.N) === Number(stored?.N ?? Number.NaN);
}
