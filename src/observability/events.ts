// What happens inside, one function per event. Tiers call these; logs and metrics are the sinks.
import type { LookupAnswer } from '../domain/follow.js';
import type { CrawlgateError, RefusalCode } from '../errors.js';

/**
 * How an operation ended: `ok` without errors, `errors` with some, `refused` before it was executed, `abandoned` by a caller who
 * left before its end, which is nobody's error.
 */
export type OperationOutcome = 'ok' | 'errors' | 'refused' | 'abandoned';

/** Every event. URLs go to logs only; counters never carry them. */
export interface Events {
  /** `keys` keys of one question were answered alike by the memory tier or what is below it; at least one. */
  lookup(event: { readonly answer: LookupAnswer; readonly fromMemory: boolean; readonly keys: number }): void;
  /** One of these keys, with what a log says of it; only where the log says so much. */
  lookedUp(event: {
    readonly url: string;
    readonly answer: LookupAnswer;
    readonly durationMs: number;
    /** Bytes of what was found; null where nothing was. */
    readonly sizeBytes: number | null;
    readonly requestId: string | null;
    readonly error: CrawlgateError | null;
  }): void;
  /** One call of DynamoDB came back, whatever it brought. Units are DynamoDB's own count. */
  storeCall(event: {
    readonly operation: string;
    readonly keys: number;
    readonly durationMs: number;
    readonly readUnits: number;
    readonly writeUnits: number;
    readonly error: CrawlgateError | null;
    /** The URL that it is about, the first of several; not where it went well. */
    readonly url?: string | null;
  }): void;
  /** Keys that must be asked for again, after an exception or as unprocessed. */
  retried(event: { readonly operation: string; readonly keys: number; readonly reason: string }): void;
  /** The circuit before the store opened, or closed after `downMs` milliseconds. */
  circuitChanged(event: { readonly state: 'OPEN' | 'CLOSED'; readonly downMs: number }): void;
  /** One GraphQL operation was answered. */
  operation(event: {
    /** As the document has it, cut after a hundred characters; null where it has none or was refused. */
    readonly name: string | null;
    readonly type: 'query' | 'mutation' | 'unknown';
    readonly outcome: OperationOutcome;
    /** From its context to its result; 0 where it was refused. */
    readonly durationMs: number;
    /** Of the request that it came with. */
    readonly requestId: string | null;
    /** The codes of its errors, each once. */
    readonly codes: readonly string[];
  }): void;
  /** A request was refused before it reached GraphQL. */
  refusedRequest(event: {
    readonly code: RefusalCode;
    /** Null where nothing came that could have one. */
    readonly requestId: string | null;
    /** IP address that it came from; null where that has gone. */
    readonly address: string | null;
  }): void;
  /** An error left the gateway masked; this is its cause, said once. */
  unexpectedError(event: { readonly where: string; readonly error: unknown }): void;
  /** Something an operator should read: the embedded engine's life, a layout found, a problem survived. */
  notice(event: { readonly level: 'info' | 'warn' | 'error'; readonly message: string }): void;
}

/** Calls every sink in turn. */
export function fanOut(sinks: readonly Events[]): Events {
  return {
    lookup: (event) => {
      for (const sink of sinks) sink.lookup(event);
    },
    lookedUp: (event) => {
      for (const sink of sinks) sink.lookedUp(event);
    },
    storeCall: (event) => {
      for (const sink of sinks) sink.storeCall(event);
    },
    retried: (event) => {
      for (const sink of sinks) sink.retried(event);
    },
    circuitChanged: (event) => {
      for (const sink of sinks) sink.circuitChanged(event);
    },
    operation: (event) => {
      for (const sink of sinks) sink.operation(event);
    },
    refusedRequest: (event) => {
      for (const sink of sinks) sink.refusedRequest(event);
    },
    unexpectedError: (event) => {
      for (const sink of sinks) sink.unexpectedError(event);
    },
    notice: (event) => {
      for (const sink of sinks) sink.notice(event);
    },
  };
}

/** A sink that hears nothing; a base for sinks that hear some events only. */
export const silentEvents: Events = {
  lookup: () => undefined,
  lookedUp: () => undefined,
  storeCall: () => undefined,
  retried: () => undefined,
  circuitChanged: () => undefined,
  operation: () => undefined,
  refusedRequest: () => undefined,
  unexpectedError: () => undefined,
  notice: () => undefined,
};
