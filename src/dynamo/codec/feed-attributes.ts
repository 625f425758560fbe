// What the feed's indexes are keyed by: the day and shard, the site, and the URL in sort-friendly order.
import { createHash } from 'node:crypto';
import { getDomain } from 'tldts';
import { formatInstant, type Instant } from '../../domain/instant.js';
import type { UrlKey } from '../../domain/url-key.js';
import type { Item } from '../table.js';

/** Shards of one day, so that one busy day is not one partition. */
export const feedShards = 8;

/** Bytes of the longest range key: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
export const maxRangeKeyBytes = 1024;

/** The index attributes of one result. A URL without a host has no site and is in `by-time` alone. */
export function feedAttributes(url: UrlKey, order: Instant): Item {
  const attributes: Item = { feed_day: { S: feedDay(order, shardOf(url)) }, order: { N: String(order) } };
  const site = siteOf(url);
  if (site !== null) {
    attributes.site = { S: site };
    attributes.surt = { S: surtOf(url) };
  }
  return attributes;
}

/** `<UTC day>#<shard>`. */
export function feedDay(order: Instant, shard: number): string {
  return `${formatInstant(order).slice(0, 10)}#${shard}`;
}

/** The registrable domain by the public suffix list, else the host itself; null where there is no host. */
export function siteOf(url: string): string | null {
  const host = new URL(url).hostname;
  return host === '' ? null : (getDomain(host, { allowPrivateDomains: true }) ?? host);
}

/**
 * The sort-friendly form that CDX servers use: `com,example,www)/path?query`, port after the host, scheme left out.
 * Cut at a range key's limit.
 */
export function surtOf(url: string): string {
  const { hostname, port, pathname, search } = new URL(url);
  const isAddress = /^[\d.]+$|^\[/.test(hostname);
  const host = isAddress ? hostname : hostname.split('.').reverse().join(',');
  const surt = `${host}${port === '' ? '' : `:${port}`})${pathname}${search}`;
  const bytes = Buffer.from(surt);
  return bytes.byteLength <= maxRangeKeyBytes ? surt : cutUtf8(bytes, maxRangeKeyBytes);
}

function shardOf(url: string): number {
  return createHash('sha256').update(url).digest().readUInt32BE(0) % feedShards;
}

function cutUtf8(bytes: Buffer, limit: number): string {
  let end = limit;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}
