// The counters as a sink of events, and the readings of them: the `stats` query, `/metrics` and CloudWatch say the same.
import type { Stats } from '../domain/gateway-state.js';
import { type RefusalCode, refusalCodes } from '../errors.js';
import { createBoundedNames } from './bounded-names.js';
import { type Events, silentEvents } from './events.js';
import { createHistogram, type Distribution, type Histogram } from './histogram.js';

/** Counts since it was made. */
export interface Metrics {
  readonly events: Events;
  readonly stats: () => Stats;
  /** Outages: times the circuit opened, and how long it was open altogether, the present outage not counted. */
  readonly outages: () => Outages;
  /** Everything that was counted; a copy. */
  readonly read: () => Counted;
  /** Of every lookup: milliseconds until it was answered, and kilobytes of what was found. */
  readonly lookups: LookupMeasures;
}

/** What is measured of lookups, by whoever sees them answered. */
export interface LookupMeasures {
  readonly durationMs: Histogram;
  readonly sizeKb: Histogram;
}

/** What was counted of outages. */
export interface Outages {
  readonly count: number;
  readonly downMs: number;
}

/** Everything that was counted, as plain values. */
export interface Counted {
  readonly stats: Stats;
  /** Lookups by how they were answered; together they are `stats.lookups`. */
  readonly lookups: LookupCounts;
  readonly lookupMs: Distribution;
  readonly lookupKb: Distribution;
  readonly calls: readonly CallCount[];
  /** Milliseconds of each call, by DynamoDB's name of the operation. */
  readonly callMs: ReadonlyMap<string, Distribution>;
  /** BatchGetItem calls by the number of keys of lookups that they carried. */
  readonly batchKeys: ReadonlyMap<number, number>;
  /** Keys asked for again, by the reason: DynamoDB's name for it. */
  readonly retried: ReadonlyMap<string, number>;
  readonly operations: readonly OperationCount[];
  readonly operationMs: Distribution;
  readonly outages: Outages;
  /** Requests that were refused before any of them was run for want of a key, a scope, room or manners. */
  readonly refused: ReadonlyMap<RefusalCode, number>;
  readonly unexpectedErrors: number;
}

/** Lookups by how they were answered. */
export interface LookupCounts {
  readonly fresh: number;
  readonly stale: number;
  readonly absentInMemory: number;
  readonly store: number;
  readonly absentInStore: number;
  /** Memory alone was asked, and had no answer. */
  readonly notInMemory: number;
  readonly failed: number;
}

/** Calls of one operation of DynamoDB that ended alike. */
export interface CallCount {
  readonly operation: string;
  readonly outcome: 'ok' | 'throttled' | 'abandoned' | 'failed';
  calls: number;
  keys: number;
}

/** GraphQL operations of one name that ended alike. */
export interface OperationCount {
  readonly name: string;
  readonly type: string;
  readonly outcome: string;
  count: number;
}

/** Distinct operation names that are told apart; later ones are `other`. */
export const maxOperationNames = 50;
/** DynamoDB has some dozens of names for what went wrong. */
const maxReasons = 30;

