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

/** What it needs of the pipeline. */
export interface KnownOperationsDeps {
  readonly schema: GraphQLSchema;
  /** All plugins of the pipeline, in order. */
  readonly plugins: readonly Pick<Plugin, 'onParams' | 'onExecute'>[];
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

type OnExecute = NonNullable<Plugin['onExecute']>;
type ExecutePayload = Parameters<OnExecute>[0];
type OnExecuteDone = NonNullable<Exclude<Awaited<ReturnType<OnExecute>>, void>['onExecuteDone']>;

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
  function seenParams({ params: given, request, initial }: OperationRequest): GraphQLParams | null {
    let isPlain = true;
    const refuse = (): void => {
      isPlain = false;
    };
    const payload = {
      params: given,
      request,
      context: initial,
      setParams(changed: GraphQLParams) {
        payload.params = changed;
      },
      setParamsHandler: refuse,
      setResult: refuse,
    };
    for (const onParams of paramsHooks) {
      const waiting = onParams(payload as unknown as Parameters<typeof onParams>[0]);
      if (waiting instanceof Promise) {
        // It is asked again on the whole way, and heard there.
        waiting.catch(() => undefined);
        return null;
      }
      if (!isPlain) return null;
    }
    return payload.params;
  }

  function knownDocument({ query, operationName }: GraphQLParams): DocumentNode | null {
    const document = query === undefined ? undefined : documents.get(query);
    if (document === undefined || !valid.has(document)) return null;
    return getOperationAST(document, operationName)?.operation === 'query' ? document : null;
  }

  function execute(args: ExecutionArgs): ExecutionResult | Promise<ExecutionResult> {
    let stopped: ExecutionResult | undefined;
    const doneHooks: OnExecuteDone[] = [];
    const payload = {
      args,
      context: args.contextValue as object,
      executeFn: undefined as ExecutePayload['executeFn'] | undefined,
      setExecuteFn(run: ExecutePayload['executeFn']) {
        payload.executeFn = run;
      },
      setResultAndStopExecution(result: ExecutionResult) {
        stopped = result;
      },
      extendContext: (extension: object) => Object.assign(payload.context, extension),
    };
    for (const onExecute of executeHooks) {
      const after = onExecute(payload as unknown as ExecutePayload);
      if (after instanceof Promise) throw new Error('a plugin waits before it lets operations be executed');
      if (after?.onExecuteDone !== undefined) doneHooks.push(after.onExecuteDone);
      if (stopped !== undefined) break;
    }
    const result: ExecutionResult | Promise<ExecutionResult> = stopped ?? payload.executeFn?.(args);
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

function finish(result: ExecutionResult, args: ExecutionArgs, hooks: readonly OnExecuteDone[]): ExecutionResult {
  const payload = {
    args,
    result,
    setResult(changed: ExecutionResult) {
      payload.result = changed;
    },
  };
  for (const onExecuteDone of hooks) onExecuteDone(payload as unknown as Parameters<OnExecuteDone>[0]);
  return payload.result;
}
