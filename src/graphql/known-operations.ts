// Queries that were run before go straight to execution: their text was parsed and found valid once, and is not again.
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import type { GatewayContext, InitialContext } from './context.js';
import {
  DonePayload,
  ExecutePayload,
  type OnOperation,
  type OnOperationDone,
  ParamsPayload,
} from './operation-payloads.js';

/** What it needs of the pipeline. */
export interface KnownOperationsDeps {
  readonly schema: GraphQLSchema;
  /** All plugins of the pipeline, in order. */
  readonly plugins: readonly Pick<Plugin<GatewayContext>, 'onParams' | 'onExecute'>[];
  /** Parsed documents by their text, as yoga's parser keeps them. */
  readonly documents: { get(text: string): DocumentNode | undefined };
  readonly createContext: (initial: InitialContext) => GatewayContext;
}

/** A request as the pipeline takes it. */
export interface OperationRequest {
  readonly params: GraphQLParams;
  readonly request: Request;
  readonly initial: InitialContext;
}

/** The short way through the pipeline. */
export interface KnownOperations {
  /** The result, as the pipeline would give it; null where the operation must take the whole way. */
  run(asked: OperationRequest): ExecutionResult | Promise<ExecutionResult> | null;
  /** To be told of what took the whole way: the parameters that `run` was asked with, and what came of them. */
  learn(params: GraphQLParams, result: object): void;
}

/**
 * Nothing is lost on it for plugins on parameters and on execution: theirs are called as ever, and must not wait. What a
 * plugin does to parsing and validation must follow from the text alone: it was done when the text first came, and yoga's
 * own cache of validations asks the same of it. `onContextBuilding` and `onExecutionResult` are not called.
 */
export function createKnownOperations(deps: KnownOperationsDeps): KnownOperations {
  const { schema, plugins, documents, createContext } = deps;
  const paramsHooks = plugins.flatMap(({ onParams }) => onParams ?? []);
  const executeHooks = plugins.flatMap(({ onExecute }) => onExecute ?? []);
  const valid = new WeakSet<DocumentNode>();
  /** What plugins made of parameters that take the whole way: an id sent has become a text. */
  const resolved = new WeakMap<GraphQLParams, GraphQLParams>();

  /** The parameters after the plugins have seen them; null where one does more than look at them or exchange them. */
  function seenParams({ params, request, initial }: OperationRequest): GraphQLParams | null {
    const payload = new ParamsPayload(params, request, initial);
    for (const onParams of paramsHooks) {
      const waiting = onParams(payload as unknown as Parameters<typeof onParams>[0]);
      if (waiting instanceof Promise) {
        // It is asked again on the whole way, and heard there.
        waiting.catch(() => undefined);
        return null;
      }
      if (!payload.isPlain) return null;
    }
    return payload.params;
  }

  function knownDocument({ query, operationName }: GraphQLParams): DocumentNode | null {
    const document = query === undefined ? undefined : documents.get(query);
    if (document === undefined || !valid.has(document)) return null;
    return getOperationAST(document, operationName)?.operation === 'query' ? document : null;
  }

  function execute(args: ExecutionArgs): ExecutionResult | Promise<ExecutionResult> {
    const payload = new ExecutePayload(args);
    const doneHooks: OnOperationDone[] = [];
    for (const onExecute of executeHooks) {
      const after = onExecute(payload as unknown as Parameters<OnOperation>[0]);
      if (after instanceof Promise) throw new Error('a plugin waits before it lets operations be executed');
      if (after?.onExecuteDone !== undefined) doneHooks.push(after.onExecuteDone);
      if (payload.stopped !== undefined) break;
    }
    const result: ExecutionResult | Promise<ExecutionResult> = payload.stopped ?? (payload.executeFn ?? noEngine)(args);
    return result instanceof Promise
      ? result.then((done) => finish(done, args, doneHooks))
      : finish(result, args, doneHooks);
  }

  return {
    run(asked) {
      const params = seenParams(asked);
      const document = params === null ? null : knownDocument(params);
      if (params === null) return null;
      if (document === null) {
        if (params !== asked.params) resolved.set(asked.params, params);
        return null;
      }
      return execute({
        schema,
        document,
        contextValue: createContext(asked.initial),
        variableValues: params.variables,
        operationName: params.operationName,
      });
    },

    learn(params, result) {
      const { query } = resolved.get(params) ?? params;
      // With `data` it was executed: nothing that stands before execution had anything against the text.
      const document = query === undefined || !('data' in result) ? undefined : documents.get(query);
      if (document !== undefined) valid.add(document);
    },
  };
}

function noEngine(): never {
  throw new Error('no plugin sets an engine');
}

function finish(result: ExecutionResult, args: ExecutionArgs, hooks: readonly OnOperationDone[]): ExecutionResult {
  const payload = new DonePayload(args, result);
  for (const onExecuteDone of hooks) onExecuteDone(payload as unknown as Parameters<OnOperationDone>[0]);
  return payload.result;
}
