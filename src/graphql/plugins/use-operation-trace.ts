// The span of an operation, where requests are traced.
import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { shortName } from '../../observability/bounded-names.js';
import type { GatewayContext } from '../context.js';
import { codesOf } from '../error-policy.js';
import { isSingle } from '../single-result.js';

/** To be left out where nothing is traced. */
export function useOperationTrace(): Plugin<GatewayContext> {
  return {
    onExecute: ({ args }) => {
      const operation = getOperationAST(args.document, args.operationName);
      const { trace } = args.contextValue as GatewayContext;
      const name = operation?.name?.value;
      const end = trace?.operation(name === undefined ? null : shortName(name), operation?.operation ?? 'query');
      return {
        onExecuteDone: ({ result }) => {
          if (isSingle(result)) end?.(codesOf(result.errors));
        },
      };
    },
  };
}
