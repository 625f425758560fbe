// Gives a URL of which a table holds only versions, as other programs write them, its LATEST head.
import type { AbortSignalLike } from '../../domain/abort.js';
import type { CrawlResult, StoredResult } from '../../domain/crawl-result.js';
import { newResultOfCrawl4ai } from '../../domain/crawl4ai-input.js';
import { crawl4aiOf } from '../../domain/crawl4ai-output.js';
import { groups } from '../../domain/fields.js';
import { type Instant, parseInstant } from '../../domain/instant.js';
import { plainWantFor, type ReadMany } from '../../domain/read-many.js';
import { type ResultKey, versionKey } from '../../domain/result-key.js';
import type { UrlKey } from '../../domain/url-key.js';
import type { NewResult, ResultWriters } from '../../domain/write-many.js';
import { CrawlgateError } from '../../errors.js';
import type { ListVersions } from '../feed/versions.js';

/** What making heads needs. `put` keeps no versions: those are there already. */
export interface MakeHeadDeps {
  readonly read: ReadMany<ResultKey, StoredResult>;
  readonly put: ResultWriters['put'];
  readonly listVersions: ListVersions;
  readonly maxUrlBytes: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Versions of a URL among which its newest success is looked for, newest first. */
const maxVersions = 500;

/** Versions read in one call. */
const versionsPerRead = 25;

const secondsOfDay = 86_400;

/**
 * Writes the head: the newest success, and a newer failure beside it; of failures alone the newest.
 * @returns whether there was a version to make it of. Rejects with a CrawlgateError.
 */
export async function makeHead(deps: MakeHeadDeps, url: UrlKey, signal: AbortSignalLike): Promise<boolean> {
  const ids = await deps.listVersions(
    url,
    { newestFirst: true, from: null, limit: maxVersions, consistent: true },
    { signal },
  );
  if (ids instanceof CrawlgateError) throw ids;
  const chosen = await newestOf(deps, url, ids, signal);
  for (const id of chosen) {
    const [record] = await readVersions(deps, url, [id], groups.all, signal);
    if (record === undefined) continue;
    const [outcome] = await deps.put({ inputs: [await inputOf(deps, id, record)], signal });
    // Somebody else wrote a head meanwhile: it stands.
    if (outcome?.kind === 'failed' && outcome.error.code !== 'SUPERSEDED') throw outcome.error;
  }
  return chosen.length > 0;
}

/** The ids of the records that make the head, oldest first. */
async function newestOf(
  deps: MakeHeadDeps,
  url: UrlKey,
  ids: readonly string[],
  signal: AbortSignalLike,
): Promise<readonly string[]> {
  let failure: string | null = null;
  for (let start = 0; start < ids.length; start += versionsPerRead) {
    const page = ids.slice(start, start + versionsPerRead);
    const records = await readVersions(deps, url, page, groups.head, signal);
    for (const [index, id] of page.entries()) {
      const record = records[index];
      if (record?.success === true) return failure === null ? [id] : [id, failure];
      if (record !== undefined) failure ??= id;
    }
  }
  return failure === null ? [] : [failure];
}

/** Each version's own record; undefined where it has expired or gone. */
async function readVersions(
  deps: MakeHeadDeps,
  url: UrlKey,
  ids: readonly string[],
  wanted: typeof groups.all,
  signal: AbortSignalLike,
): Promise<readonly (CrawlResult | undefined)[]> {
  const keys = ids.map((id) => versionKey(url, id));
  const outcomes = await deps.read({ keys, want: plainWantFor(wanted, 'STRONG'), signal });
  return keys.map((key) => {
    const outcome = outcomes.get(key);
    if (outcome?.kind === 'failed') throw outcome.error;
    return outcome?.kind === 'found' ? (outcome.value.success ?? outcome.value.failure ?? undefined) : undefined;
  });
}

/** The version as it would be given to be stored, with the time and, in whole days, the life that it has. */
async function inputOf(deps: MakeHeadDeps, id: string, record: CrawlResult): Promise<NewResult> {
  const nowMs = deps.now();
  const createdAt = record.createdAt ?? momentOf(id);
  if (createdAt === null) throw malformed(record.url, 'has no time');
  const seconds = (record.expiresAt ?? 0) - nowMs / 1000;
  return newResultOfCrawl4ai(await crawl4aiOf(record), {
    nowMs,
    createdAt,
    // 0 would be for ever: what expires while it is read lives a day longer.
    ttlDays: record.expiresAt === null ? 0 : Math.max(1, Math.ceil(seconds / secondsOfDay)),
    maxUrlBytes: deps.maxUrlBytes,
  });
}

function momentOf(id: string): Instant | null {
  return parseInstant(id.split('#')[0] ?? '');
}

function malformed(url: UrlKey, what: string): CrawlgateError {
  return new CrawlgateError('MALFORMED_ITEM', `The newest version ${what}.`, { url, attribute: 'created_at' });
}
