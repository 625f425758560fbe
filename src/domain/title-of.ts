// The title of a page, which Crawl4AI keeps in the metadata.

import type { FieldValue } from './crawl-result.js';
import { isJsonObject } from './crawl4ai-names.js';
import { PackedText } from './packed-text.js';

/** Null where the metadata, or its packed form, does not say it as a text. */
export function titleOf(metadata: FieldValue): string | null {
  if (metadata instanceof PackedText || !isJsonObject(metadata)) return null;
  const title = Object.hasOwn(metadata, 'title') ? metadata.title : null;
  return typeof title === 'string' && title !== '' ? title : null;
}
