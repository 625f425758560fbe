// What a store gives back of a result: nothing null is stored, the required texts always are, the marks beside them.
import type { CrawlResult } from '../../src/domain/crawl-result.js';
import { type FieldName, groups } from '../../src/domain/fields.js';
import type { JsonValue } from '../../src/domain/packed-text.js';
import { requiredTexts, shapeMarks } from '../../src/domain/shape-marks.js';
import type { NewResult } from '../../src/domain/write-many.js';

/** The texts that Crawl4AI's markdown must have. */
export const requiredMarkdown = { raw_markdown: '', markdown_with_citations: '', references_markdown: '' };

/** The record that a store without any other loss would answer. */
export function recordOfNewResult(result: NewResult): CrawlResult {
  const fields = new Map<FieldName, JsonValue>(requiredTexts.map((name) => [name, '']));
  for (const [name, value] of result.fields) {
    // Python's dialect leaves empty maps out.
    const isEmptyMap = name === 'markdown_extra' && JSON.stringify(value) === '{}';
    if (value !== null && !isEmptyMap) fields.set(name, value);
  }
  return {
    url: result.url,
    version: 'v',
    order: result.createdAt,
    success: result.success,
    statusCode: result.statusCode,
    redirectedStatusCode: result.redirectedStatusCode,
    createdAt: result.createdAt,
    updatedAt: result.createdAt,
    validatedAt: null,
    expiresAt: null,
    title: null,
    sizeBytes: 0,
    truncatedFields: [],
    groups: groups.all,
    fields,
    failed: new Map(),
    addedFields: shapeMarks(result),
  };
}
