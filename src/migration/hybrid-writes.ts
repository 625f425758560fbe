// Writes every result to its home and, while results move, a copy to the other store as well.
import type { AbortSignalLike } from '../domain/abort.js';
import { sizeOfFields } from '../domain/result-size.js';
import type { UrlKey } from '../domain/url-key.js';
import type { RemovedReceipt, ResultWriters, WriteMany, WriteOutcome } from '../domain/write-many.js';
import { CrawlgateError, type ErrorCode } from '../errors.js';
import type { Events } from '../observability/events.js';
import { type Copy, type CopyQueueDeps, type CopyWork, createCopyQueue } from './copy-queue.js';
import type { Home } from './route.js';

/** What the tier needs. */
export interface HybridWritesDeps extends Pick<CopyQueueDeps, 'patienceMs' | 'setTimer'> {
  readonly stores: Readonly<Record<Home, ResultWriters>>;
  readonly homeOf: (url: UrlKey) => Home;
  /** Whether both stores are written; at 0 and at 100 per cent only the home is. */
  readonly isBetween: boolean;
  /** Those of the URLs of which a store says that it has nothing; one that cannot say it is none of them. */
  readonly goneFrom: (store: Home, urls: readonly UrlKey[], signal: AbortSignalLike) => Promise<readonly UrlKey[]>;
  readonly events: Pick<Events, 'storeCall'>;
  /** Milliseconds of a clock that never jumps. */
  readonly elapsed: () => number;
}

/** The writers, and what becomes of their copies. */
export interface HybridWrites extends ResultWriters {
  /** Copies to each store that failed or were dropped since the start. */
  readonly failedCopies: Readonly<Record<Home, number>>;
  /** Resolves when no copy is left to be made, after `ms` milliseconds at the latest. */
  drain(ms: number): Promise<void>;
}

/** What a copy may answer without being a failure: the other store has it, or something newer, or never had it. */
const settled: ReadonlySet<ErrorCode> = new Set(['SUPERSEDED', 'NOT_STORED']);

const copyNames: Readonly<Record<Home, string>> = { dynamodb: 'copy to DynamoDB', sqlite: 'copy to SQLite' };
const names: Readonly<Record<Home, string>> = { dynamodb: 'DynamoDB', sqlite: 'SQLite' };
const homes = ['dynamodb', 'sqlite'] as const;

/** Copies are made in calls of so many at once: SQLite runs one statement after another anyway. */
const jobsAtOnce: Readonly<Record<Home, number>> = { dynamodb: 8, sqlite: 2 };

interface Placed<Input> {
  readonly url: UrlKey;
  readonly input: Input;
  readonly index: number;
}

