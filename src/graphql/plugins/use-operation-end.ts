// What happens once an operation is executed: its notes go out as extensions, its deadline ends.
import type { Plugin } from 'graphql-yoga';
import type { GatewayContext } from '../context.js';
import type { OnOperationDone } from '../operation-payloads.js';
import { isSingle } from '../single-result.js';

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
