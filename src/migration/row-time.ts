// When a row was crawled, as far as its cache knows.
import { stat } from 'node:fs/promises';
import { type Instant, instantOfMillis, instantOfSeconds } from '../domain/instant.js';
import { type CachePaths, contentColumns } from './cache-paths.js';
import type { ContentFiles } from './content-files.js';
import { textOf } from './decode-row.js';
import type { SqliteRow } from './sqlite-messages.js';

/** The time, and whether it is the row's own: one that was guessed decides nothing against a stored result. */
export interface RowTime {
  readonly createdAt: Instant;
  readonly isOwn: boolean;
}

/** `cached_at` where it is above 0, else the time of the newest of its content files, else the database's. */
export async function timeOfRow(row: SqliteRow, files: ContentFiles, paths: CachePaths): Promise<RowTime> {
  const cachedAt = Number(row.cached_at ?? 0);
  // Beyond 2255 a moment has no microseconds that JavaScript could count; such a time says nothing.
  const own = instantOfSeconds(cachedAt);
  if (cachedAt > 0 && Number.isSafeInteger(own)) return { createdAt: own, isOwn: true };
  const times = await Promise.all(contentColumns.map((column) => files.time(column, textOf(row[column]))));
  const newest = Math.max(...times.map((time) => time ?? Number.NEGATIVE_INFINITY));
  const millis = Number.isFinite(newest) ? newest : (await stat(paths.database)).mtimeMs;
  return { createdAt: instantOfMillis(millis), isOwn: false };
}
