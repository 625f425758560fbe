// Which stored field answers which field of the API: the one table for reading, wanting and storing.
import type { FieldName } from '../domain/fields.js';

/** CrawlResult's (and CrawlResultInput's) fields that are stored fields, in Crawl4AI's order. */
export const storedFields = {
  html: 'html',
  cleanedHtml: 'cleaned_html',
  media: 'media',
  links: 'links',
  downloadedFiles: 'downloaded_files',
  jsExecutionResult: 'js_execution_result',
  screenshot: 'screenshot',
  pdf: 'pdf',
  mhtml: 'mhtml',
  fitHtml: 'fit_html',
  extractedContent: 'extracted_content',
  metadata: 'metadata',
  errorMessage: 'error_message',
  sessionId: 'session_id',
  responseHeaders: 'response_headers',
  sslCertificate: 'ssl_certificate',
  dispatchResult: 'dispatch_result',
  redirectedUrl: 'redirected_url',
  networkRequests: 'network_requests',
  consoleMessages: 'console_messages',
  tables: 'tables',
  crawlStats: 'crawl_stats',
  etag: 'etag',
  lastModified: 'last_modified',
  headFingerprint: 'head_fingerprint',
} as const satisfies Record<string, FieldName>;

/** The same for Markdown and MarkdownInput. */
export const storedMarkdownFields = {
  rawMarkdown: 'raw_markdown',
  markdownWithCitations: 'markdown_with_citations',
  referencesMarkdown: 'references_markdown',
  fitMarkdown: 'fit_markdown',
  fitHtml: 'markdown_fit_html',
} as const satisfies Record<string, FieldName>;

/** A field of the API that is a stored field. */
export type StoredFieldName = keyof typeof storedFields;
/** The same for Markdown. */
export type StoredMarkdownFieldName = keyof typeof storedMarkdownFields;
/** Their names, in a fixed order. */
export const storedFieldNames = Object.keys(storedFields) as readonly StoredFieldName[];
/** The same for Markdown. */
export const storedMarkdownFieldNames = Object.keys(storedMarkdownFields) as readonly StoredMarkdownFieldName[];
