// What plugins' hooks are handed on the short way. Hooks take the functions off it, so each must be bound to it: a getter makes
// one where it is asked for, which for most of them is never.
import type { ExecutionArgs, ExecutionResult } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import type { GatewayContext, InitialContext } from './context.js';

/** A plugin's hook on execution. */
export type OnOperation = NonNullable<Plugin<GatewayContext>['onExecute']>;

/** Called once an operation was executed. One that is made once for all operations costs none of them anything. */
export type OnOperationDone = NonNullable<Exclude<Awaited<ReturnType<OnOperation>>, void>['onExecuteDone']>;

type Execute = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;

// An object for each request. One for all would hold on to the last request, and its garbage to all that came after it.
/** To hooks on parameters. */
export class ParamsPayload {
  params: GraphQLParams;
  readonly request: Request;
  readonly context: InitialContext;
  /** False once a hook has asked for more than other parameters. */
  isPlain = true;

  constructor(params: GraphQLParams, request: Request, context: InitialContext) {
    this.params = params;
    this.request = request;
    this.context = context;
  }

  get setParams(): (changed: GraphQLParams) => void {
    return (changed) => {
      this.params = changed;
    };
  }

  get setParamsHandler(): () => void {
    return this.#refuse();
  }

  get setResult(): () => void {
    return this.#refuse();
  }

  #refuse(): () => void {
    return () => {
      this.isPlain = false;
    };
  }
}

/** To hooks on execution, before it. */
export class ExecutePayload {
  readonly args: ExecutionArgs;
  executeFn: Execute | undefined = undefined;
  stopped: ExecutionResult | undefined = undefined;

  constructor(args: ExecutionArgs) {
    this.args = args;
  }

  get context(): object {
    return this.args.contextValue as object;
  }

  get setExecuteFn(): (run: Execute) => void {
    return (run) => {
      this.executeFn = run;
    };
  }

  get setResultAndStopExecution(): (result: ExecutionResult) => void {
    return (result) => {
      this.stopped = result;
    };
  }

  get extendContext(): (extension: object) => void {
    return (extension) => Object.assign(this.context, extension);
  }
}

/** To hooks on execution, after it. */
export class DonePayload {
  readonly args: ExecutionArgs;
  result: ExecutionResult;

  constructor(args: ExecutionArgs, result: ExecutionResult) {
    this.args = args;
    this.result = result;
  }

  get setResult(): (changed: ExecutionResult) => void {
    return (changed) => {
      this.result = changed;
    };
  }
}
