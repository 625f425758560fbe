// The document layout: one item per URL, as Crawl4AI's own Python managers create and read it.
import { createHash } from 'node:crypto';
import { partsOfKey } from '../../domain/result-key.js';
import { maxPartitionKeyBytes } from '../../domain/url-key.js';
import { healthKeys } from '../table.js';
import { projectionOf } from './attributes.js';
import { decodeHead } from './decode-head.js';
import type { Layout } from './layout.js';

/** Key `url`. Versions are not kept; the health probe and the parts have keys that no URL can be. */
export const documentLayout: Layout = {
  name: 'document',
  maxUrlBytes: maxPartitionKeyBytes,
  headKey(key) {
    const parts = partsOfKey(key);
    if (parts.kind === 'latest') return { url: { S: parts.url } };
    if (parts.kind === 'health') return healthKeys.document;
    return { url: { S: `crawlgate-version:${sha256(parts.url)}:${parts.versionId}` } };
  },
  projection: projectionOf,
  decode(key, item, wanted) {
    const parts = partsOfKey(key);
    if (parts.kind === 'health') throw new RangeError('the health probe has no item');
    return decodeHead(parts.url, item, wanted);
  },
  partKey(url, ref, chunk) {
    return { url: { S: `crawlgate-part:${sha256(url)}:${ref.hash}:${ref.writeId}:${chunk}` } };
  },
};

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
