// What comes of an operation here: one result, for the schema has no subscription and no @stream.
import type { ExecutionResult } from 'graphql';

/** Whether it is one, as it always is; the engine's types allow streams and lists of them. */
export function isSingle<Result extends object>(result: Result): result is Extract<Result, ExecutionResult> {
  return !(Symbol.asyncIterator in result) && !Array.isArray(result);
}
