// The pages as Crawl4AI's model_dump() prints crawl results: a hundred URLs, so that pages come again where there are fewer.
import { loadPages } from './pages.js';

/**
 * @typedef {object} CrawlDocument
 * @property {string} url
 * @property {boolean} success
 * @property {number} status_code
 * @property {string} created_at
 * @property {string} html
 * @property {string} cleaned_html
 * @property {{ raw_markdown: string }} markdown
 * @property {{ title: string, description: string }} metadata
 */

/** The URLs of one large answer. */
export const documentCount = 100;

/** @returns {{ origin: string, pageCount: number, documents: readonly CrawlDocument[] }} */
export function loadDocuments() {
  const { origin, htmls } = loadPages();
  const documents = Array.from({ length: documentCount }, (_, index) =>
    documentOf(urlOf(index), htmls[index % htmls.length], index),
  );
  return { origin, pageCount: Math.min(htmls.length, documentCount), documents };
}

/** @param {number} index */
export function urlOf(index) {
  return `https://www.bench-${index % 7}.example/articles/2026/${String(index).padStart(3, '0')}`;
}

/**
 * @param {string} url
 * @param {string} html
 * @param {number} index
 * @returns {CrawlDocument}
 */
export function documentOf(url, html, index) {
  const cleaned = cleanedHtmlOf(html);
  return {
    url,
    success: true,
    status_code: 200,
    created_at: `2026-05-${String((index % 28) + 1).padStart(2, '0')}T12:30:00.${100 + index}Z`,
    html,
    cleaned_html: cleaned,
    markdown: { raw_markdown: markdownOf(cleaned) },
    metadata: { title: titleOf(html, index), description: 'A page of the benchmark.' },
  };
}

/** @param {string} html @param {number} index */
function titleOf(html, index) {
  const title = /<title[^>]*>([^<]{1,80})/i.exec(html)?.[1]?.trim().toWellFormed?.();
  return title === undefined || title === '' ? `Page ${index}` : title;
}

/** Without scripts, styles, comments and most attributes, as Crawl4AI leaves it. @param {string} html */
function cleanedHtmlOf(html) {
  return html
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<(script|style|noscript|svg)\b[\s\S]*?<\/\1>/gi, '')
    .replace(/ (?!href|src|alt)[a-z-]+="[^"]*"/gi, '');
}

/** @param {string} cleaned */
function markdownOf(cleaned) {
  return cleaned
    .replace(/<a\b[^>]*href="([^"]*)"[^>]*>([^<]*)<\/a>/gi, '[$2]($1)')
    .replace(/<h([1-6])[^>]*>/gi, (_, level) => `\n${'#'.repeat(Number(level))} `)
    .replace(/<[^>]*>/g, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/\s*\n\s*/g, '\n\n');
}
