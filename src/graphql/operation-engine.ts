// Runs operations: on graphql-js, or compiled by graphql-jit where that answers the same and the operation comes again.
import { createRequire } from 'node:module';
import {
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
} from 'graphql';
import type { CompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import { isCompilable } from './compilable.js';

/** Executes one operation, as graphql-js's `execute` does. */
export type ExecuteOperation = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;

/** How often an operation is run before it is compiled, which takes as long as some dozens of runs. */
const runsBefore = 3;
const maxCompiled = 128;

/**
 * Makes the engine. What it learns of an operation it keeps by the operation's node, which is one for all requests of
 * one text (documents are parsed once) and another for each operation of a document; it is forgotten with the document.
 */
export function createOperationEngine(options: { readonly runsBefore?: number } = {}): ExecuteOperation {
  const needed = options.runsBefore ?? runsBefore;
  const runs = new WeakMap<OperationDefinitionNode, number>();
  // Only what has come several times gets here: texts that come once push nothing out.
  const compiled = new LRUCache<OperationDefinitionNode, CompiledQuery['query']>({ max: maxCompiled });

  function compiledFor({ schema, document, operationName }: ExecutionArgs): RunnableOperation | null {
    const operation = getOperationAST(document, operationName);
    if (operation == null) return null;
    const known = compiled.get(operation);
    if (known !== undefined) return { operation, query: known };
    const count = runs.get(operation) ?? 0;
    runs.set(operation, count + 1);
    if (count !== needed || !isCompilable(document, operation)) return null;
    const { compileQuery, isCompiledQuery } = loadCompiler();
    const made = compileQuery(schema, document, operationName ?? '', { disablingCapturingStackErrors: true });
    if (!isCompiledQuery(made)) return null;
    compiled.set(operation, made.query);
    // Should it fall out of the cache it starts over.
    runs.delete(operation);
    return { operation, query: made.query };
  }

  return (args) => {
    const runnable = compiledFor(args);
    const variables = runnable === null ? null : coerced(args.schema, runnable.operation, args.variableValues ?? {});
    // Variables that do not fit are graphql-js's to refuse, in its own words.
    if (runnable === null || variables === null) return execute(args) as ReturnType<ExecuteOperation>;
    const result = runnable.query(args.rootValue, args.contextValue, variables);
    return result instanceof Promise ? result.then((done) => orAgain(done, args)) : orAgain(result, args);
  };
}

/** A hundred files that a start needs none of. */
function loadCompiler(): typeof import('graphql-jit') {
  return createRequire(import.meta.url)('graphql-jit');
}

interface RunnableOperation {
  readonly operation: OperationDefinitionNode;
  readonly query: CompiledQuery['query'];
}

function coerced(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> | null {
  return getVariableValues(schema, variableDefinitions, given, { maxErrors: 1 }).coerced ?? null;
}

/** The result where it has no errors; else graphql-js runs the operation over the answers that the loaders hold by now. */
function orAgain(result: ExecutionResult, args: ExecutionArgs): ExecutionResult | Promise<ExecutionResult> {
  return result.errors === undefined ? result : (execute(args) as ReturnType<ExecuteOperation>);
}
