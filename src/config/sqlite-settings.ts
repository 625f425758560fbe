// Settings of the stores that read Crawl4AI's own cache.
import { flag, patternOrNull, whole } from './kinds.js';

/** The shape of these settings. */
export const sqliteSettings = {
  crawl4aiBase: patternOrNull(
    ['CRAWL4_AI_BASE_DIRECTORY'],
    "Folder that holds `.crawl4ai`, Crawl4AI's cache in SQLite; unset is the home folder.",
    /\S/,
    'a path',
  ),
  migrationPct: whole(
    ['DYNAMODB_MIGRATION_PCT'],
    'Of the hybrid store, and unset with any other: per cent of URLs that DynamoDB answers for.',
    { default: 0, min: 0, max: 100 },
  ),
  forceDynamodb: flag(
    ['FORCE_DYNAMODB'],
    'Of the hybrid store, and unset with any other: true is 100 per cent, whatever DYNAMODB_MIGRATION_PCT says.',
    false,
  ),
  forceSqlite: flag(
    ['FORCE_SQLITE'],
    'Of the hybrid store, and unset with any other: true is 0 per cent, whatever the two above say.',
    false,
  ),
  copyWaitMs: whole(
    ['CRAWLGATE_COPY_WAIT_MS'],
    'Of the hybrid store: time that a stored result waits for its copy to the other store before it is acknowledged.',
    { default: 250, min: 0, max: 60_000, unit: 'milliseconds' },
  ),
} as const;
