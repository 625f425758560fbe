// The made-up web that a new embedded table is filled with, so that there is something to look at in the first minute.
import { docsPages } from './content/docs.js';
import { failures } from './content/failures.js';
import { filePages } from './content/files.js';
import { journalPages } from './content/journal.js';
import { museumPages } from './content/museum.js';
import { collectionPages } from './content/museum-collection.js';
import { exhibitionPages } from './content/museum-exhibitions.js';
import { languagePages } from './content/museum-languages.js';
import { shopPages } from './content/shop.js';
import { type SamplePage, urlOf } from './page.js';
import { renderFailure, renderPage } from './render-page.js';
import type { SampleResult } from './sample-result.js';

/**
 * A few dozen crawl results, oldest first, from about 20 days before `now` on. The same `now` gives the same results. One
 * URL is there twice: it was crawled with success and then failed.
 */
export function sampleResults(now: Date): readonly SampleResult[] {
  const pages: readonly SamplePage[] = [
    ...museumPages,
    ...exhibitionPages,
    ...collectionPages,
    ...languagePages,
    ...journalPages,
    ...shopPages,
    ...docsPages,
    ...filePages,
  ];
  const pagesByUrl = new Map(pages.map((page) => [urlOf(page), page]));
  const results = [
    ...pages.map((page) => renderPage(page, pagesByUrl, now)),
    ...failures.map((failure) => renderFailure(failure, now)),
  ];
  return results.sort((one, other) => (one.created_at < other.created_at ? -1 : 1));
}
