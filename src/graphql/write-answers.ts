// Mutations over lists: every input is answered for itself, a bad one spares the others.
import type { AbortSignalLike } from '../domain/abort.js';
import type { RemovedReceipt, StoredReceipt, WriteMany, WriteOutcome } from '../domain/write-many.js';
import { CrawlgateError } from '../errors.js';
import type { CachedCrawlResult, InvalidatedCrawlResult, StoreError } from './generated.js';

/** Parses every given input, writes those that parse, in the order given, and answers each. */
export async function writeEach<Given, Input, Receipt, Answer>(
  given: readonly Given[],
  steps: {
    /** May throw a CrawlgateError: the answer for this input alone. */
    readonly parse: (one: Given) => Input;
    readonly write: WriteMany<Input, Receipt>;
    readonly answer: (one: Given, outcome: WriteOutcome<Receipt>) => Answer;
  },
  signal: AbortSignalLike,
): Promise<readonly Answer[]> {
  const inputs: Input[] = [];
  const refusals = given.map((one) => {
    try {
      inputs.push(steps.parse(one));
      return null;
    } catch (error) {
      if (error instanceof CrawlgateError) return error;
      throw error;
    }
  });
  const outcomes = await steps.write({ inputs, signal });
  const next = outcomes.values();
  return given.map((one, index) => {
    const error = refusals[index];
    if (error != null) return steps.answer(one, { kind: 'failed', error });
    const { value: outcome } = next.next();
    if (outcome !== undefined) return steps.answer(one, outcome);
    // The contract of WriteMany, enforced where it is crossed.
    throw new Error(`a writer was given ${inputs.length} inputs and answered ${outcomes.length} outcomes`);
  });
}

/** The answer for a result that was to be stored. */
export function cachedAnswer(url: string, outcome: WriteOutcome<StoredReceipt>): CachedCrawlResult {
  if (outcome.kind === 'failed') return { url, stored: false, error: storeError(outcome.error) };
  const { bytes, items } = outcome.receipt;
  return { url, stored: true, storedBytes: bytes, items };
}

/** The answer for a URL that was to be removed. */
export function removedAnswer(url: string, outcome: WriteOutcome<RemovedReceipt>): InvalidatedCrawlResult {
  if (outcome.kind === 'failed') return { url, removed: false, error: storeError(outcome.error) };
  return { url, removed: outcome.receipt.removed };
}

function storeError({ code, message }: CrawlgateError): StoreError {
  return { code, message };
}
