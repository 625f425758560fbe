// What a sample page is described by: its site, its text in a small markdown dialect, and how its crawl went.
import type { SampleResult } from './sample-result.js';

/** One host: what its pages have in common. */
export interface SampleSite {
  /** Scheme and host, without a slash at the end. */
  readonly origin: string;
  readonly name: string;
  readonly language: string;
  /** Text and address (a path of this host, or a whole URL) of the links in every page's head. */
  readonly navigation: readonly (readonly [text: string, href: string])[];
  /** One line in the dialect's inline markup. */
  readonly footer: string;
  /** The Server header. */
  readonly server: string;
  /** Whether its answers carry validators (ETag, Last-Modified) and may be kept. */
  readonly cacheable: boolean;
  /** Whether its links were scored, and the heads of linked pages fetched. */
  readonly linksScored: boolean;
}

/** One page that was crawled with success. */
export interface SamplePage {
  readonly site: SampleSite;
  /** From the slash after the host; not percent-encoded where the link to it is not. */
  readonly path: string;
  /** The URL that was asked for, where it led here by a redirect. The result is stored under it. */
  readonly askedAs?: string;
  readonly title: string;
  readonly description: string;
  readonly keywords?: string;
  readonly author?: string;
  readonly language?: string;
  readonly direction?: 'rtl';
  /** The picture that other sites show with a link to this page. */
  readonly image?: string;
  /**
   * Blocks between empty lines: paragraphs, `## ` headings, `- ` and `1. ` lists, `> ` quotations, ``` code, tables with
   * `|` (the line `Table: …` above is the caption), and pictures, films and sounds as `![alt|width](src "caption")`.
   * Inline: `[text](href "title")`, `**strong**`, `*emphasis*`, `` `code` ``.
   * A function where the text is computed, which importing a module must not do.
   */
  readonly body: string | (() => string);
  readonly crawledHoursAgo: number;
  /** How long before the crawl the page was last changed. */
  readonly modifiedDaysBefore: number;
  /** False where the crawl ran without a content filter, so that there is no `fit` text. */
  readonly contentFilter?: false;
  /** What the crawl found besides the page itself. */
  readonly crawl?: Partial<SampleResult>;
}

/** One crawl that failed. */
export interface SampleFailure {
  readonly url: string;
  readonly crawledHoursAgo: number;
  /** Null where no answer came. */
  readonly statusCode: number | null;
  readonly errorMessage: string;
  /** The error page, if one came. */
  readonly html?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly sessionId?: string;
}

/** The URL of a page: exactly its site and path. */
export function urlOf(page: Pick<SamplePage, 'site' | 'path'>): string {
  return page.site.origin + page.path;
}
