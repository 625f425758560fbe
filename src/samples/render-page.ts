// A sample page or failure as the result that Crawl4AI would have printed for it.
import { parseBlocks } from './blocks.js';
import { collectLinks, collectMedia, collectTables } from './collect.js';
import { type SampleFailure, type SamplePage, urlOf } from './page.js';
import { documentTitle, renderCleaned, renderDocument, renderFit, resolveHref } from './render-html.js';
import { renderFitMarkdown, renderRawMarkdown, withCitations } from './render-markdown.js';
import type { SampleResult } from './sample-result.js';
import { stableDigest, stableNumber } from './stable.js';

const HOUR_MS = 3_600_000;
const JITTER_MS = 50 * 60_000;

const EMPTY = {
  fit_html: null,
  cleaned_html: null,
  media: { images: [], videos: [], audios: [] },
  links: { internal: [], external: [] },
  downloaded_files: null,
  js_execution_result: null,
  screenshot: null,
  pdf: null,
  mhtml: null,
  extracted_content: null,
  metadata: null,
  error_message: null,
  session_id: null,
  ssl_certificate: null,
  dispatch_result: null,
  redirected_url: null,
  redirected_status_code: null,
  network_requests: null,
  console_messages: null,
  tables: [],
  head_fingerprint: null,
  crawl_stats: null,
  markdown: null,
} as const satisfies Partial<SampleResult>;

/** The result of crawling a page with success. */
export function renderPage(page: SamplePage, pagesByUrl: ReadonlyMap<string, SamplePage>, now: Date): SampleResult {
  const url = urlOf(page);
  const blocks = parseBlocks(typeof page.body === 'string' ? page.body : page.body());
  const html = renderDocument(page, blocks);
  const fitHtml = page.contentFilter === false ? null : renderFit(page, blocks);
  const rawMarkdown = renderRawMarkdown(page, blocks);
  const citations = withCitations(rawMarkdown);
  const created = crawlTime(page.askedAs ?? url, page.crawledHoursAgo, now);
  return {
    ...EMPTY,
    url: page.askedAs ?? url,
    html,
    fit_html: fitHtml,
    success: true,
    cleaned_html: renderCleaned(page, blocks),
    media: collectMedia(page, blocks),
    links: collectLinks(page, blocks, pagesByUrl),
    tables: collectTables(blocks),
    markdown: {
      raw_markdown: rawMarkdown,
      markdown_with_citations: citations.text,
      references_markdown: citations.references,
      fit_markdown: page.contentFilter === false ? null : renderFitMarkdown(page, blocks),
      fit_html: fitHtml,
    },
    metadata: metadataOf(page),
    response_headers: headersOf(page, html, created),
    // As Crawl4AI has it: the status and headers of the first answer, the address and status of the last.
    status_code: page.askedAs === undefined ? 200 : 301,
    redirected_url: page.askedAs === undefined ? null : url,
    redirected_status_code: page.askedAs === undefined ? null : 200,
    head_fingerprint: page.site.cacheable ? stableDigest(html.slice(0, html.indexOf('</head>')), 16) : null,
    created_at: withMicroseconds(created, html),
    ...page.crawl,
  };
}

/** The result of a crawl that failed. */
export function renderFailure(failure: SampleFailure, now: Date): SampleResult {
  const created = crawlTime(failure.url, failure.crawledHoursAgo, now);
  return {
    ...EMPTY,
    url: failure.url,
    html: failure.html ?? '',
    success: false,
    status_code: failure.statusCode,
    error_message: failure.errorMessage,
    response_headers: failure.statusCode === null ? null : { date: created.toUTCString(), ...failure.headers },
    session_id: failure.sessionId ?? null,
    created_at: withMicroseconds(created, failure.errorMessage),
  };
}

/** A time as Python writes it: microseconds, and the offset in digits. `text` gives the digits that a Date cannot hold. */
export function withMicroseconds(time: Date, text: string, offset: '+00:00' | '' = '+00:00'): string {
  return time.toISOString().replace('Z', `${String(stableNumber(text, 1000)).padStart(3, '0')}${offset}`);
}

/** Up to 50 minutes earlier than asked, so that the samples do not all share one minute. */
function crawlTime(text: string, hoursAgo: number, now: Date): Date {
  return new Date(now.getTime() - hoursAgo * HOUR_MS - stableNumber(text, JITTER_MS));
}

function metadataOf(page: SamplePage): NonNullable<SampleResult['metadata']> {
  return {
    title: documentTitle(page),
    description: page.description,
    keywords: page.keywords ?? null,
    author: page.author ?? null,
    'og:title': page.title,
    'og:description': page.description,
    'og:type': 'website',
    'og:url': urlOf(page),
    'og:site_name': page.site.name,
    ...(page.image === undefined ? {} : { 'og:image': resolveHref(page.site, page.image) }),
  };
}

function headersOf(page: SamplePage, html: string, created: Date): Readonly<Record<string, string>> {
  // A file has no headers.
  if (!page.site.origin.startsWith('http')) return {};
  if (page.askedAs !== undefined) {
    return { date: created.toUTCString(), server: page.site.server, location: urlOf(page), 'content-length': '0' };
  }
  const modified = new Date(created.getTime() - page.modifiedDaysBefore * 24 * HOUR_MS);
  return {
    date: created.toUTCString(),
    server: page.site.server,
    'content-type': 'text/html; charset=utf-8',
    'content-language': page.language ?? page.site.language,
    vary: 'Accept-Encoding',
    ...(page.site.cacheable
      ? {
          etag: `"${stableDigest(html, 20)}"`,
          'last-modified': modified.toUTCString(),
          'cache-control': 'public, max-age=600',
        }
      : { 'cache-control': 'private, no-cache' }),
  };
}
