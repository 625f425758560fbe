// Markdown: Crawl4AI's five texts of a page, over the same view as the result.

import { storedMarkdownFields } from '../field-names.js';
import { textField } from '../field-values.js';
import type { MarkdownResolvers } from '../generated.js';

/** Resolvers of every field of Markdown. */
export const markdown = {
  rawMarkdown: textField(storedMarkdownFields.rawMarkdown),
  markdownWithCitations: textField(storedMarkdownFields.markdownWithCitations),
  referencesMarkdown: textField(storedMarkdownFields.referencesMarkdown),
  fitMarkdown: textField(storedMarkdownFields.fitMarkdown),
  fitHtml: textField(storedMarkdownFields.fitHtml),
} satisfies MarkdownResolvers;
