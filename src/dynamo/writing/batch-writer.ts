// Everything that can be done to stored results, many in a call, each answered for itself.
import type { AbortSignalLike } from '../../domain/abort.js';
import { inParallel } from '../../domain/in-parallel.js';
import { latestKey } from '../../domain/result-key.js';
import type { UrlKey } from '../../domain/url-key.js';
import type {
  NewResult,
  ResultWriters,
  StoredReceipt,
  WriteMany,
  WriteOutcome,
  WriteRequest,
} from '../../domain/write-many.js';
import { CrawlgateError } from '../../errors.js';
import { eventsAbout } from '../../observability/events-about.js';
import type { ListVersions } from '../feed/versions.js';
import type { Item } from '../table.js';
import { invalidateResult } from './invalidate.js';
import type { PutDeps } from './put-deps.js';
import { putResult } from './put-result.js';
import { revalidateResult } from './revalidate.js';

/** Heads of one call that are written at once. */
const headsInFlight = 16;

/** Heads read in one call before they are written over. */
const headsPerRead = 100;

/** Makes the writers. */
export function createBatchWriter(deps: PutDeps & { readonly listVersions: ListVersions }): ResultWriters {
  return {
    put: ({ inputs, signal }) => putMany(inputs, signal),
    revalidate: each((input, signal) => revalidateResult(about(input.url), input, signal)),
    invalidate: each((url: UrlKey, signal) => invalidateResult(about(url), url, signal)),
  };

  function about(url: UrlKey): typeof deps {
    return { ...deps, events: eventsAbout(deps.events, url) };
  }

  async function putMany(
    inputs: readonly NewResult[],
    signal: AbortSignalLike,
  ): Promise<readonly WriteOutcome<StoredReceipt>[]> {
    const outcomes: WriteOutcome<StoredReceipt>[] = [];
    const byUrl = new Map<UrlKey, number[]>();
    inputs.forEach((input, index) => {
      byUrl.set(input.url, [...(byUrl.get(input.url) ?? []), index]);
    });
    const urls = [...byUrl.keys()];
    for (let start = 0; start < urls.length; start += headsPerRead) {
      const page = urls.slice(start, start + headsPerRead);
      const heads = await deps.readHeads(page.map(latestKey), signal);
      await inParallel(page, headsInFlight, async (url, index) => {
        const answer = heads[index];
        let head: Item | null | undefined = answer?.kind === 'read' ? answer.item : undefined;
        // One URL twice in a call is written in the order of createdAt, whatever the order given.
        const order = [...(byUrl.get(url) ?? [])].sort((a, b) => createdAt(inputs[a]) - createdAt(inputs[b]));
        for (const position of order) {
          const input = inputs[position];
          if (input === undefined) continue;
          outcomes[position] =
            answer?.kind === 'failed'
              ? { kind: 'failed', error: answer.error }
              : await guarded(() => putResult(about(url), input, head, signal));
          head = undefined;
        }
      });
    }
    return outcomes;
  }

  function each<Input, Receipt>(
    write: (input: Input, signal: AbortSignalLike) => Promise<WriteOutcome<Receipt>>,
  ): WriteMany<Input, Receipt> {
    return async ({ inputs, signal }: WriteRequest<Input>) => {
      const outcomes: WriteOutcome<Receipt>[] = [];
      await inParallel(inputs, headsInFlight, async (input, index) => {
        outcomes[index] = await guarded(() => write(input, signal));
      });
      return outcomes;
    };
  }

  // A fault of ours in one write must not take the answers of the others with it.
  async function guarded<Receipt>(write: () => Promise<WriteOutcome<Receipt>>): Promise<WriteOutcome<Receipt>> {
    try {
      return await write();
    } catch (error) {
      deps.events.unexpectedError({ where: 'batch-writer', error });
      return {
        kind: 'failed',
        error: new CrawlgateError('INTERNAL_SERVER_ERROR', 'Unexpected error.', {}, { cause: error }),
      };
    }
  }
}

function createdAt(input: NewResult | undefined): number {
  return input?.createdAt ?? 0;
}