/** Makes counters that stand at nothing. */
export function createMetrics(): Metrics {
  const lookups: { -readonly [Name in keyof LookupCounts]: number } = {
    fresh: 0,
    stale: 0,
    absentInMemory: 0,
    store: 0,
    absentInStore: 0,
    notInMemory: 0,
    failed: 0,
  };
  const sums = {
    storeCalls: 0,
    storeKeys: 0,
    retriedKeys: 0,
    throttles: 0,
    readUnits: 0,
    writeUnits: 0,
    unexpected: 0,
  };
  const outages = { count: 0, downMs: 0 };
  const durationMs = createHistogram();
  const sizeKb = createHistogram();
  const operationMs = createHistogram();
  const calls = new Map<string, CallCount>();
  const callMs = new Map<string, Histogram>();
  const batchKeys = new Map<number, number>();
  const retried = new Map<string, number>();
  const operations = new Map<string, Map<string, Map<string, OperationCount>>>();
  // All of them from the start: a rate can be told from the first one on.
  const refused = new Map<RefusalCode, number>(refusalCodes.map((code) => [code, 0]));
  const boundedName = createBoundedNames(maxOperationNames);
  const boundedReason = createBoundedNames(maxReasons);

  function stats(): Stats {
    const { fresh, stale, absentInMemory, store, absentInStore, notInMemory, failed } = lookups;
    const memoryHits = fresh + absentInMemory;
    const misses = store + absentInStore + notInMemory + failed;
    const all = memoryHits + stale + misses;
    return {
      lookups: all,
      memoryHits,
      staleHits: stale,
      misses,
      hitRate: all === 0 ? 0 : (memoryHits + stale) / all,
      storeCalls: sums.storeCalls,
      storeKeys: sums.storeKeys,
      retriedKeys: sums.retriedKeys,
      throttles: sums.throttles,
      failures: failed,
      consumedReadUnits: sums.readUnits,
      consumedWriteUnits: sums.writeUnits,
    };
  }

  function refuse(code: RefusalCode): void {
    refused.set(code, (refused.get(code) ?? 0) + 1);
  }

  function operationCount(name: string, type: string, outcome: string): OperationCount {
    const bounded = boundedName(name);
    const ofName = entryOf(operations, bounded, () => new Map<string, Map<string, OperationCount>>());
    const ofType = entryOf(ofName, type, () => new Map<string, OperationCount>());
    return entryOf(ofType, outcome, () => ({ name: bounded, type, outcome, count: 0 }));
  }

  return {
    events: {
      ...silentEvents,
      lookup({ answer, fromMemory, keys }) {
        if (answer === 'absent') lookups[fromMemory ? 'absentInMemory' : 'absentInStore'] += keys;
        else lookups[answer === 'not-in-memory' ? 'notInMemory' : answer] += keys;
      },
      storeCall({ operation, keys, durationMs: ms, readUnits, writeUnits, error }) {
        // A call for the health probe alone carries no key of a lookup.
        if (keys === 0) return;
        sums.storeCalls += 1;
        sums.storeKeys += keys;
        sums.readUnits += readUnits;
        sums.writeUnits += writeUnits;
        if (error?.code === 'STORE_THROTTLED') sums.throttles += 1;
        const outcome = outcomeOf(error?.code);
        const counted = entryOf(calls, `${operation} ${outcome}`, () => ({ operation, outcome, calls: 0, keys: 0 }));
        counted.calls += 1;
        counted.keys += keys;
        entryOf(callMs, operation, createHistogram).add(ms);
        if (operation === 'BatchGetItem') batchKeys.set(keys, (batchKeys.get(keys) ?? 0) + 1);
      },
      retried({ keys, reason }) {
        sums.retriedKeys += keys;
        const bounded = boundedReason(reason);
        retried.set(bounded, (retried.get(bounded) ?? 0) + keys);
        // A throttled call was counted when it came back; one that only left keys over came back without an error.
        if (reason === 'UnprocessedKeys' || reason === 'UnprocessedItems') sums.throttles += 1;
      },
      circuitChanged({ state, downMs }) {
        if (state === 'OPEN') outages.count += 1;
        outages.downMs += downMs;
      },
      operation({ name, type, outcome, durationMs: ms, codes }) {
        operationCount(name ?? (outcome === 'refused' ? 'refused' : 'anonymous'), type, outcome).count += 1;
        if (outcome === 'abandoned') return;
        if (outcome !== 'refused') operationMs.add(ms);
        // Whether a scope is enough for a mutation shows when the document has been read; the answer is HTTP's 403 as well.
        else if (codes.includes('FORBIDDEN')) refuse('FORBIDDEN');
      },
      refusedRequest({ code }) {
        refuse(code);
      },
      unexpectedError() {
        sums.unexpected += 1;
      },
    },
    outages: () => ({ ...outages }),
    stats,
    lookups: { durationMs, sizeKb },
    read: () => ({
      stats: stats(),
      lookups: { ...lookups },
      lookupMs: durationMs.read(),
      lookupKb: sizeKb.read(),
      calls: [...calls.values()].map((each) => ({ ...each })),
      callMs: new Map([...callMs].map(([operation, histogram]) => [operation, histogram.read()])),
      batchKeys: new Map(batchKeys),
      retried: new Map(retried),
      operations: [...operations.values()].flatMap((ofName) =>
        [...ofName.values()].flatMap((ofType) => [...ofType.values()].map((each) => ({ ...each }))),
      ),
      operationMs: operationMs.read(),
      outages: { ...outages },
      refused: new Map(refused),
      unexpectedErrors: sums.unexpected,
    }),
  };
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function outcomeOf(code: string | undefined): CallCount['outcome'] {
  if (code === undefined) return 'ok';
  if (code === 'STORE_THROTTLED') return 'throttled';
  // Nobody waits for it any more: that is no failure of the store.
  return code === 'DEADLINE_EXCEEDED' ? 'abandoned' : 'failed';
}
