// A result as a row of Crawl4AI's table: its texts for the files beside the database, everything else in columns.
import type { FieldName } from '../domain/fields.js';
import type { JsonValue } from '../domain/packed-text.js';
import type { NewResult } from '../domain/write-many.js';
import { CrawlgateError } from '../errors.js';
import type { ContentColumn } from './cache-paths.js';
import type { SqliteValue } from './sqlite-messages.js';

/** The texts, and the columns that hold no hash. */
export interface EncodedRow {
  readonly texts: Readonly<Record<ContentColumn, string>>;
  readonly columns: Readonly<Record<string, SqliteValue>>;
}

/**
 * As Crawl4AI's `acache_url` puts it. What `crawled_data` has no column for (status codes, error messages, files of other
 * kinds) is not in it.
 * @throws CrawlgateError BAD_USER_INPUT for a text that UTF-8, and so a file of Crawl4AI, cannot hold.
 */
export function encodeRow(result: NewResult): EncodedRow {
  const { fields } = result;
  const text = (name: FieldName): string => {
    const value = fields.get(name);
    if (typeof value !== 'string') return '';
    if (value.isWellFormed()) return value;
    const message = `${name} holds a lone surrogate, which a file of the SQLite cache cannot.`;
    throw new CrawlgateError('BAD_USER_INPUT', message, { argument: name });
  };
  const json = (name: FieldName, empty: JsonValue): string => JSON.stringify(fields.get(name) ?? empty);
  return {
    texts: {
      html: text('html'),
      cleaned_html: text('cleaned_html'),
      markdown: text('raw_markdown'),
      extracted_content: text('extracted_content'),
      screenshot: text('screenshot'),
    },
    columns: {
      url: result.url,
      success: result.success ? 1 : 0,
      media: json('media', {}),
      links: json('links', {}),
      metadata: json('metadata', {}),
      response_headers: json('response_headers', {}),
      downloaded_files: json('downloaded_files', []),
      etag: text('etag'),
      last_modified: text('last_modified'),
      head_fingerprint: text('head_fingerprint'),
      // Seconds; a double holds the microseconds of our century.
      cached_at: result.createdAt / 1_000_000,
    },
  };
}
