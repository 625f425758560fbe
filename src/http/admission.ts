// What a GraphQL request passes before a byte of its body is read: a caller, and that caller's rate.
import type { IncomingMessage } from 'node:http';
import type { Authorize, Entry } from './auth/authorize.js';
import { addressOf, type CallerRate } from './auth/caller-rate.js';
import { tooManyRequests } from './refusal.js';

/** Lets a request in, or says what it is answered. At once, but for a token that was not seen lately. */
export type Admit = (request: IncomingMessage) => Entry | Promise<Entry>;

/** What admission takes. */
export interface AdmissionDeps {
  readonly authorize: Authorize;
  /** Null where callers may ask as often as they like. */
  readonly rate: CallerRate | null;
}

/** Makes the admission of one server. */
export function createAdmission({ authorize, rate }: AdmissionDeps): Admit {
  if (rate === null) return (request) => authorize(request, 'read');

  function rated(entry: Entry, request: IncomingMessage, { count }: CallerRate): Entry {
    // Who is refused was counted by whoever refused it.
    if (entry.kind === 'refused') return entry;
    const { name } = entry.caller;
    const seconds = count(name === null ? addressOf(request) : `caller ${name}`);
    return seconds === null ? entry : { kind: 'refused', refusal: tooManyRequests(seconds) };
  }

  return (request) => {
    const entry = authorize(request, 'read');
    return entry instanceof Promise ? entry.then((late) => rated(late, request, rate)) : rated(entry, request, rate);
  };
}
