// Small pieces that several views show the same way.
import { resultAddress } from './address.js';
import { type Child, h } from './dom.js';
import type { Head } from './queries.js';
import { ago, count, moment } from './words.js';

/** Characters of a text that are laid out at once; a page of megabytes would hold the browser up. */
export const laidOutMost = 200_000;

/** Says that a text is longer than what is laid out of it; null where it is not. */
export function capNote({ length }: string): HTMLElement | null {
  if (length <= laidOutMost) return null;
  const words = `Only the first ${count(laidOutMost)} of ${count(length)} characters are shown; Source has all of them.`;
  return h('p', { class: 'note poor' }, words);
}

/** A moment as people say it, with the exact one beside the pointer and for machines. */
export function timeOf(at: string | null): HTMLElement {
  if (at === null) return h('span', {}, 'at an unknown time');
  const ms = Date.parse(at);
  return h('time', { datetime: at, title: `${moment(ms)} (${at})` }, ago(ms, Date.now()));
}

/** Success or failure in a word, with the HTTP status. */
export function badge({ success, statusCode }: Pick<Head, 'success' | 'statusCode'>): HTMLElement {
  const word = success ? 'ok' : 'failed';
  return h(
    'span',
    { class: `badge ${success ? 'good' : 'bad'}` },
    statusCode === null ? word : `${statusCode} ${word}`,
  );
}

/** A link to what is stored under a URL: within the page, never out of it. */
export function lookupLink(url: string, ...children: readonly Child[]): HTMLElement {
  return h('a', { href: resultAddress(url), 'data-within': true }, ...(children.length === 0 ? [url] : children));
}

/** A list that shows its first entries, and the rest when asked. */
export function longList<Entry>(
  entries: readonly Entry[],
  draw: (entry: Entry) => HTMLElement,
  first = 100,
  className = 'plain',
): HTMLElement {
  const list = h('ul', { class: className }, ...entries.slice(0, first).map(draw));
  const rest = entries.length - first;
  if (rest <= 0) return list;
  const more = h('button', { type: 'button' }, `Show the other ${rest}`);
  more.addEventListener('click', () => {
    const added = entries.slice(first).map(draw);
    list.append(...added);
    more.remove();
    added[0]?.querySelector('a')?.focus();
  });
  return h('div', {}, list, more);
}
