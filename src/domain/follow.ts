// Who follows what the keys of one request cause on their way down: its cost, its trace. Nobody, for nearly all requests.
import type { AbortSignalLike } from './abort.js';

/** How one lookup was answered. `not-in-memory`: memory alone was asked, and had no answer; nothing has failed. */
export type LookupAnswer = 'fresh' | 'stale' | 'store' | 'absent' | 'not-in-memory' | 'failed';

/** How a call of the store ended. */
export interface CallEnd {
  /** Read units, as DynamoDB counts them, of the whole call. */
  readonly units: number;
  /** The code of the error; null where it was answered. */
  readonly error: string | null;
}

/**
 * Follows the keys of one request. It travels with the question (`ReadRequest.follow`) and shares it: where several
 * requests want one key at the same time it is read for the one that asked first, and only that one's hears of it.
 */
export interface Follow<Key> {
  /** `keys` lookups of the request were answered alike. */
  lookups(answer: LookupAnswer, fromMemory: boolean, keys: number): void;
  /**
   * A call is sent that carries `keys` of the request among `all` keys of lookups; a result that lies in several items is
   * named once for each. The function is called when it came back.
   */
  sent(operation: string, keys: readonly Key[], all: number): (end: CallEnd) => void;
  /** These keys must be asked for again. */
  retried(keys: readonly Key[]): void;
}

/** For whom something is read: until when it is waited for, and who follows what it takes. */
export interface Asker<Key = string> {
  readonly signal: AbortSignalLike;
  readonly follow?: Follow<Key> | undefined;
}

/** Follows one batch of a loader. */
export interface BatchFollow<Key> extends Follow<Key> {
  /** All of its keys were answered. */
  end(): void;
}

/** Tells both. */
export function followBoth<Key>(one: Follow<Key>, other: Follow<Key>): Follow<Key> {
  return {
    lookups(answer, fromMemory, keys) {
      one.lookups(answer, fromMemory, keys);
      other.lookups(answer, fromMemory, keys);
    },
    sent(operation, keys, all) {
      const ends = [one.sent(operation, keys, all), other.sent(operation, keys, all)];
      return (end) => {
        for (const each of ends) each(end);
      };
    },
    retried(keys) {
      one.retried(keys);
      other.retried(keys);
    },
  };
}

/**
 * One follower for the keys of several: each key is that of its payer. Undefined where nobody follows.
 * @param payers The follower of each key that has one.
 */
export function followEach<Key>(payers: ReadonlyMap<Key, Follow<Key>>): Follow<Key> | undefined {
  if (payers.size === 0) return undefined;
  const split = (keys: readonly Key[]): ReadonlyMap<Follow<Key>, Key[]> => {
    const own = new Map<Follow<Key>, Key[]>();
    for (const key of keys) {
      const payer = payers.get(key);
      if (payer === undefined) continue;
      const known = own.get(payer);
      if (known === undefined) own.set(payer, [key]);
      else known.push(key);
    }
    return own;
  };
  return {
    // Lookups are counted above, where the requests are still apart.
    lookups: () => undefined,
    sent(operation, keys, all) {
      const ends = [...split(keys)].map(([follow, own]) => follow.sent(operation, own, all));
      return (end) => {
        for (const each of ends) each(end);
      };
    },
    retried(keys) {
      for (const [follow, own] of split(keys)) follow.retried(own);
    },
  };
}
