// Where Crawl4AI keeps its cache, and the columns whose texts lie in files beside the database.
import { join } from 'node:path';

/** A cache: the database, and the folder that holds it and the folders of texts. */
export interface CachePaths {
  readonly folder: string;
  readonly database: string;
}

/**
 * The cache in a folder that is `.crawl4ai` itself, or that holds one.
 * @param base CRAWL4_AI_BASE_DIRECTORY: the folder that holds `.crawl4ai`; null: the user's home.
 */
export function cachePaths(base: string | null, home: string): CachePaths {
  return cacheIn(join(base ?? home, '.crawl4ai'));
}

/** The cache whose folder this is: what `--from` names. A path of the database itself names its folder. */
export function cacheIn(path: string): CachePaths {
  const folder = path.endsWith('.db') ? join(path, '..') : path;
  return { folder, database: path.endsWith('.db') ? path : join(folder, 'crawl4ai.db') };
}

/** Columns that hold a content hash, and the folder of the files that it names: Crawl4AI's `ensure_content_dirs`. */
export const contentFolders = {
  html: 'html_content',
  cleaned_html: 'cleaned_html',
  markdown: 'markdown_content',
  extracted_content: 'extracted_content',
  screenshot: 'screenshots',
} as const;

/** A column that holds a content hash, or in very old databases the text itself. */
export type ContentColumn = keyof typeof contentFolders;

/** These columns, in a fixed order. */
export const contentColumns = Object.keys(contentFolders) as readonly ContentColumn[];
