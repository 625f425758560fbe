// The shape of a sample: what Crawl4AI's CrawlResult.model_dump(mode="json") prints, and when it was stored.
import type { JsonValue } from '../domain/packed-text.js';

/** One link as Crawl4AI's scraper lists it. */
export type SampleLink = {
  readonly href: string;
  readonly text: string;
  readonly title: string;
  readonly base_domain: string;
  readonly head_data: { readonly [key: string]: JsonValue } | null;
  readonly head_extraction_status: string | null;
  readonly head_extraction_error: string | null;
  readonly intrinsic_score: number | null;
  readonly contextual_score: number | null;
  readonly total_score: number | null;
};

/** One image, video or audio as Crawl4AI's scraper lists it. */
export type SampleMediaItem = {
  readonly src: string;
  readonly data: string;
  readonly alt: string;
  readonly desc: string;
  readonly score: number;
  readonly type: 'image' | 'video' | 'audio';
  readonly group_id: number;
  readonly format: string | null;
  readonly width: number | null;
};

/** One data table. */
export type SampleTable = {
  readonly headers: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly caption: string;
  readonly summary: string;
  readonly metadata: { readonly [key: string]: JsonValue };
};

/** The four texts of Crawl4AI's markdown generator, and the HTML that the filtered one was made from. */
export type SampleMarkdown = {
  readonly raw_markdown: string;
  readonly markdown_with_citations: string;
  readonly references_markdown: string;
  readonly fit_markdown: string | null;
  readonly fit_html: string | null;
};

/** One crawl of one URL. Every key is there, null where Crawl4AI has None. */
export type SampleResult = {
  readonly url: string;
  readonly html: string;
  readonly fit_html: string | null;
  readonly success: boolean;
  readonly cleaned_html: string | null;
  readonly media: {
    readonly images: readonly SampleMediaItem[];
    readonly videos: readonly SampleMediaItem[];
    readonly audios: readonly SampleMediaItem[];
  };
  readonly links: { readonly internal: readonly SampleLink[]; readonly external: readonly SampleLink[] };
  readonly downloaded_files: readonly string[] | null;
  readonly js_execution_result: { readonly [key: string]: JsonValue } | null;
  readonly screenshot: string | null;
  readonly pdf: string | null;
  readonly mhtml: string | null;
  readonly extracted_content: string | null;
  readonly metadata: { readonly [key: string]: JsonValue } | null;
  readonly error_message: string | null;
  readonly session_id: string | null;
  readonly response_headers: { readonly [name: string]: string } | null;
  readonly status_code: number | null;
  readonly ssl_certificate: { readonly [key: string]: JsonValue } | null;
  readonly dispatch_result: { readonly [key: string]: JsonValue } | null;
  readonly redirected_url: string | null;
  readonly redirected_status_code: number | null;
  readonly network_requests: readonly { readonly [key: string]: JsonValue }[] | null;
  readonly console_messages: readonly { readonly [key: string]: JsonValue }[] | null;
  readonly tables: readonly SampleTable[];
  readonly head_fingerprint: string | null;
  readonly crawl_stats: { readonly [key: string]: JsonValue } | null;
  readonly markdown: SampleMarkdown | null;
  /** ISO 8601 with microseconds and offset, as Python's `datetime.now(timezone.utc).isoformat()` writes it. */
  readonly created_at: string;
};
