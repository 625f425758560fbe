// Long texts of a remembered result, packed: they take a fifth of the memory, and go into answers as they are.
import type { CrawlResult, FieldValue, StoredResult } from '../domain/crawl-result.js';
import { type FieldName, kindOf } from '../domain/fields.js';
import { checkPacked } from '../domain/packed-check.js';
import { pack } from '../domain/packed-text.js';

/** Characters from which a text is worth packing. JSON is left alone: the API gives its parts, and would unpack it each time. */
const minLength = 16_384;

/** The result with its long texts packed; null where it has none. */
export function compactStored(stored: StoredResult): Promise<StoredResult> | null {
  return longTextsOf(stored.success).length + longTextsOf(stored.failure).length === 0 ? null : compacted(stored);
}

async function compacted({ success, failure }: StoredResult): Promise<StoredResult> {
  return { success: await compactRecord(success), failure: await compactRecord(failure) };
}

async function compactRecord(record: CrawlResult | null): Promise<CrawlResult | null> {
  const texts = longTextsOf(record);
  if (record === null || texts.length === 0) return record;
  const fields = new Map<FieldName, FieldValue>(record.fields);
  for (const [name, text] of texts) {
    const packed = await pack(text);
    // Looked at now, so that no answer has to wait for it.
    if ((await checkPacked(packed)) === 'text') fields.set(name, packed);
  }
  return { ...record, fields };
}

function longTextsOf(record: CrawlResult | null): readonly (readonly [FieldName, string])[] {
  if (record === null) return [];
  return [...record.fields].flatMap(([name, value]) =>
    kindOf(name) === 'text' && typeof value === 'string' && value.length >= minLength ? [[name, value] as const] : [],
  );
}
