// What went wrong, in words, at the place where it matters.
import { type ApiError, KeyNeeded, Refused, Unreachable } from './api.js';
import { h } from './dom.js';
import { many } from './words.js';

const sentences: Readonly<Record<string, string>> = {
  STORE_UNAVAILABLE: 'The store does not answer, and memory does not hold this.',
  STORE_THROTTLED: 'The store is over its capacity.',
  STORE_FORBIDDEN: 'The store refuses the gateway: its credentials or permissions are wrong, or there are none.',
  STORE_MISCONFIGURED: 'The table is not there, or has keys of another kind.',
  DEADLINE_EXCEEDED: 'The store took longer than a request may take.',
  TOO_BUSY: 'The gateway has as many requests under way as it takes.',
  TOO_MANY_REQUESTS: 'More was asked than this caller may ask in a while.',
  PERSISTED_QUERY_ONLY:
    'The gateway does not know what this page asks: it is another version by now. Load the page again.',
  KEYS_UNAVAILABLE: 'The gateway cannot check keys at present.',
};

/** What an error means, and when to try again where the gateway says so. */
export function wordsOf({ message, extensions, retryAfter }: ApiError): string {
  const why = sentences[extensions?.code ?? ''] ?? message;
  return retryAfter === undefined ? why : `${why} Try again in ${many(retryAfter, 'second')}.`;
}

/** A failed answer as an element that a screen reader reads out; `retry` is offered where it is given. */
export function errorNote(what: string, errors: readonly ApiError[], retry?: () => void): HTMLElement {
  const [first] = errors;
  const code = first?.extensions?.code ?? '';
  const why = first === undefined ? '' : wordsOf(first);
  return h(
    'div',
    { class: 'note bad', role: 'alert' },
    h('p', {}, h('strong', {}, what), why === '' ? '' : ` ${why}`, code === '' ? null : h('code', {}, code)),
    retry === undefined ? null : h('button', { type: 'button', onclick: retry }, 'Try again'),
  );
}

/** The same for what was thrown; null for what needs no words: an aborted question, a key that is asked for elsewhere. */
export function thrownNote(what: string, error: unknown, retry?: () => void): HTMLElement | null {
  if (error instanceof KeyNeeded || (error instanceof DOMException && error.name === 'AbortError')) return null;
  if (error instanceof Refused) return errorNote(what, [error.error], retry);
  const message = error instanceof Unreachable ? error.message : String(error);
  return errorNote(what, [{ message }], retry);
}
