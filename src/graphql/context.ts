// What every resolver of one operation shares: the services, the loaders, and the deadline.
import { setMaxListeners } from 'node:events';
import type { PackedText } from '../domain/packed-text.js';
import { CrawlgateError } from '../errors.js';
import { createLoaders, type Loaders } from './loaders.js';
import type { ResponseNotes } from './response-notes.js';
import type { GatewayServices } from './services.js';

/** The GraphQL context of one operation. */
export interface GatewayContext {
  readonly services: GatewayServices;
  readonly loaders: Loaders;
  /** Aborted at the deadline, or when the client has gone. */
  readonly signal: AbortSignal;
  readonly notes: ResponseNotes;
  /** Where the answer's body takes packed texts as they are: notes one, and gives the string that stands for it there. */
  readonly splice: SpliceText | null;
  /** Ends timer and listener; called once the operation is answered. Calling it twice is harmless. */
  readonly release: () => void;
}

/** Takes a packed text that is known to be sound (`checkPacked`) into the answer; its placeholder. */
export type SpliceText = (packed: PackedText) => string;

/** What is known of a request before its operation runs. */
export interface InitialContext {
  /** Whatever the client can abort. */
  readonly request?: { readonly signal?: AbortSignal | null };
  readonly splice?: SpliceText;
}

/** Calls `due` after `ms` milliseconds unless the function it returns was called before. */
export type StartTimer = (ms: number, due: () => void) => () => void;

/** Makes the contexts. */
export function createContextFactory(deps: {
  readonly services: GatewayServices;
  readonly startTimer?: StartTimer;
}): (initial: InitialContext) => GatewayContext {
  const { services, startTimer = startUnreferencedTimer } = deps;
  const { deadlineMs } = services.limits;
  return (initial) => {
    const clientSignal = initial.request?.signal ?? null;
    // A controller of our own: AbortSignal.any would keep every request on the client signal's list.
    const controller = new AbortController();
    // Every call made for the request listens to it, dozens at a time; Node would warn of a leak from the 11th on.
    setMaxListeners(0, controller.signal);
    const clientGone = (): void => controller.abort(clientSignal?.reason);
    const stopTimer = startTimer(deadlineMs, () =>
      controller.abort(
        new CrawlgateError('DEADLINE_EXCEEDED', `The request was not answered within ${deadlineMs} ms.`, {}),
      ),
    );
    if (clientSignal?.aborted) clientGone();
    else clientSignal?.addEventListener('abort', clientGone, { once: true });
    return {
      services,
      loaders: createLoaders({ ...services, signal: controller.signal }),
      signal: controller.signal,
      notes: new Map(),
      splice: initial.splice ?? null,
      release: () => {
        stopTimer();
        clientSignal?.removeEventListener('abort', clientGone);
      },
    };
  };
}

function startUnreferencedTimer(ms: number, due: () => void): () => void {
  const timer = setTimeout(due, ms).unref();
  return () => clearTimeout(timer);
}
