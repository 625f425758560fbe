// What happens inside, one function per event. Tiers call these; logs and metrics are the sinks.
import type { CrawlgateError } from '../errors.js';

/** How one lookup was answered. */
export type LookupAnswer = 'fresh' | 'stale' | 'store' | 'absent' | 'failed';

/** Every event. URLs go to logs only; counters never carry them. */
export interface Events {
  /** `keys` keys of one question were answered alike by the memory tier or what is below it; at least one. */
  lookup(event: { readonly answer: LookupAnswer; readonly fromMemory: boolean; readonly keys: number }): void;
  /** One call of DynamoDB came back, whatever it brought. Units are DynamoDB's own count. */
  storeCall(event: {
    readonly operation: string;
    readonly keys: number;
    readonly durationMs: number;
    readonly readUnits: number;
    readonly writeUnits: number;
    readonly error: CrawlgateError | null;
  }): void;
  /** Keys that must be asked for again, after an exception or as unprocessed. */
  retried(event: { readonly operation: string; readonly keys: number; readonly reason: string }): void;
  /** The circuit before the store opened, or closed after `downMs` milliseconds. */
  circuitChanged(event: { readonly state: 'OPEN' | 'CLOSED'; readonly downMs: number }): void;
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
    storeCall: (event) => {
      for (const sink of sinks) sink.storeCall(event);
    },
    retried: (event) => {
      for (const sink of sinks) sink.retried(event);
    },
    circuitChanged: (event) => {
      for (const sink of sinks) sink.circuitChanged(event);
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
  storeCall: () => undefined,
  retried: () => undefined,
  circuitChanged: () => undefined,
  unexpectedError: () => undefined,
  notice: () => undefined,
};
