// The seam that every tier shares: many keys in, an outcome for each key out.
import type { CrawlgateError } from '../errors.js';
import type { AbortSignalLike } from './abort.js';
import type { Outcome } from './crawl-result.js';
import type { FieldGroups } from './fields.js';
import type { Follow } from './follow.js';

/** DynamoDB's read consistency. */
export type Consistency = 'EVENTUAL' | 'STRONG';

/** What is needed of each key, and how old it may be. */
export interface Want {
  readonly groups: FieldGroups;
  readonly consistency: Consistency;
  readonly outcome: Outcome;
  /** Seconds since the later of createdAt and validatedAt; null: any. */
  readonly maxAge: number | null;
  /** Seconds since it was read from the store, for answers given while the store cannot be read; null: the tier's bound. */
  readonly maxStale: number | null;
  /** True: the store is never asked. */
  readonly onlyIfCached: boolean;
}

/** Where a found value came from. */
export interface Provenance {
  readonly source: 'MEMORY' | 'DYNAMODB' | 'SQLITE';
  readonly status: 'FRESH' | 'STALE';
  /** Milliseconds since 1970 when it was read from the store. */
  readonly readAt: number;
}

/** A value and where it came from. */
export interface Found<Value> {
  readonly kind: 'found';
  readonly value: Value;
  readonly provenance: Provenance;
}

/** The store did not say. */
export interface Failed<Value> {
  readonly kind: 'failed';
  readonly error: CrawlgateError;
  /** What was read all the same: an answer to who takes any outcome, but no word on whether a success is stored. */
  readonly known?: Found<Value>;
}

/** One key's answer. Absent (the store says there is none) and failed (the store did not say) are never the same. */
export type ReadOutcome<Value> = Found<Value> | { readonly kind: 'absent' } | Failed<Value>;

/** The keys of one question. */
export interface ReadRequest<Key> {
  readonly keys: readonly Key[];
  readonly want: Want;
  /** Aborted at the deadline or when nobody waits any more; keys not read by then are failed. */
  readonly signal: AbortSignalLike;
  /** Who follows the keys, where somebody does. */
  readonly follow?: Follow<Key> | undefined;
}

/**
 * Reads many keys. Never rejects: every key asked has exactly one outcome in the map, whatever the order and however
 * often it was named; one key's failure spares the others; an empty list asks nobody.
 */
export type ReadMany<Key, Value> = (request: ReadRequest<Key>) => Promise<ReadonlyMap<Key, ReadOutcome<Value>>>;

/**
 * What a tier can say at once: beside its ReadMany, and never another answer than that would give. It spares promises where
 * nothing has to be waited for.
 */
export interface Recall<Key, Value> {
  /** A fresh or absent answer; undefined where ReadMany must be asked. Counted by `used` alone. */
  answer(key: Key, want: Want, nowMs: number): ReadOutcome<Value> | undefined;
  /** Counts lookups that were answered by it: how many keys were found, and how many were absent. */
  used(found: number, absent: number): void;
  /** Told of each lookup that is counted, where somebody wants to know. */
  seen?(key: Key, outcome: ReadOutcome<Value>): void;
}

/** The plain question: the head, eventually consistent, of any age. */
export const plainWant: Omit<Want, 'groups'> = {
  consistency: 'EVENTUAL',
  outcome: 'ANY',
  maxAge: null,
  maxStale: null,
  onlyIfCached: false,
};

/** The plain question for these groups. Written out: to spread `plainWant` took a fortieth of a lookup that asks the store. */
export function plainWantFor(groups: FieldGroups, consistency: Consistency = plainWant.consistency): Want {
  const { outcome, maxAge, maxStale, onlyIfCached } = plainWant;
  return { groups, consistency, outcome, maxAge, maxStale, onlyIfCached };
}

/** The same outcome for every key. */
export function everyKey<Key, Value>(keys: readonly Key[], outcome: ReadOutcome<Value>): Map<Key, ReadOutcome<Value>> {
  return new Map(keys.map((key) => [key, outcome]));
}
