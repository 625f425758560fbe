// What every resolver of one operation shares: the services, the loaders, and the deadline. Made as far as it is used: what
// memory answers needs no loader, no signal and no timer.
import { type AbortSignalLike, AbortSwitch } from '../domain/abort.js';
import { anyone, type Caller } from '../domain/caller.js';
import type { PackedText } from '../domain/packed-text.js';
import { requestIdOf } from '../domain/request-id.js';
import { CrawlgateError } from '../errors.js';
import type { RequestTrace } from '../observability/tracing.js';
import { createLoaders, type Loaders } from './loaders.js';
import { type CostMeter, createCostMeter } from './request-cost.js';
import type { ResponseNotes } from './response-notes.js';
import type { GatewayServices } from './services.js';

/** The GraphQL context of one operation. */
export interface GatewayContext {
  readonly services: GatewayServices;
  readonly loaders: Loaders;
  readonly caller: Caller;
  /** Aborted at the deadline, which counts from when it is first asked for, or when the client has gone. */
  readonly signal: AbortSignalLike;
  readonly notes: ResponseNotes;
  /** Whether there are any notes; none are made to find that out. */
  readonly hasNotes: () => boolean;
  /** Milliseconds of `services.elapsed` when the operation began. */
  readonly startedAt: number;
  /** Of the HTTP request; null without one. */
  readonly requestId: string | null;
  /** Counts along where the caller asked what the request costs; null for all others. */
  readonly cost: CostMeter | null;
  /** Of the request, where requests are traced. */
  readonly trace: RequestTrace | null;
  /** Where the answer's body takes packed texts as they are: notes one, and gives the string that stands for it there. */
  readonly splice: SpliceText | null;
  /** Ends timer and listener; called once the operation is answered. Calling it twice is harmless. */
  readonly release: () => void;
}

/** Takes a packed text that is known to be sound (`checkPacked`) into the answer; its placeholder. */
export type SpliceText = (packed: PackedText) => string;

/** A request that was let in. */
export interface Admitted {
  readonly caller: Caller;
}

/** What is known of a request before its operation runs. */
export interface InitialContext extends Partial<Admitted> {
  /** Whatever the client can abort. */
  readonly request?: { readonly signal?: AbortSignalLike | null };
  readonly splice?: SpliceText;
  /** Node's own request; the server has seen to it that its id is safe. */
  readonly req?: { readonly headers: Readonly<Record<string, unknown>> };
}

/** Calls `due` after `ms` milliseconds unless the function it returns was called before. */
export type StartTimer = (ms: number, due: () => void) => () => void;

/** Makes the contexts. */
export function createContextFactory(deps: {
  readonly services: GatewayServices;
  readonly startTimer?: StartTimer;
}): (initial: InitialContext) => GatewayContext {
  const { services, startTimer = startUnreferencedTimer } = deps;
  return (initial) => new OperationContext(services, startTimer, initial);
}

/** A context with all of its parts made, as properties of its own: for a pipeline that copies them (yoga's). */
export function completeContext(context: GatewayContext): GatewayContext {
  const { services, caller, loaders, signal, notes, splice, startedAt, requestId, cost, trace } = context;
  return {
    ...{ services, caller, loaders, signal, notes, splice, startedAt, requestId, cost, trace },
    hasNotes: () => context.hasNotes(),
    release: () => context.release(),
  };
}

/** A class, so that making one costs no more than its fields: most requests use none of the rest. */
class OperationContext implements GatewayContext {
  readonly services: GatewayServices;
  readonly caller: Caller;
  readonly splice: SpliceText | null;
  readonly startedAt: number;
  readonly cost: CostMeter | null;
  readonly #startTimer: StartTimer;
  readonly #initial: InitialContext;
  #notes: ResponseNotes | undefined;
  #loaders: Loaders | undefined;
  #ending: AbortSwitch | undefined;
  #end: (() => void) | undefined;
  #isReleased = false;

  constructor(services: GatewayServices, startTimer: StartTimer, initial: InitialContext) {
    this.services = services;
    this.caller = initial.caller ?? anyone;
    this.splice = initial.splice ?? null;
    this.startedAt = services.elapsed();
    this.cost = initial.req?.headers['x-crawlgate-cost'] === '1' ? createCostMeter() : null;
    this.#startTimer = startTimer;
    this.#initial = initial;
  }

  get trace(): RequestTrace | null {
    const { req } = this.#initial;
    return req === undefined ? null : (this.services.traceOf?.(req) ?? null);
  }

  get requestId(): string | null {
    return requestIdOf(this.#initial.req?.headers);
  }

  get notes(): ResponseNotes {
    this.#notes ??= new Map();
    return this.#notes;
  }

  hasNotes(): boolean {
    return this.#notes !== undefined && this.#notes.size > 0;
  }

  get loaders(): Loaders {
    const { readResults, readSessions } = this.services;
    this.#loaders ??= createLoaders({
      readResults,
      readSessions,
      signal: () => this.signal,
      follow: this.cost?.follow,
      trace: this.trace,
    });
    return this.#loaders;
  }

  get signal(): AbortSignalLike {
    this.#ending ??= this.#startWaiting();
    return this.#ending;
  }

  release(): void {
    this.#isReleased = true;
    this.#end?.();
    this.#end = undefined;
  }

  #startWaiting(): AbortSwitch {
    const clientSignal = this.#initial.request?.signal ?? null;
    const ending = new AbortSwitch();
    if (this.#isReleased) return ending;
    const clientGone = (): void => ending.abort(clientSignal?.reason);
    const { deadlineMs } = this.services.limits;
    const stopTimer = this.#startTimer(deadlineMs, () =>
      ending.abort(
        new CrawlgateError('DEADLINE_EXCEEDED', `The request was not answered within ${deadlineMs} ms.`, {}),
      ),
    );
    if (clientSignal?.aborted) clientGone();
    else clientSignal?.addEventListener('abort', clientGone, { once: true });
    this.#end = () => {
      stopTimer();
      clientSignal?.removeEventListener('abort', clientGone);
    };
    return ending;
  }
}

function startUnreferencedTimer(ms: number, due: () => void): () => void {
  const timer = setTimeout(due, ms).unref();
  return () => clearTimeout(timer);
}
