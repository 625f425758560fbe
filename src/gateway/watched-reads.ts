// Measures lookups as they are answered: how long they took, how large they were. The top of the lookup path.
import type { StoredResult } from '../domain/crawl-result.js';
import type { LookupAnswer } from '../domain/follow.js';
import type { ReadMany, ReadOutcome, Recall } from '../domain/read-many.js';
import { healthKey, partsOfKey, type ResultKey } from '../domain/result-key.js';
import type { Events } from '../observability/events.js';
import type { LookupMeasures } from '../observability/metrics.js';
import { storedResultRules } from './stored-result-rules.js';

/** The two ways to ask a tier. */
export interface Reads {
  readonly readMany: ReadMany<ResultKey, StoredResult>;
  readonly recall: Recall<ResultKey, StoredResult>;
}

/** What watching needs. */
export interface WatchedReadsDeps {
  readonly next: Reads;
  readonly measures: LookupMeasures;
  /** Milliseconds of a clock that never jumps. */
  readonly elapsed: () => number;
  /** Whether sizes are measured too: CloudWatch has them. */
  readonly withSizes: boolean;
  /** Told of each lookup by its URL; null where nobody tells lookups one by one. */
  readonly events: Pick<Events, 'lookedUp'> | null;
}

/** The reads, watched. The health probe is nobody's lookup. */
export function createWatchedReads(deps: WatchedReadsDeps): Reads {
  const { next, measures, elapsed, withSizes, events } = deps;
  const tells = withSizes || events !== null;
  return {
    async readMany(request) {
      const startedAt = elapsed();
      const outcomes = await next.readMany(request);
      const durationMs = elapsed() - startedAt;
      const count = outcomes.has(healthKey) ? outcomes.size - 1 : outcomes.size;
      if (count > 0) measures.durationMs.add(durationMs, count);
      if (tells) for (const [key, outcome] of outcomes) tell(key, outcome, durationMs);
      return outcomes;
    },
    recall: {
      answer: next.recall.answer,
      used(found, absent) {
        next.recall.used(found, absent);
        // Memory answers in a microsecond; to look at the clock twice would take a tenth of that again.
        measures.durationMs.add(0, found + absent);
      },
      ...(tells ? { seen: (key: ResultKey, outcome: ReadOutcome<StoredResult>) => tell(key, outcome, 0) } : {}),
    },
  };

  function tell(key: ResultKey, outcome: ReadOutcome<StoredResult>, durationMs: number): void {
    const parts = partsOfKey(key);
    if (parts.kind === 'health') return;
    const sizeBytes = outcome.kind === 'found' ? storedResultRules.sizeOf(outcome.value) : null;
    if (withSizes && sizeBytes !== null) measures.sizeKb.add(sizeBytes / 1024);
    const error = outcome.kind === 'failed' ? outcome.error : null;
    events?.lookedUp({ url: parts.url, answer: answerOf(outcome), durationMs, sizeBytes, requestId: null, error });
  }
}

function answerOf(outcome: ReadOutcome<StoredResult>): LookupAnswer {
  if (outcome.kind === 'failed') return outcome.error.code === 'NOT_IN_MEMORY' ? 'not-in-memory' : 'failed';
  if (outcome.kind === 'absent') return 'absent';
  const { source, status } = outcome.provenance;
  if (status === 'STALE') return 'stale';
  return source === 'MEMORY' ? 'fresh' : 'store';
}
