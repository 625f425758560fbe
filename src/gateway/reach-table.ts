// Looks for the results table, and tells a store that is away from a configuration that does not fit.
import type { CallEnding, StoreGuard } from '../domain/store-guard.js';
import { CrawlgateError } from '../errors.js';
import type { Events } from '../observability/events.js';
import { MissingTableError } from './find-table.js';

/**
 * Looks once before anybody asks. A store that is down or still without its table may come later: null.
 * A table with keys of another kind will not change: that is a configuration to be mended.
 */
export async function reachTable<Found>(
  get: () => Promise<Found>,
  events: Pick<Events, 'notice'>,
): Promise<Found | null> {
  try {
    return await get();
  } catch (error) {
    if (!(error instanceof CrawlgateError)) throw error;
    const isWrongKind = error.code === 'STORE_MISCONFIGURED' && error.cause === undefined;
    if (isWrongKind && !(error instanceof MissingTableError)) throw error;
    events.notice({ level: 'warn', message: `${error.code}: ${error.message} Every lookup looks again.` });
    return null;
  }
}

type Look<Found> = CallEnding & ({ readonly found: Found } | { readonly error: unknown });

/** Looks through the guard: a look that stays unanswered is a call like any other. Rejects as `find` does. */
export async function guardedLook<Found>(guard: StoreGuard, find: () => Promise<Found>): Promise<Found> {
  const look = await guard.call(async (): Promise<Look<Found>> => {
    try {
      return { store: 'answered', found: await find() };
    } catch (error) {
      const isSilent = error instanceof CrawlgateError && error.code === 'STORE_UNAVAILABLE';
      return { store: isSilent ? 'silent' : 'answered', error };
    }
  });
  if ('found' in look) return look.found;
  throw look.error;
}
