// Operations run on an engine of our own. Yoga's executor takes every JSON value with a key `then` for a promise.
import type { Plugin } from 'graphql-yoga';
import type { GatewayContext } from '../context.js';
import type { ExecuteOperation } from '../operation-engine.js';
import type { OnOperationDone } from '../operation-payloads.js';
import { isSingle } from '../single-result.js';

/** Executes with `execute`. A request whose variables do not fit is answered 400, as yoga's executor has it. */
export function useOperationEngine(execute: ExecuteOperation): Plugin<GatewayContext> {
  return {
    onExecute: ({ setExecuteFn }) => {
      setExecuteFn(execute);
      return afterwards;
    },
  };
}

const onExecuteDone: OnOperationDone = (done) => {
  const { result } = done;
  // Without `data` nothing was executed (https://spec.graphql.org/October2021/#sec-Response-Format).
  if (!isSingle(result) || 'data' in result) return;
  done.setResult({ ...result, extensions: { ...result.extensions, http: { status: 400 } } });
};
const afterwards = { onExecuteDone };
