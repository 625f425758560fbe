// What happens once an operation is executed: its notes go out as extensions, its deadline ends.
import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { GatewayContext } from '../context.js';
import type { OnOperationDone } from '../operation-payloads.js';

/** Adds the context's notes to the result and releases the context. */
export function useOperationEnd(): Plugin<GatewayContext> {
  return { onExecute: () => afterwards };
}

const onExecuteDone: OnOperationDone = (done) => {
  const { result } = done;
  const context = done.args.contextValue;
  context.release();
  if (context.cost !== null) context.notes.set('cost', { ...context.cost.read() });
  if (!context.hasNotes() || !isSingle(result)) return;
  done.setResult({ ...result, extensions: { ...result.extensions, ...Object.fromEntries(context.notes) } });
};
const afterwards = { onExecuteDone };

/** The schema has no subscription and no @stream: a result is always one. */
function isSingle(result: object): result is ExecutionResult {
  return !(Symbol.asyncIterator in result);
}
