// What a layout asks of the items written into it.
import { partsOfKey, type ResultKey } from '../../domain/result-key.js';
import type { Item } from '../table.js';
import { failureRoomBytes } from './encode-failure.js';
import type { EncodeRules } from './encode-record.js';
import type { Dialect } from './encode-value.js';
import { maxItemBytes } from './item-size.js';
import type { Layout } from './layout.js';

/** Bytes of a head of the versioned layout: half a read unit, less the room for a later failure. */
const maxVersionedHeadBytes = 4096 - failureRoomBytes;

/** Bytes of an item of the document layout: DynamoDB's limit, less 4 KB of room for a later failure. */
const maxDocumentBytes = maxItemBytes - 4096;

/** The rules for the item under `key`. */
export function encodeRulesOf(layout: Layout, key: ResultKey, dialect: Dialect): EncodeRules {
  if (layout.name === 'document') {
    return {
      dialect,
      maxBytes: maxDocumentBytes,
      mayHoldPacked: true,
      isForPython: true,
      key: layout.headKey(key),
    };
  }
  return {
    dialect: 'maps',
    maxBytes: maxVersionedHeadBytes,
    mayHoldPacked: false,
    isForPython: false,
    key: { ...layout.headKey(key), entity_type: { S: 'crawl_result' }, ...urlAttribute(key) },
  };
}

// For whoever looks at the table; the partition key says it too, and a long URL said twice would fill the head.
function urlAttribute(key: ResultKey): Item {
  const parts = partsOfKey(key);
  return parts.kind === 'health' || parts.url.length > 512 ? {} : { url: { S: parts.url } };
}
