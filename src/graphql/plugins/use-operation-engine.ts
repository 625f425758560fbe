// Operations run on an engine of our own. Yoga's executor takes every JSON value with a key `then` for a promise.
import type { Plugin } from 'graphql-yoga';
import type { ExecuteOperation } from '../operation-engine.js';

/** Executes with `execute`. A request whose variables do not fit is answered 400, as yoga's executor has it. */
export function useOperationEngine(execute: ExecuteOperation): Plugin {
  return {
    onExecute: ({ setExecuteFn }) => {
      setExecuteFn(execute);
      return {
        onExecuteDone: ({ result, setResult }) => {
          // Without `data` nothing was executed (https://spec.graphql.org/October2021/#sec-Response-Format).
          if (Symbol.asyncIterator in result || 'data' in result) return;
          setResult({ ...result, extensions: { ...result.extensions, http: { status: 400 } } });
        },
      };
    },
  };
}
