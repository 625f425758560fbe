// The span of an operation, where requests are traced.
import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { GatewayContext } from '../context.js';
import { codesOf } from '../error-policy.js';

/** To be left out where nothing is traced. */
export function useOperationTrace(): Plugin<GatewayContext> {
  return {
    onExecute: ({ args }) => {
      const operation = getOperationAST(args.document, args.operationName);
      const { trace } = args.contextValue as GatewayContext;
      const end = trace?.operation(operation?.name?.value ?? null, operation?.operation ?? 'query');
      return {
        onExecuteDone: ({ result }) => {
          // The schema has no subscription and no @stream: a result is always one.
          if (!(Symbol.asyncIterator in result)) end?.(codesOf(result.errors));
        },
      };
    },
  };
}
