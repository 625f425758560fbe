// What a GraphQL request passes before a byte of its body is read: room, a caller, and that caller's rate.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authorize, Entry } from './auth/authorize.js';
import type { CountRequest } from './auth/caller-rate.js';
import type { Refusal } from './refusal.js';

/** Lets a request in, or says what it is answered. At once, but for a token that was not seen lately. */
export type Admit = (request: IncomingMessage, response: ServerResponse) => Entry | Promise<Entry>;

/** What admission takes. */
export interface AdmissionDeps {
  readonly authorize: Authorize;
  /** Requests that are answered at once; one more is turned away instead of waiting with all it holds. */
  readonly maxInFlight: number;
  /** Null where callers may ask as often as they like. */
  readonly countRequest: CountRequest | null;
}

/** Makes the admission of one server. */
export function createAdmission({ authorize, maxInFlight, countRequest }: AdmissionDeps): Admit {
  let inFlight = 0;
  const leave = (): void => {
    inFlight -= 1;
  };

  function rated(entry: Entry, request: IncomingMessage): Entry {
    if (countRequest === null) return entry;
    // Who is refused is counted by address: guessing keys must not be free, and must not cost a caller its own minute.
    const name = entry.kind === 'entered' ? entry.caller.name : null;
    const seconds = countRequest(name === null ? `address ${request.socket.remoteAddress}` : `caller ${name}`);
    return seconds === null ? entry : { kind: 'refused', refusal: tooMany(seconds) };
  }

  return (request, response) => {
    if (inFlight >= maxInFlight) return tooBusy;
    inFlight += 1;
    response.once('close', leave);
    const entry = authorize(request, 'read');
    return entry instanceof Promise ? entry.then((late) => rated(late, request)) : rated(entry, request);
  };
}

const tooBusy: Entry = {
  kind: 'refused',
  refusal: {
    status: 503,
    code: 'TOO_BUSY',
    message: 'The gateway is answering as many requests as it may (CRAWLGATE_MAX_IN_FLIGHT).',
    headers: { 'retry-after': '1' },
  },
};

function tooMany(seconds: number): Refusal {
  return {
    status: 429,
    code: 'TOO_MANY_REQUESTS',
    message: 'This caller has asked as often as it may in a minute (CRAWLGATE_MAX_REQUESTS_PER_MINUTE).',
    headers: { 'retry-after': String(seconds) },
  };
}
