// Names one stored thing among all results: a URL's latest result, one of its versions, or the health probe.
import type { UrlKey } from './url-key.js';

/** A string, so that it can be a Map key: equal keys are equal strings. */
export type ResultKey = string & { readonly __brand: 'ResultKey' };

/** A key taken apart. `versionId` is `<createdAt>#<8 hex of the content hash>`. */
export type ResultKeyParts =
  | { readonly kind: 'latest'; readonly url: UrlKey }
  | { readonly kind: 'version'; readonly url: UrlKey; readonly versionId: string }
  | { readonly kind: 'health' };

/** No URL begins with U+0000 (see toUrlKey), so these can never be mistaken for one. */
const versionMark = '\u0000v';

/** The reserved key that no URL can be; reading it shows that the store answers. */
export const healthKey = '\u0000health' as ResultKey;

/** The key of the newest stored result of a URL. */
export function latestKey(url: UrlKey): ResultKey {
  return url as string as ResultKey;
}

/** The key of one earlier result of a URL. */
export function versionKey(url: UrlKey, versionId: string): ResultKey {
  return `${versionMark}${versionId}\u0000${url}` as ResultKey;
}

/** Takes a key apart again. */
export function partsOfKey(key: ResultKey): ResultKeyParts {
  if (key === healthKey) return { kind: 'health' };
  if (!key.startsWith(versionMark)) return { kind: 'latest', url: key as string as UrlKey };
  const end = key.indexOf('\u0000', versionMark.length);
  return {
    kind: 'version',
    url: key.slice(end + 1) as UrlKey,
    versionId: key.slice(versionMark.length, end),
  };
}
