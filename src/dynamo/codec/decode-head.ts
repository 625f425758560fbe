// A head item as both of its records, with the parts that they name.
import { type FieldGroups, groups } from '../../domain/fields.js';
import type { UrlKey } from '../../domain/url-key.js';
import type { Item } from '../table.js';
import { isPending } from '../writing/pending-head.js';
import { decodeFailure } from './decode-failure.js';
import { decodeRecord } from './decode-record.js';
import type { DecodedHead, PartNeed } from './layout.js';

/** Decodes the head of `url`: its own record, and the later failure beside it. */
export function decodeHead(url: UrlKey, item: Item, wanted: FieldGroups): DecodedHead {
  if (wanted === groups.none || isPending(item))
    return { stored: { success: null, failure: null }, parts: [], needs: groups.none };
  const own = decodeRecord(url, item, wanted);
  const later = own.result.success ? decodeFailure(url, item, wanted) : null;
  const parts: PartNeed[] = [];
  for (const [field, ref] of own.parts) {
    parts.push({ record: own.result.success ? 'success' : 'failure', field, ref });
  }
  if (later !== null && later.rest !== null) parts.push({ record: 'failure', field: 'rest', ref: later.rest });
  return {
    stored: own.result.success
      ? { success: own.result, failure: later?.result ?? null }
      : { success: null, failure: own.result },
    parts,
    needs: own.needs,
  };
}
