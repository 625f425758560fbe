// Joins two readings of one key without ever mixing two writes.
import { type CrawlResult, groupOfName, type StoredResult } from './crawl-result.js';
import { type FieldName, includes, union } from './fields.js';
import { PackedText } from './packed-text.js';

/** `newer` completed with what `older` knows of the very same write; where the writes differ, `newer` alone. */
export function mergeStored(older: StoredResult, newer: StoredResult): StoredResult {
  return {
    success: mergeRecord(older.success, newer.success),
    failure: mergeRecord(older.failure, newer.failure),
  };
}

function mergeRecord(older: CrawlResult | null, newer: CrawlResult | null): CrawlResult | null {
  if (older === null || newer === null || older.version !== newer.version) return newer;
  if (older.groups === newer.groups && !holdsPacked(older)) return newer;
  return {
    ...newer,
    title: newer.title ?? older.title,
    sizeBytes: newer.sizeBytes ?? older.sizeBytes,
    truncatedFields: newer.truncatedFields ?? older.truncatedFields,
    groups: union(older.groups, newer.groups),
    fields: new Map([...older.fields, ...[...newer.fields].filter(([name]) => !isPackedIn(older, name))]),
    failed: mergeFailed(older, newer),
    // A head alone need not say what a whole record says.
    addedFields: newer.addedFields.size > 0 ? newer.addedFields : older.addedFields,
  };
}

/** Of one write a packed value says what a plain one says, in fewer bytes: memory packs what is asked for again. */
function isPackedIn(record: CrawlResult, name: FieldName): boolean {
  return record.fields.get(name) instanceof PackedText;
}

function holdsPacked(record: CrawlResult): boolean {
  return [...record.fields.keys()].some((name) => isPackedIn(record, name));
}

// A group's failures are those of the reading that has the group: `newer` if both have it or neither.
function mergeFailed(older: CrawlResult, newer: CrawlResult): CrawlResult['failed'] {
  const isOlders = (name: Parameters<typeof groupOfName>[0]): boolean =>
    includes(older.groups, groupOfName(name)) && !includes(newer.groups, groupOfName(name));
  return new Map([
    ...[...older.failed].filter(([name]) => isOlders(name)),
    ...[...newer.failed].filter(([name]) => !isOlders(name)),
  ]);
}
