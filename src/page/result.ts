// One URL's result: what it is, where the answer came from, what failed since, and its parts in tabs.
import { similarUrls, type View } from './address.js';
import { createAnswerLine } from './answer-line.js';
import { type Answer, ask, KeyNeeded } from './api.js';
import { fill, h, heading, say } from './dom.js';
import { errorNote, thrownNote } from './errors.js';
import { badge, lookupLink, timeOf } from './pieces.js';
import { type Head, type LaterFailure, type ResultData, resultQuery, type StoredData, storedQuery } from './queries.js';
import { createTabs } from './tabs.js';
import { moment, nameOf } from './words.js';

type ResultOnly = Extract<View, { kind: 'result' }>;

/** The view of one URL, until it is destroyed. */
export interface ResultViewHandle {
  readonly elements: readonly HTMLElement[];
  /** Goes to another tab or text of the same URL without asking again. */
  show(view: ResultOnly): void;
  destroy(): void;
}

/** Shows it; `go` is called with the view of another tab. */
export function createResult(
  first: ResultOnly,
  go: (view: View) => void,
  onKeyNeeded: (error: KeyNeeded) => void,
): ResultViewHandle {
  const { url } = first;
  const stop = new AbortController();
  const holder = h('div', { class: 'result', 'aria-busy': 'true' }, h('p', { class: 'loading' }, 'Looking it up…'));
  let view = first;
  let tabs: ReturnType<typeof createTabs> | null = null;

  async function load(): Promise<void> {
    try {
      const answer = await ask<ResultData>(resultQuery, { url }, stop.signal);
      const result = answer.data?.success ?? answer.data?.newest ?? null;
      if (result !== null) showResult(result, answer);
      else if (answer.errors.length > 0) {
        fill(
          holder,
          heading('Not looked up'),
          urlLine(url),
          errorNote('This URL could not be looked up.', answer.errors, again),
        );
      } else await showAbsent();
    } catch (error) {
      if (error instanceof KeyNeeded) onKeyNeeded(error);
      const note = thrownNote('This URL could not be looked up.', error, again);
      if (note !== null) fill(holder, heading('Not looked up'), urlLine(url), note);
    } finally {
      holder.removeAttribute('aria-busy');
    }
    if (!stop.signal.aborted) holder.querySelector('h1')?.focus();
  }

  const again = (): void => void load();

  function showResult(result: Head, answer: Answer<ResultData>): void {
    const outcome = result.success ? 'SUCCESS' : 'ANY';
    const failure = answer.data?.success?.laterFailure ?? null;
    const line = createAnswerLine(result.cache, answer.cost);
    tabs = createTabs({ url, outcome, result, go, signal: stop.signal, onKeyNeeded, onPart: line.add });
    document.title = `${result.title ?? url} – Crawlgate`;
    fill(
      holder,
      h('div', { class: 'headline' }, heading(nameOf(result)), badge(result)),
      urlLine(url),
      line.element,
      result.errorMessage === null
        ? null
        : h('div', { class: 'note bad' }, h('p', {}, h('strong', {}, 'The crawl failed. '), result.errorMessage)),
      failure === null ? null : failureNote(failure),
      factsOf(result),
      ...tabs.elements,
    );
    tabs.show(view);
    say(`${result.title ?? url}: ${result.success ? 'stored' : 'failed'}.`);
  }

  async function showAbsent(): Promise<void> {
    document.title = 'Nothing stored – Crawlgate';
    const near = similarUrls(url);
    const found = near.length === 0 ? null : (await ask<StoredData>(storedQuery, { urls: near }, stop.signal)).data;
    const stored = (found?.crawlResults ?? []).flatMap((one) => (one === null ? [] : [one.url]));
    fill(
      holder,
      heading('Nothing is stored under this URL'),
      urlLine(url),
      h(
        'p',
        {},
        'No crawler has stored it, or it has expired. A URL counts as it was stored, byte for byte: a slash or a fragment more is another one.',
      ),
      stored.length === 0 ? null : h('p', {}, 'Stored under a similar URL:'),
      stored.length === 0 ? null : h('ul', { class: 'plain' }, ...stored.map((one) => h('li', {}, lookupLink(one)))),
    );
    say('Nothing is stored under this URL.');
  }

  void load();
  return {
    elements: [holder],
    show(next) {
      view = next;
      tabs?.show(next);
    },
    destroy: () => stop.abort(),
  };
}

function urlLine(url: string): HTMLElement {
  const copy = h('button', { type: 'button', class: 'quiet' }, 'Copy');
  copy.addEventListener('click', () => {
    navigator.clipboard?.writeText(url).then(
      () => say('The URL was copied.'),
      () => say('The browser does not let this page copy.'),
    );
  });
  return h('p', { class: 'full-url' }, h('span', { class: 'url' }, url), copy);
}

function failureNote({ createdAt, statusCode, errorMessage }: LaterFailure): HTMLElement {
  return h(
    'div',
    { class: 'note poor later-failure' },
    h(
      'p',
      {},
      h('strong', {}, 'A later crawl failed '),
      timeOf(createdAt),
      statusCode === null ? '' : ` with status ${statusCode}`,
      errorMessage === null ? '.' : `: ${errorMessage}`,
    ),
    h('p', {}, 'What is shown here is the last success.'),
  );
}

function factsOf(result: Head): HTMLElement {
  const facts: readonly (readonly [string, string | HTMLElement | null])[] = [
    ['Crawled', dated(result.createdAt)],
    ['Stored', dated(result.updatedAt)],
    ['Confirmed by its origin', dated(result.validatedAt)],
    ['Expires', result.expiresAt === null ? 'never' : dated(result.expiresAt)],
    [
      'Redirected to',
      result.redirectedUrl === null || result.redirectedUrl === result.url ? null : result.redirectedUrl,
    ],
    [
      'Status there',
      result.redirectedStatusCode === null || result.redirectedStatusCode === result.statusCode
        ? null
        : String(result.redirectedStatusCode),
    ],
    ['ETag', result.etag],
    ['Last modified', result.lastModified],
    ['Session', result.sessionId],
  ];
  return h(
    'dl',
    { class: 'facts' },
    ...facts.map(([name, value]) => value !== null && h('div', {}, h('dt', {}, name), h('dd', {}, value))),
  );
}

function dated(at: string | null): HTMLElement | null {
  return at === null ? null : h('span', {}, timeOf(at), h('span', { class: 'exact' }, moment(Date.parse(at))));
}
