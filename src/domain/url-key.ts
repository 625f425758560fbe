// The key of everything: a URL exactly as it was given, checked and never normalised.
import { CrawlgateError } from '../errors.js';

/** A checked URL, byte for byte as given. That is how Crawl4AI's own writers store it. */
export type UrlKey = string & { readonly __brand: 'UrlKey' };

/** Bytes of the largest partition key: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
export const maxPartitionKeyBytes = 2048;

/** What the gateway's own items are keyed by; no URL may begin so. */
export const reservedPrefix = 'crawlgate-';

/**
 * Checks that `url` can be a key.
 * @param maxBytes UTF-8 bytes the table's layout leaves for a URL, at most 2,048.
 * @throws CrawlgateError BAD_USER_INPUT for an empty, relative or over-long URL, a lone surrogate, or a reserved key.
 */
export function toUrlKey(url: string, maxBytes: number = maxPartitionKeyBytes): UrlKey {
  if (url === '') throw refused('A URL is needed; it is empty.');
  if (!url.isWellFormed()) throw refused('The URL holds a lone surrogate, which UTF-8 cannot write.');
  if (Buffer.byteLength(url) > maxBytes) {
    throw refused(`The URL is ${Buffer.byteLength(url)} bytes long; a key is at most ${maxBytes} bytes.`);
  }
  // The URL parser would trim leading spaces and control characters; the key would keep them.
  if (!/^[a-z]/i.test(url) || !URL.canParse(url)) throw refused('The URL is not an absolute URL.');
  if (url.startsWith(reservedPrefix)) throw refused(`URLs that begin with ${reservedPrefix} are the gateway's own.`);
  return url as UrlKey;
}

function refused(message: string): CrawlgateError<'BAD_USER_INPUT'> {
  return new CrawlgateError('BAD_USER_INPUT', message, { argument: 'url' });
}
