// What a stored item cannot say by its fields alone about what was given: marks, stored beside it as CrawlResult.addedFields.
import { markdownFieldNames } from './fields.js';
import type { NewResult } from './write-many.js';

/** The mark of a `markdown` that was given as a plain text. */
export const markdownIsTextMark = 'markdown-is-text';

/** The mark of a markdown that was not given at all. */
export const noMarkdownMark = 'markdown';

/** The texts without which Crawl4AI's `CrawlResult(**item)` raises: every writer puts them, empty where none was given. */
export const requiredTexts = ['html', 'raw_markdown', 'markdown_with_citations', 'references_markdown'] as const;

/** The mark of a field or scalar that was given as null; the store itself holds no nulls. */
export function nullMark(name: string): `null:${string}` {
  return `null:${name}`;
}

/**
 * The marks of a result: names of fields that are stored though they were not given (the required texts, what was derived
 * from other fields), `markdown` where none was given, `null:<name>` for explicit nulls, and `markdown-is-text`.
 */
export function shapeMarks(result: NewResult): ReadonlySet<string> {
  const marks = new Set<string>();
  for (const name of requiredTexts) if (!result.fields.has(name)) marks.add(name);
  for (const name of result.derivedFields) marks.add(name);
  for (const name of result.nullScalars) marks.add(nullMark(name));
  for (const [name, value] of result.fields) if (value === null) marks.add(nullMark(name));
  if (result.markdownIsText) marks.add(markdownIsTextMark);
  if (!hasMarkdown(result)) marks.add(noMarkdownMark);
  return marks;
}

function hasMarkdown({ fields, nullScalars }: NewResult): boolean {
  if (nullScalars.has('markdown') || fields.has('markdown_extra')) return true;
  return markdownFieldNames.some((name) => fields.has(name));
}
