// Tells the events of operations that were not executed: no GraphQL, not of this schema, too large, not one of those that are run.
import type { ExecutionResult } from 'graphql';
import { requestIdOf } from '../domain/request-id.js';
import type { Events } from '../observability/events.js';
import { codesOf } from './error-policy.js';

/** Looks at an answer on its way out: without data nothing was executed, and nobody else has told of it. */
export type TellRefused = (result: ExecutionResult, headers: Readonly<Record<string, unknown>> | undefined) => void;

/** Makes it. */
export function createTellRefused(events: Pick<Events, 'operation'>): TellRefused {
  return (result, headers) => {
    // Without an error the client went before it was answered.
    if ('data' in result || result.errors === undefined || result.errors.length === 0) return;
    events.operation({
      name: null,
      type: 'unknown',
      outcome: 'refused',
      durationMs: 0,
      requestId: requestIdOf(headers),
      codes: codesOf(result.errors),
    });
  };
}
