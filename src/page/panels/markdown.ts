// A result's Markdown as a document: rendered by marked, let through by DOMPurify, its links leading to lookups.
import { h } from '../dom.js';
import type { Panel } from '../panel.js';
import { capNote, laidOutMost } from '../pieces.js';
import { type MarkdownPart, markdownSelection } from '../queries.js';

/** The rendered document. */
export const markdownPanel: Panel = async ({ url, part }) => {
  const found = await part<MarkdownPart>(markdownSelection);
  const text = found?.markdown?.rawMarkdown ?? '';
  if (text.trim() === '') return [h('p', { class: 'empty' }, 'No Markdown is stored.')];
  const { renderMarkdown } = await import('../render-markdown.js');
  return [capNote(text), h('article', { class: 'prose' }, renderMarkdown(text.slice(0, laidOutMost), url))];
};
