// The search box: a combobox as WAI-ARIA describes it (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/).
import { noFilters, readSearch, type View } from './address.js';
import { byId, fill, h, say } from './dom.js';
import { createSuggest, type Suggestion } from './suggestions.js';
import { many } from './words.js';

/** Milliseconds of not typing after which suggestions are asked for. */
const pauseMs = 120;
/** Milliseconds that Enter waits for the hosts that go on from what was typed. */
const waitMs = 1_500;

/** Brings the box of the page's HTML to life; `go` is called with what was chosen. */
export function startSearch(go: (view: View) => void): { show(text: string): void } {
  const form = byId('search-form');
  const input = byId('search') as HTMLInputElement;
  const list = byId('suggestions');
  const suggest = createSuggest();
  const refusal = h('p', { class: 'no-page', role: 'alert', hidden: true });
  form.append(refusal);
  let options: readonly Suggestion[] = [];
  let active = -1;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = new AbortController();

  function close(): void {
    clearTimeout(timer);
    asking.abort();
    options = [];
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    activate(-1);
  }

  function activate(index: number): void {
    active = index;
    for (const [at, option] of [...list.children].entries()) option.setAttribute('aria-selected', String(at === index));
    if (index < 0) input.removeAttribute('aria-activedescendant');
    else input.setAttribute('aria-activedescendant', `suggestion-${index}`);
    list.children[index]?.scrollIntoView({ block: 'nearest' });
  }

  function choose({ kind, text }: Suggestion): void {
    close();
    input.value = text;
    go(kind === 'host' ? { kind: 'home', filters: { ...noFilters, host: text } } : resultView(text));
  }

  function open(found: readonly Suggestion[]): void {
    options = found;
    fill(
      list,
      ...found.map((suggestion, index) =>
        h(
          'div',
          {
            id: `suggestion-${index}`,
            role: 'option',
            'aria-selected': 'false',
            // The box keeps the focus; on a phone its keyboard would go away otherwise.
            onmousedown: (event) => event.preventDefault(),
            onclick: () => choose(suggestion),
          },
          h('span', { class: 'text' }, suggestion.text),
          h('span', { class: 'kind' }, suggestion.kind === 'host' ? 'all of this host' : 'stored'),
        ),
      ),
    );
    list.hidden = found.length === 0;
    input.setAttribute('aria-expanded', String(found.length > 0));
    activate(-1);
    if (found.length > 0) say(`${many(found.length, 'suggestion')}.`);
  }

  async function look(): Promise<void> {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    // Suggestions are a help: where they cannot be had, the box does without, and what is wrong is said elsewhere.
    const found = await suggest(input.value, signal).catch(() => []);
    if (!signal.aborted) open(found);
  }

  input.addEventListener('input', () => {
    refusal.hidden = true;
    clearTimeout(timer);
    if (input.value.trim() === '') close();
    else timer = setTimeout(() => void look(), pauseMs);
  });
  input.addEventListener('keydown', (event) => {
    const last = options.length - 1;
    if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === 'ArrowDown' && last >= 0) {
      event.preventDefault();
      activate(active >= last ? 0 : active + 1);
    } else if (event.key === 'ArrowUp' && last >= 0) {
      event.preventDefault();
      activate(active <= 0 ? last : active - 1);
    }
  });
  input.addEventListener('blur', close);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const option = options[active];
    if (option !== undefined) {
      choose(option);
      return;
    }
    const asked = readSearch(input.value);
    refusal.hidden = asked !== 'no page';
    if (asked === 'no page') refusal.textContent = 'That is no page address.';
    if (asked === null || asked === 'no page') return;
    const offered = options;
    close();
    if ('url' in asked) choose({ kind: 'url', text: asked.url });
    else void goToHost(asked.host, offered);
  });

  /** Part of a host is taken for the best host that it is part of; where none is known, as it is. */
  async function goToHost(typed: string, offered: readonly Suggestion[]): Promise<void> {
    const before = input.value;
    const found = offered.length > 0 ? offered : await suggestSoon(typed);
    if (input.value === before) choose({ kind: 'host', text: bestHost(typed, found) });
  }

  async function suggestSoon(typed: string): Promise<readonly Suggestion[]> {
    say('Looking…');
    const late = new Promise<readonly Suggestion[]>((resolve) => setTimeout(() => resolve([]), waitMs));
    return await Promise.race([suggest(typed, new AbortController().signal).catch(() => []), late]);
  }

  // As on GitHub and in documentation everywhere: a slash goes to the search box.
  document.addEventListener('keydown', (event) => {
    const isTyping = event.target instanceof Element && event.target.closest('input, textarea, select') !== null;
    if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
    input.select();
  });

  return {
    show(text) {
      close();
      input.value = text;
    },
  };
}

/** The host itself, or else the first that has it at the beginning or anywhere. A whole name is meant as it is. */
export function bestHost(typed: string, found: readonly Suggestion[]): string {
  const part = typed.toLowerCase();
  const hosts = found.filter(({ kind }) => kind === 'host').map(({ text }) => text);
  if (hosts.includes(part) || /\.[a-z]{2,}$/.test(part)) return typed;
  return (
    hosts.find((host) => host.replace(/^www\./, '').startsWith(part)) ??
    hosts.find((host) => host.includes(part)) ??
    typed
  );
}

function resultView(url: string): View {
  return { kind: 'result', url, tab: 'markdown', text: '' };
}
