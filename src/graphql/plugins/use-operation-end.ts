// What happens once an operation is executed: its notes go out as extensions, its deadline ends.
import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { GatewayContext } from '../context.js';

/** Adds the context's notes to the result and releases the context. */
export function useOperationEnd(): Plugin<GatewayContext> {
  return {
    onExecute: ({ args }) => ({
      onExecuteDone: ({ result, setResult }) => {
        const { notes, cost, release } = args.contextValue;
        release();
        if (cost !== null) notes.set('cost', { ...cost.read() });
        if (notes.size === 0 || !isSingle(result)) return;
        setResult({ ...result, extensions: { ...result.extensions, ...Object.fromEntries(notes) } });
      },
    }),
  };
}

/** The schema has no subscription and no @stream: a result is always one. */
function isSingle(result: object): result is ExecutionResult {
  return !(Symbol.asyncIterator in result);
}
