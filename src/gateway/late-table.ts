// The results table as far as it is known: found at the start, or later where DynamoDB was down then.
import { allowManyListeners } from '../domain/abort.js';
import { everyKey, type ReadMany } from '../domain/read-many.js';
import type { WriteMany } from '../domain/write-many.js';
import { CrawlgateError } from '../errors.js';

/** A table that may not be known yet. */
export interface LateTable<Found> {
  /** What was found; null as long as nothing was. */
  known(): Found | null;
  /** What was found, looking now if need be. Rejects with a CrawlgateError. */
  get(): Promise<Found>;
}

/** A failure stands for this many milliseconds before it is looked again: lookups must not hammer a store that is down. */
const againMs = 1_000;

/** Looks with `find`, one look at a time, until it succeeds once. */
export function createLateTable<Found>(deps: {
  /** Rejects with a CrawlgateError where the table cannot be found now. */
  readonly find: () => Promise<Found>;
  readonly onFound: (found: Found) => void;
  /** Milliseconds of a clock that never jumps. */
  readonly elapsed: () => number;
}): LateTable<Found> {
  let found: Found | null = null;
  let looking: Promise<Found> | undefined;
  let failed: { readonly error: unknown; readonly at: number } | undefined;

  async function look(): Promise<Found> {
    try {
      found = await deps.find();
      deps.onFound(found);
      return found;
    } catch (error) {
      failed = { error, at: deps.elapsed() };
      throw error;
    } finally {
      looking = undefined;
    }
  }

  return {
    known: () => found,
    async get() {
      if (found !== null) return found;
      if (looking === undefined && failed !== undefined && deps.elapsed() - failed.at < againMs) throw failed.error;
      looking ??= look();
      return looking;
    },
  };
}

/** Reads with what `pick` takes from the table; until it is found every key is failed with the reason. */
export function createLateReader<Found, Key, Value>(
  table: LateTable<Found>,
  pick: (found: Found) => ReadMany<Key, Value>,
): ReadMany<Key, Value> {
  return async (request) => {
    if (request.keys.length === 0) return new Map();
    allowManyListeners(request.signal);
    const found = table.known() ?? (await getOrError(table));
    if (found instanceof CrawlgateError) return everyKey(request.keys, { kind: 'failed', error: found });
    return pick(found)(request);
  };
}

/** The twin for writing. */
export function createLateWriter<Found, Input, Receipt>(
  table: LateTable<Found>,
  pick: (found: Found) => WriteMany<Input, Receipt>,
): WriteMany<Input, Receipt> {
  return async (request) => {
    if (request.inputs.length === 0) return [];
    allowManyListeners(request.signal);
    const found = table.known() ?? (await getOrError(table));
    if (found instanceof CrawlgateError) return request.inputs.map(() => ({ kind: 'failed', error: found }));
    return pick(found)(request);
  };
}

async function getOrError<Found>(table: LateTable<Found>): Promise<Found | CrawlgateError> {
  try {
    return await table.get();
  } catch (error) {
    if (error instanceof CrawlgateError) return error;
    throw error;
  }
}
