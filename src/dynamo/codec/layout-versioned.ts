// The versioned layout: a small head, its parts and earlier versions under one partition key.
import { partsOfKey } from '../../domain/result-key.js';
import { maxPartitionKeyBytes } from '../../domain/url-key.js';
import { healthKeys, type Item } from '../table.js';
import { decodeHead } from './decode-head.js';
import type { Layout } from './layout.js';

/** Before the URL in every partition key. */
export const urlPrefix = 'URL#';

/** Keys `pk` and `sk`. A head is small, so it is always read whole: what is not in it lies in parts. */
export const versionedLayout: Layout = {
  name: 'versioned',
  maxUrlBytes: maxPartitionKeyBytes - urlPrefix.length,
  headKey(key) {
    const parts = partsOfKey(key);
    if (parts.kind === 'health') return healthKeys.versioned;
    return {
      pk: { S: `${urlPrefix}${parts.url}` },
      sk: { S: parts.kind === 'latest' ? 'LATEST' : `VERSION#${parts.versionId}` },
    };
  },
  projection: () => null,
  decode(key, item, wanted) {
    const parts = partsOfKey(key);
    if (parts.kind === 'health') throw new RangeError('the health probe has no item');
    return decodeHead(parts.url, flattened(item), wanted);
  },
  partKey(url, ref, chunk) {
    return { pk: { S: `${urlPrefix}${url}` }, sk: { S: `PART#${ref.hash}#${ref.writeId}#${chunk}` } };
  },
};

/** Other programs put a result's fields into a map `data`; what stands beside it is theirs to say about it. */
function flattened(item: Item): Item {
  const data = item.write_id === undefined ? item.data?.M : undefined;
  if (data === undefined) return item;
  const { data: _, ...beside } = item;
  return { ...data, ...beside };
}
