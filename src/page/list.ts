// The newest results as a list, narrowed by filters that live in the address bar.
import { addressOf, type Filters, feedFilterOf, noFilters, type View } from './address.js';
import { ask, KeyNeeded } from './api.js';
import { append, fill, h, say } from './dom.js';
import { errorNote, thrownNote } from './errors.js';
import { createFilterForm } from './filter-form.js';
import { badge, lookupLink, timeOf } from './pieces.js';
import { type ListData, type Listed, listQuery } from './queries.js';
import { createSuggest } from './suggestions.js';
import { many, nameOf } from './words.js';

const pageSize = 20;

/** The list, until it is destroyed. */
export interface ListView {
  readonly element: HTMLElement;
  /** Takes the focus where the list is what was asked for. */
  readonly heading: HTMLElement;
  /** Resolves once the first answer is shown, whatever it says. */
  readonly loaded: Promise<void>;
  destroy(): void;
}

/** Shows the list under `filters`; `go` is called with the view of other ones. */
export function createList(
  filters: Filters,
  go: (view: View) => void,
  onKeyNeeded: (error: KeyNeeded) => void,
): ListView {
  const stop = new AbortController();
  const list = h('ol', { class: 'results', 'aria-label': 'Newest results' });
  const below = h('div', { class: 'below' });
  const note = h('p', { class: 'aside-note', role: 'status' });
  const title = filters.host === '' ? 'Newest results' : `Newest results of ${filters.host}`;
  const heading = h('h2', { id: 'newest', tabindex: '-1' }, title);
  let shown = 0;

  async function load(after: string | null): Promise<void> {
    list.setAttribute('aria-busy', 'true');
    note.textContent = 'Looking…';
    const variables = { first: pageSize, after, filter: feedFilterOf(filters, Date.now()) };
    try {
      const answer = await ask<ListData>(listQuery, variables, stop.signal);
      note.textContent = '';
      if (after === null) list.replaceChildren();
      if (answer.data === null) fill(below, errorNote('The list could not be read.', answer.errors, again(after)));
      else add(answer.data.crawlFeed, answer.scanned);
    } catch (error) {
      note.textContent = '';
      if (error instanceof KeyNeeded) onKeyNeeded(error);
      const words = thrownNote('The list could not be read.', error, again(after));
      if (words !== null) {
        if (after === null) list.replaceChildren();
        fill(below, words);
      }
    } finally {
      list.removeAttribute('aria-busy');
    }
  }

  const again = (after: string | null) => (): void => void load(after);

  function add({ edges, pageInfo }: ListData['crawlFeed'], scanned: boolean): void {
    const items = edges.map(({ node }) => itemOf(node));
    list.append(...items);
    const isFirst = shown === 0;
    shown += items.length;
    if (!isFirst) items[0]?.querySelector('a')?.focus();
    note.textContent = scanned
      ? 'This table has no index for lists: it was scanned, so order and end are not certain.'
      : '';
    const { hasNextPage, endCursor } = pageInfo;
    const nothing = isNarrowed(filters)
      ? 'No stored result fits these filters.'
      : 'Nothing is stored yet. Crawlers store results here; crawlgate put does so from a shell.';
    fill(
      below,
      shown === 0 && !hasNextPage ? h('p', { class: 'empty' }, nothing) : null,
      shown === 0 && hasNextPage
        ? h('p', { class: 'empty' }, 'Nothing here yet; there is more to look through.')
        : null,
      hasNextPage ? h('button', { type: 'button', onclick: again(endCursor) }, 'Show more') : null,
      shown > 0 && !hasNextPage ? h('p', { class: 'end' }, `That is all: ${many(shown, 'result')}.`) : null,
    );
    if (shown === 0 && !hasNextPage && filters.host !== '') void offerHosts();
    if (isNarrowed(filters) || !isFirst) say(`${many(shown, 'result')} listed.`);
  }

  /** Hosts that go on from what was typed as one; a help that may be missing. */
  async function offerHosts(): Promise<void> {
    const found = await createSuggest()(filters.host, stop.signal).catch(() => []);
    const hosts = found.filter(({ kind, text }) => kind === 'host' && text !== filters.host);
    if (hosts.length === 0 || stop.signal.aborted) return;
    const link = (host: string): HTMLElement =>
      h('a', { href: addressOf({ kind: 'home', filters: { ...noFilters, host } }), 'data-within': true }, host);
    append(below, [
      h('p', {}, 'Hosts with results:'),
      h('ul', { class: 'plain' }, ...hosts.map(({ text }) => h('li', {}, link(text)))),
    ]);
  }

  const form = createFilterForm(filters, (changed) => go({ kind: 'home', filters: changed }));
  // Places of the entries' size, so that nothing moves when they come.
  list.append(...Array.from({ length: pageSize }, () => h('li', { class: 'place', 'aria-hidden': 'true' })));
  return {
    loaded: load(null),
    element: h(
      'section',
      { 'aria-labelledby': 'newest', class: 'newest' },
      h('div', { class: 'row' }, heading, note),
      form,
      list,
      below,
    ),
    heading,
    destroy: () => stop.abort(),
  };
}

function itemOf(result: Listed): HTMLElement {
  const { url, createdAt } = result;
  return h(
    'li',
    {},
    badge(result),
    h(
      'div',
      { class: 'what' },
      lookupLink(url, h('span', { class: 'title' }, nameOf(result))),
      h('span', { class: 'url' }, url),
    ),
    timeOf(createdAt),
  );
}

/** Whether anything is left out of the list. */
export function isNarrowed(filters: Filters): boolean {
  return Object.values(filters).some((value) => value !== '');
}

/** Whether two lists are narrowed alike. */
export function sameFilters(one: Filters, other: Filters): boolean {
  return (Object.keys(noFilters) as (keyof Filters)[]).every((name) => one[name] === other[name]);
}