/** Makes the writers. Stored means that the home has it; a copy that fails is counted and logged, and fails nobody. */
export function createHybridWrites(deps: HybridWritesDeps): HybridWrites {
  const { stores } = deps;
  const { patienceMs, setTimer } = deps;
  const queueOf = (store: Home) => createCopyQueue({ jobsAtOnce: jobsAtOnce[store], patienceMs, setTimer });
  const queues = { dynamodb: queueOf('dynamodb'), sqlite: queueOf('sqlite') };
  const failedCopies = { dynamodb: 0, sqlite: 0 };
  return {
    failedCopies,
    put: toHome(
      ({ fields }) => sizeOfFields(fields, new Set()) ?? 0,
      ({ put }) => put,
      'put',
    ),
    revalidate: toHome(
      () => 0,
      ({ revalidate }) => revalidate,
      'change',
    ),
    invalidate,
    async drain(ms) {
      await Promise.all(homes.map((store) => queues[store].drain(ms)));
    },
  };

  function toHome<Input extends { readonly url: UrlKey }, Receipt>(
    bytesOf: (input: Input) => number,
    pick: (writers: ResultWriters) => WriteMany<Input, Receipt>,
    kind: 'put' | 'change',
  ): WriteMany<Input, Receipt> {
    return async ({ inputs, signal }) => {
      const outcomes: WriteOutcome<Receipt>[] = [];
      const all = inputs.map((input, index): Placed<Input> => ({ url: input.url, input, index }));
      await Promise.all(
        homes.map(async (home) => {
          const other = otherThan(home);
          const mine = all.filter(({ url }) => deps.homeOf(url) === home);
          await ask(home, mine);
          let stored = mine.filter(({ index }) => outcomes[index]?.kind === 'done');
          if (!deps.isBetween) return;
          // What has not moved yet is still where it was.
          if (kind === 'change') {
            const missed = mine.filter(({ index }) => isNotStored(outcomes[index]));
            await ask(other, missed);
            stored = stored.filter((one) => !missed.includes(one));
          }
          const work: CopyWork<Placed<Input> & Copy> = {
            run: (copies, copying, isLate) => copy(home, copies, pick, copying, kind === 'put' ? isLate : () => false),
            drop(copies, why) {
              const error = new CrawlgateError('STORE_UNAVAILABLE', `Not copied: ${why}.`, {});
              for (const { url } of copies) tell(other, url, 0, error);
            },
          };
          const copies = stored.map((one) => ({ ...one, bytes: bytesOf(one.input) }));
          await queues[other].add(copies, work, signal);
        }),
      );
      return outcomes;

      async function ask(store: Home, asked: readonly Placed<Input>[]): Promise<void> {
        if (asked.length === 0) return;
        const answers = await pick(stores[store])({ inputs: asked.map(({ input }) => input), signal });
        for (const [position, { index }] of asked.entries()) outcomes[index] = answers[position] ?? lost();
      }
    };
  }

  async function copy<Input>(
    home: Home,
    copies: readonly Placed<Input>[],
    pick: (writers: ResultWriters) => WriteMany<Input, unknown>,
    signal: AbortSignalLike,
    isLate: () => boolean,
  ): Promise<void> {
    const store = otherThan(home);
    const startedAt = deps.elapsed();
    const answers = await pick(stores[store])({ inputs: copies.map(({ input }) => input), signal });
    for (const [position, { url }] of copies.entries()) {
      const answer = answers[position] ?? lost();
      const error = answer.kind === 'failed' && !settled.has(answer.error.code) ? answer.error : null;
      tell(store, url, deps.elapsed() - startedAt, error);
    }
    // Another gateway may have removed it between its acknowledgement and now: then it must not come back from here.
    const done = copies.filter((_, position) => answers[position]?.kind === 'done').map(({ url }) => url);
    const gone = isLate() && done.length > 0 ? await deps.goneFrom(home, done, signal) : [];
    if (gone.length > 0) await stores[store].invalidate({ inputs: gone, signal });
  }

  function tell(store: Home, url: UrlKey, durationMs: number, failure: CrawlgateError | null): void {
    // A copy that came too late is as lost as one that was refused, and logs pass over what nobody waits for.
    const error =
      failure?.code === 'DEADLINE_EXCEEDED'
        ? new CrawlgateError('STORE_UNAVAILABLE', failure.message, {}, { cause: failure })
        : failure;
    if (error !== null) failedCopies[store] += 1;
    const facts = { operation: copyNames[store], keys: 1, readUnits: 0, writeUnits: 0 };
    deps.events.storeCall({ ...facts, durationMs, url: error === null ? null : url, error });
  }

  /** From both, whatever the percentage: what one of them kept would come back as an answer, and so would a late copy. */
  async function invalidate({
    inputs,
    signal,
  }: Parameters<ResultWriters['invalidate']>[0]): ReturnType<ResultWriters['invalidate']> {
    const isQuiet = await isBefore(Promise.all(homes.map((store) => queues[store].forget(inputs))), signal);
    if (!isQuiet) {
      const error = new CrawlgateError('DEADLINE_EXCEEDED', 'A copy of it was under way for longer than that.', {});
      return inputs.map(() => ({ kind: 'failed', error }));
    }
    const [dynamodb, sqlite] = await Promise.all([
      stores.dynamodb.invalidate({ inputs, signal }),
      stores.sqlite.invalidate({ inputs, signal }),
    ]);
    return inputs.map((_, index) => both(dynamodb[index] ?? lost(), sqlite[index] ?? lost()));
  }
}

/** Done where both are; else the failure, which says where the result still is. */
function both(
  dynamodb: WriteOutcome<RemovedReceipt>,
  sqlite: WriteOutcome<RemovedReceipt>,
): WriteOutcome<RemovedReceipt> {
  if (dynamodb.kind === 'done' && sqlite.kind === 'done') {
    return { kind: 'done', receipt: { removed: dynamodb.receipt.removed || sqlite.receipt.removed } };
  }
  if (dynamodb.kind === 'failed' && sqlite.kind === 'failed') return dynamodb;
  const [store, other]: readonly Home[] = dynamodb.kind === 'failed' ? ['dynamodb', 'sqlite'] : ['sqlite', 'dynamodb'];
  const failed = dynamodb.kind === 'failed' ? dynamodb : sqlite;
  if (failed.kind !== 'failed' || store === undefined || other === undefined) return failed;
  const { code, message, facts } = failed.error;
  const words = `It is gone from ${names[other]}, but perhaps not from ${names[store]}: ${message}`;
  return { kind: 'failed', error: new CrawlgateError(code, words, facts, { cause: failed.error }) };
}

/** Whether it resolves before the signal is aborted. */
async function isBefore(work: Promise<unknown>, signal: AbortSignalLike): Promise<boolean> {
  if (signal.aborted) return false;
  return new Promise<boolean>((resolve) => {
    const onAbort = (): void => resolve(false);
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(() => {
      signal.removeEventListener('abort', onAbort);
      resolve(true);
    });
  });
}

function otherThan(home: Home): Home {
  return home === 'sqlite' ? 'dynamodb' : 'sqlite';
}

function isNotStored(outcome: WriteOutcome<unknown> | undefined): boolean {
  return outcome?.kind === 'failed' && outcome.error.code === 'NOT_STORED';
}

function lost(): { readonly kind: 'failed'; readonly error: CrawlgateError } {
  return { kind: 'failed', error: new CrawlgateError('INTERNAL_SERVER_ERROR', 'A write was forgotten.', {}) };
}
