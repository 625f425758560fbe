// Reads every key from its home; a home that fails or has nothing is backed by the other store.
import { type AbortSignalLike, AbortSwitch } from '../domain/abort.js';
import { type CrawlResult, liveRecords, type StoredResult } from '../domain/crawl-result.js';
import type { Failed, ReadMany, ReadOutcome, ReadRequest } from '../domain/read-many.js';
import { healthKey, partsOfKey, type ResultKey } from '../domain/result-key.js';
import type { UrlKey } from '../domain/url-key.js';
import type { CrawlgateError } from '../errors.js';
import type { Home } from './route.js';

/** What the tier needs. */
export interface HybridReadsDeps {
  readonly stores: Readonly<Record<Home, ReadMany<ResultKey, StoredResult>>>;
  readonly homeOf: (url: UrlKey) => Home;
  /** Calls `over` when the first store has had its share of the time, unless the function it returns is called before. */
  readonly startShare: (over: () => void) => () => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told at every health probe: what one of the two says that cannot be read; null where both can. */
  readonly onHealth: (problem: CrawlgateError | null) => void;
}

type Outcome = ReadOutcome<StoredResult>;
type Outcomes = ReadonlyMap<ResultKey, Outcome>;

/** Makes the tier. */
export function createHybridReads(deps: HybridReadsDeps): ReadMany<ResultKey, StoredResult> {
  const { stores } = deps;
  return async (request) => {
    const outcomes = new Map<ResultKey, Outcome>();
    if (request.keys.includes(healthKey)) outcomes.set(healthKey, await health(request));
    const keys = request.keys.filter((key) => key !== healthKey);
    const first = await withinShare(request.signal, (signal) => fromBoth({ ...request, keys, signal }, homeOfKey));
    const late: ResultKey[] = [];
    for (const [key, answer] of first) {
      const outcome = withoutExpired(answer);
      outcomes.set(key, outcome);
      // A failed crawl never hides a good one: that may be in the other store.
      if (outcome.kind !== 'found' || outcome.value.success === null) late.push(key);
    }
    const second = await fromBoth({ ...request, keys: late }, (key) =>
      homeOfKey(key) === 'sqlite' ? 'dynamodb' : 'sqlite',
    );
    for (const [key, other] of second) {
      const home = outcomes.get(key);
      if (home !== undefined) outcomes.set(key, joined(home, withoutExpired(other)));
    }
    return outcomes;
  };

  /** `read`, with a signal that is aborted with `signal`, and at the latest when the first store's share of the time is over. */
  async function withinShare<Read>(
    signal: AbortSignalLike,
    read: (share: AbortSignalLike) => Promise<Read>,
  ): Promise<Read> {
    const share = new AbortSwitch();
    const end = (): void => share.abort(signal.reason);
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    const cancel = deps.startShare(end);
    try {
      return await read(share);
    } finally {
      cancel();
      signal.removeEventListener('abort', end);
    }
  }

  /** What expired is not there any more, though DynamoDB takes up to two days to delete it. */
  function withoutExpired(outcome: Outcome): Outcome {
    if (outcome.kind !== 'found') return outcome;
    const value = liveRecords(outcome.value, deps.now());
    if (value.success === null && value.failure === null) return { kind: 'absent' };
    return { ...outcome, value };
  }

  function homeOfKey(key: ResultKey): Home {
    const parts = partsOfKey(key);
    return parts.kind === 'latest' ? deps.homeOf(parts.url) : 'dynamodb';
  }

  async function fromBoth(request: ReadRequest<ResultKey>, storeOf: (key: ResultKey) => Home): Promise<Outcomes> {
    const keysOf = (store: Home): readonly ResultKey[] => request.keys.filter((key) => storeOf(key) === store);
    const [dynamodb, sqlite] = [keysOf('dynamodb'), keysOf('sqlite')];
    if (sqlite.length === 0) return dynamodb.length === 0 ? new Map() : stores.dynamodb(request);
    if (dynamodb.length === 0) return stores.sqlite(request);
    const answers = await Promise.all([
      stores.dynamodb({ ...request, keys: dynamodb }),
      stores.sqlite({ ...request, keys: sqlite }),
    ]);
    return new Map(answers.flatMap((answer) => [...answer]));
  }

  /** One store that answers is enough to go on with; that the other does not is said. */
  async function health(request: ReadRequest<ResultKey>): Promise<Outcome> {
    const asked = { ...request, keys: [healthKey] };
    const answers = await Promise.all([stores.dynamodb(asked), stores.sqlite(asked)]);
    const outcomes = answers.map((answer) => answer.get(healthKey) ?? { kind: 'absent' as const });
    const failed = outcomes.find((outcome) => outcome.kind === 'failed');
    deps.onHealth(failed?.kind === 'failed' ? failed.error : null);
    return outcomes.find((outcome) => outcome.kind !== 'failed') ?? failed ?? { kind: 'absent' };
  }
}

/**
 * Absent only where both say so. A success that one of them has is the answer, whatever became of the other; where one has
 * a failed crawl alone and the other failed, a success may be there: that is known and no more.
 */
function joined(home: Outcome, other: Outcome): Outcome {
  if (home.kind === 'failed') return withKnown(home, other);
  if (other.kind === 'failed') return withKnown(other, home);
  if (other.kind === 'absent') return home;
  if (home.kind !== 'found') return other;
  // The one that has the good result is the one that answered.
  const answering = other.value.success === null ? home : other;
  return { ...answering, value: joinRecords(home.value, other.value) };
}

function withKnown(failed: Failed<StoredResult>, read: Outcome): Outcome {
  if (read.kind !== 'found') return failed;
  return read.value.success === null ? { ...failed, known: read } : read;
}

/** The one success, and the newest failure where it is newer. */
function joinRecords(home: StoredResult, { success, failure }: StoredResult): StoredResult {
  const failures = [home.failure, failure].filter((record) => record !== null);
  const newest = failures.sort((a, b) => orderOf(b) - orderOf(a))[0] ?? null;
  const isLater = newest !== null && (success === null || orderOf(newest) > orderOf(success));
  return { success, failure: isLater ? newest : null };
}

function orderOf(record: CrawlResult): number {
  return record.order ?? Number.NEGATIVE_INFINITY;
}
