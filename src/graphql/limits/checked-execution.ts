// Execution that begins with the question whether it may, and always ends with a result.
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import type { GatewayContext } from '../context.js';
import type { ExecuteOperation } from '../operation-engine.js';
import type { CheckOperation } from './operation-check.js';

/**
 * Executes with `execute` what `check` lets pass; the rest is answered with the error alone, nothing resolved. Where either
 * throws or rejects, a bug, that is the result: what is to be done after an operation (its context released, its end told)
 * is done from results.
 */
export function createCheckedExecution(execute: ExecuteOperation, check: CheckOperation): ExecuteOperation {
  return (args) => {
    const { caller }: GatewayContext = args.contextValue as GatewayContext;
    try {
      const refusal = check(args as ExecutionArgs, caller);
      if (refusal !== null) return { errors: [wrapped(refusal)] };
      const result = execute(args);
      return result instanceof Promise ? result.catch(failed) : result;
    } catch (error) {
      return failed(error);
    }
  };
}

/** It began: `data` tells it from an operation that was refused. */
function failed(error: unknown): ExecutionResult {
  return { data: null, errors: [wrapped(error instanceof Error ? error : new Error(String(error)))] };
}

function wrapped(error: Error): GraphQLError {
  return new GraphQLError(error.message, { originalError: error });
}
