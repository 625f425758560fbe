// Execution that begins with the question whether it may.
import { type ExecutionArgs, GraphQLError } from 'graphql';
import type { GatewayContext } from '../context.js';
import type { ExecuteOperation } from '../operation-engine.js';
import type { CheckOperation } from './operation-check.js';

/** Executes with `execute` what `check` lets pass; the rest is answered with the error alone, nothing resolved. */
export function createCheckedExecution(execute: ExecuteOperation, check: CheckOperation): ExecuteOperation {
  return (args) => {
    const { caller }: GatewayContext = args.contextValue as GatewayContext;
    const refusal = check(args as ExecutionArgs, caller);
    if (refusal === null) return execute(args);
    return { errors: [new GraphQLError(refusal.message, { originalError: refusal })] };
  };
}
