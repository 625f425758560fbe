// What a layout answers: which keys make one result, which attributes are needed, and what an item says.
import type { StoredResult } from '../../domain/crawl-result.js';
import type { FieldGroups, FieldName } from '../../domain/fields.js';
import type { ResultKey } from '../../domain/result-key.js';
import type { UrlKey } from '../../domain/url-key.js';
import type { Item, LayoutName } from '../table.js';
import type { PartRef } from './part-ref.js';

/** A field whose packed bytes lie in parts; `rest` is everything of a failure that is not in the head. */
export interface PartNeed {
  readonly record: 'success' | 'failure';
  readonly field: FieldName | 'rest';
  readonly ref: PartRef;
}

/** What a head item says, and what else must be read for the groups that are wanted. */
export interface DecodedHead {
  readonly stored: StoredResult;
  readonly parts: readonly PartNeed[];
  /** Groups that turned out to be needed as well: the head is to be read again with them. */
  readonly needs: FieldGroups;
}

/** One way for results to lie in a table. */
export interface Layout {
  readonly name: LayoutName;
  /** UTF-8 bytes of the longest URL it can key. */
  readonly maxUrlBytes: number;
  /** The primary key of a key's head item. */
  headKey(key: ResultKey): Item;
  /** The attributes to ask for, without the key's own; null for the whole item. */
  projection(wanted: FieldGroups): readonly string[] | null;
  decode(key: ResultKey, item: Item, wanted: FieldGroups): DecodedHead;
  /** The primary key of one part item; `chunk` counts from 0. */
  partKey(url: UrlKey, ref: PartRef, chunk: number): Item;
}
