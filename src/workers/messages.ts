// What goes over the channels between the primary process and its workers.

/** To a worker. */
export type ToWorker =
  /** The first message: who it is, where to listen, and the engine that the primary process has started for all. */
  | {
      readonly kind: 'start';
      readonly process: number;
      readonly place: number;
      readonly port: number;
      readonly engine: EngineOfAll | null;
    }
  | {
      readonly kind: 'question';
      readonly id: number;
      readonly topic: string;
      readonly question: unknown;
      readonly from: number;
      readonly must: boolean;
    }
  /** All the answers to what it asked with `id`. */
  | { readonly kind: 'answers'; readonly id: number; readonly answers: readonly unknown[] }
  | { readonly kind: 'gone'; readonly process: number }
  /** Every worker has said this: it may go on. */
  | { readonly kind: 'goOn'; readonly phase: Phase }
  /** Take no more requests, answer those that are here, say that you are drained, go on when told, end. */
  | { readonly kind: 'stop' };

/** From a worker. */
export type FromWorker =
  | {
      readonly kind: 'ask';
      readonly id: number;
      readonly topic: string;
      readonly question: unknown;
      /** Its own answer, of a topic whose answers are kept; else empty. */
      readonly own: readonly unknown[];
      readonly must: boolean;
    }
  /** Its answer to the question `id`; `answers` is empty where it has none. */
  | { readonly kind: 'answer'; readonly id: number; readonly answers: readonly unknown[] }
  | { readonly kind: 'reached'; readonly phase: Phase }
  /** It listens to the channel: what was said before is lost. */
  | { readonly kind: 'hears' }
  /** It has loaded most of what it takes, and is to be told from now on what is asked. */
  | { readonly kind: 'joins' }
  /** Requests are answered. */
  | { readonly kind: 'serving'; readonly facts: ServingFacts }
  /** It cannot start; `line` says why to whoever starts the gateway, null: it has told the log. */
  | { readonly kind: 'failed'; readonly line: string | null };

/** The embedded engine as every worker needs to know it. */
export interface EngineOfAll {
  readonly endpoint: string;
  readonly folder: string | null;
  readonly portTaken: number | null;
}

/** What the start lines say of a worker that serves. */
export interface ServingFacts {
  readonly address: { readonly host: string; readonly port: number };
  readonly layout: string | null;
}

/** What workers wait for one another with: having read their snapshots, having answered their last request. */
export type Phase = 'ready' | 'drained';

/** Node's own messages on the channel never get here; anything else is not ours. */
function isMessage(message: unknown): message is { readonly kind: string } {
  return typeof message === 'object' && message !== null && 'kind' in message && typeof message.kind === 'string';
}

/** Whether it is one of a worker's. */
export function isFromWorker(message: unknown): message is FromWorker {
  return isMessage(message) && fromWorker.has(message.kind);
}

/** Whether it is one of the primary process's. */
export function isToWorker(message: unknown): message is ToWorker {
  return isMessage(message) && toWorker.has(message.kind);
}

const fromWorker: ReadonlySet<string> = new Set(['ask', 'answer', 'reached', 'hears', 'joins', 'serving', 'failed']);
const toWorker: ReadonlySet<string> = new Set(['start', 'question', 'answers', 'gone', 'goOn', 'stop']);
