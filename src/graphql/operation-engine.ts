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
import type { GatewayContext } from './context.js';
import { type Asked, planLookups } from './lookup-plan.js';
import { createPreparedLookups, type PreparedLookups } from './prepared-lookups.js';
import { createPreparedParts } from './prepared-parts.js';

/** Executes one operation, as graphql-js's `execute` does. */
export type ExecuteOperation = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;

/** How often an operation is run before it is compiled, which takes as long as some dozens of runs. */
const runsBefore = 3;
const maxCompiled = 128;

/** Bytes of the parts of answers that are kept ready, beside what memory holds. */
const maxPreparedBytes = 16_777_216;

/**
 * Makes the engine. What it learns of an operation it keeps by the operation's node, which is one for all requests of
 * one text (documents are parsed once) and another for each operation of a document; it is forgotten with the document.
 */
export function createOperationEngine(options: { readonly runsBefore?: number } = {}): ExecuteOperation {
  const needed = options.runsBefore ?? runsBefore;
  const runs = new WeakMap<OperationDefinitionNode, number>();
  // Only what has come several times gets here: texts that come once push nothing out.
  const compiled = new LRUCache<OperationDefinitionNode, CompiledOperation>({ max: maxCompiled });
  const parts = createPreparedParts(maxPreparedBytes);

  function compiledFor({ schema, document, operationName, contextValue }: ExecutionArgs): CompiledOperation | null {
    const operation = getOperationAST(document, operationName);
    if (operation == null) return null;
    const known = compiled.get(operation);
    if (known !== undefined) return known;
    const count = runs.get(operation) ?? 0;
    runs.set(operation, count + 1);
    if (count !== needed || !isCompilable(document, operation)) return null;
    const { compileQuery, isCompiledQuery } = loadCompiler();
    const made = compileQuery(schema, document, operationName ?? '', { disablingCapturingStackErrors: true });
    if (!isCompiledQuery(made)) return null;
    const { services } = contextValue as GatewayContext;
    const plan = planLookups({ schema, document }, operation, services);
    const prepared = plan === null ? null : createPreparedLookups(plan, parts);
    const result = { operation, query: made.query, prepared };
    compiled.set(operation, result);
    // Should it fall out of the cache it starts over.
    runs.delete(operation);
    return result;
  }

  return (args) => {
    const runnable = compiledFor(args);
    if (runnable === null) return execute(args) as ReturnType<ExecuteOperation>;
    const context = args.contextValue as GatewayContext;
    // Where packed texts go into the body as they are, JSON that is ready may too.
    const prepared = context.splice === null ? null : runnable.prepared;
    const asked = prepared?.read(args.variableValues ?? none) ?? null;
    if (prepared === null || asked === null) return runCompiled(runnable, args, null);
    const data = prepared.answer(asked, context);
    return data === null ? runCompiled(runnable, args, { prepared, asked }) : { data: data as never };
  };
}

interface CompiledOperation {
  readonly operation: OperationDefinitionNode;
  readonly query: CompiledQuery['query'];
  /** Null where it is more than lookups of small fields. */
  readonly prepared: PreparedLookups | null;
}

const none: Readonly<Record<string, unknown>> = {};

function runCompiled(
  { operation, query }: CompiledOperation,
  args: ExecutionArgs,
  lookups: { readonly prepared: PreparedLookups; readonly asked: readonly Asked[] } | null,
): ExecutionResult | Promise<ExecutionResult> {
  const context = args.contextValue as GatewayContext;
  const given = args.variableValues ?? none;
  const variables = lookups?.prepared.isPlain === true ? given : coerced(args.schema, operation, given);
  // Variables that do not fit are graphql-js's to refuse, in its own words.
  if (variables === null) return execute(args) as ReturnType<ExecuteOperation>;
  const startMs = lookups === null ? 0 : context.services.now();
  const result = query(args.rootValue, context, variables);
  if (result instanceof Promise) return result.then((done) => orAgain(done, args));
  if (result.errors === undefined && result.data != null) {
    lookups?.prepared.learn(result.data, lookups.asked, context, startMs);
  }
  return orAgain(result, args);
}

/** A hundred files that a start needs none of. */
function loadCompiler(): typeof import('graphql-jit') {
  return createRequire(import.meta.url)('graphql-jit');
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
