// Writes every result to its home and, while results move, a copy to the other store as well.
import type { UrlKey } from '../domain/url-key.js';
import type { ResultWriters, WriteMany, WriteOutcome } from '../domain/write-many.js';
import { CrawlgateError, type ErrorCode } from '../errors.js';
import type { Events } from '../observability/events.js';
import type { Home } from './route.js';

/** What the tier needs. */
export interface HybridWritesDeps {
  readonly stores: Readonly<Record<Home, ResultWriters>>;
  readonly homeOf: (url: UrlKey) => Home;
  /** Whether both stores are written; at 0 and at 100 per cent only the home is. */
  readonly isBetween: boolean;
  readonly events: Pick<Events, 'storeCall'>;
  /** Milliseconds of a clock that never jumps. */
  readonly elapsed: () => number;
}

/** What a copy may answer without being a failure: the other store has it, or something newer, or never had it. */
const settled: ReadonlySet<ErrorCode> = new Set(['SUPERSEDED', 'NOT_STORED']);

const names: Readonly<Record<Home, string>> = { dynamodb: 'copy to DynamoDB', sqlite: 'copy to SQLite' };

/** Makes the writers. Stored means that the home has it; a copy that fails is counted and logged, and fails nobody. */
export function createHybridWrites(deps: HybridWritesDeps): ResultWriters {
  const { stores } = deps;
  return {
    put: toHome(
      ({ url }) => url,
      ({ put }) => put,
      false,
    ),
    // What has not moved yet is still where it was.
    revalidate: toHome(
      ({ url }) => url,
      ({ revalidate }) => revalidate,
      true,
    ),
    invalidate,
  };

  function toHome<Input, Receipt>(
    urlOf: (input: Input) => UrlKey,
    pick: (writers: ResultWriters) => WriteMany<Input, Receipt>,
    isFoundElsewhere: boolean,
  ): WriteMany<Input, Receipt> {
    return async ({ inputs, signal }) => {
      const outcomes: WriteOutcome<Receipt>[] = [];
      await Promise.all(
        (['dynamodb', 'sqlite'] as const).map(async (home) => {
          const mine = inputs
            .map((input, index) => ({ input, index }))
            .filter(({ input }) => deps.homeOf(urlOf(input)) === home);
          if (mine.length === 0) return;
          const answers = await pick(stores[home])({ inputs: mine.map(({ input }) => input), signal });
          for (const [position, { index }] of mine.entries()) outcomes[index] = answers[position] ?? lost();
          const other = home === 'sqlite' ? 'dynamodb' : 'sqlite';
          if (isFoundElsewhere && deps.isBetween) {
            const missed = mine.filter(({ index }) => isNotStored(outcomes[index]));
            const found = await ask(other, missed, pick, signal);
            for (const [position, { index }] of missed.entries()) outcomes[index] = found[position] ?? lost();
            await copy(
              other,
              mine.filter(({ index, input }) => isDone(outcomes[index]) && !missed.some((one) => one.input === input)),
            );
          } else
            await copy(
              other,
              mine.filter(({ index }) => isDone(outcomes[index])),
            );

          async function copy(store: Home, done: readonly { readonly input: Input }[]): Promise<void> {
            if (!deps.isBetween || done.length === 0) return;
            const startedAt = deps.elapsed();
            for (const [position, answer] of (await ask(store, done, pick, signal)).entries()) {
              const input = done[position]?.input;
              const error = answer.kind === 'failed' && !settled.has(answer.error.code) ? answer.error : null;
              const url = input === undefined || error === null ? null : urlOf(input);
              const facts = { operation: names[store], keys: 1, readUnits: 0, writeUnits: 0, url, error };
              deps.events.storeCall({ ...facts, durationMs: deps.elapsed() - startedAt });
            }
          }
        }),
      );
      return outcomes;
    };
  }

  async function ask<Input, Receipt>(
    store: Home,
    asked: readonly { readonly input: Input }[],
    pick: (writers: ResultWriters) => WriteMany<Input, Receipt>,
    signal: AbortSignal,
  ): Promise<readonly WriteOutcome<Receipt>[]> {
    if (asked.length === 0) return [];
    return pick(stores[store])({ inputs: asked.map(({ input }) => input), signal });
  }

  /** From both, whatever the percentage: what one of them kept would come back as an answer. */
  async function invalidate(
    request: Parameters<ResultWriters['invalidate']>[0],
  ): ReturnType<ResultWriters['invalidate']> {
    const [dynamodb, sqlite] = await Promise.all([
      stores.dynamodb.invalidate(request),
      stores.sqlite.invalidate(request),
    ]);
    return request.inputs.map((_, index) => {
      const answers = [dynamodb[index] ?? lost(), sqlite[index] ?? lost()];
      const failed = answers.find((answer) => answer.kind === 'failed');
      if (failed !== undefined) return failed;
      return { kind: 'done', receipt: { removed: answers.some((one) => one.kind === 'done' && one.receipt.removed) } };
    });
  }
}

function isDone(outcome: WriteOutcome<unknown> | undefined): boolean {
  return outcome?.kind === 'done';
}

function isNotStored(outcome: WriteOutcome<unknown> | undefined): boolean {
  return outcome?.kind === 'failed' && outcome.error.code === 'NOT_STORED';
}

function lost(): { readonly kind: 'failed'; readonly error: CrawlgateError } {
  return { kind: 'failed', error: new CrawlgateError('INTERNAL_SERVER_ERROR', 'A write was forgotten.', {}) };
}
