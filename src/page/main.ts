// The page at `/`: reads the address bar, shows the view that it names, and keeps the two together.
import { addressOf, readAddress, type View } from './address.js';
import type { KeyNeeded } from './api.js';
import { byId, fill, h, heading } from './dom.js';
import { keepKey } from './key.js';
import { createList, isNarrowed, type ListView, sameFilters } from './list.js';
import { createResult, type ResultViewHandle } from './result.js';
import { startSearch } from './search.js';
import { createState, type StateView } from './state.js';

type Shown =
  | {
      readonly kind: 'home';
      readonly view: Extract<View, { kind: 'home' }>;
      readonly state: StateView;
      readonly list: ListView;
    }
  | { readonly kind: 'result'; readonly view: Extract<View, { kind: 'result' }>; readonly handle: ResultViewHandle };

const main = byId('main');
const search = startSearch(go);
let shown: Shown | null = null;

/** Goes to a view: the address bar says so, and going back leads here again. */
function go(view: View): void {
  const address = addressOf(view);
  if (address !== location.pathname + location.search) history.pushState(null, '', address);
  show(view);
}

function show(view: View): void {
  if (view.kind === 'home') showHome(view);
  else showResult(view);
}

function showHome(view: Extract<View, { kind: 'home' }>): void {
  document.title = 'Crawlgate';
  if (shown?.kind === 'home') {
    if (sameFilters(shown.view.filters, view.filters)) return;
    // The state stays; what had the focus in the form has it again in the new one, and else the list's heading gets it.
    const { activeElement } = document;
    const focused = activeElement?.closest('.filters') ? activeElement.getAttribute('name') : null;
    shown.list.destroy();
    shown.list.element.remove();
    const list = createList(view.filters, go, askForKey);
    placeList(list, view, shown.state);
    const field = focused === null ? null : list.element.querySelector<HTMLElement>(`[name="${focused}"]`);
    (field ?? list.heading).focus();
    shown = { ...shown, view, list };
    return;
  }
  const isFirst = shown === null;
  leave();
  search.show('');
  const state = createState(askForKey);
  const list = createList(view.filters, go, askForKey);
  const title = h('h1', { class: 'hidden', tabindex: '-1' }, 'Crawlgate: what is stored, and how the gateway is doing');
  fill(main, title, ...state.elements);
  placeList(list, view, state);
  shown = { kind: 'home', view, state, list };
  if (!isFirst) (isNarrowed(view.filters) ? list.heading : title).focus();
}

/** Who has narrowed the list wants to see it first; nobody else does. */
function placeList(list: ListView, { filters }: Extract<View, { kind: 'home' }>, state: StateView): void {
  const [first] = state.elements;
  const comesFirst = isNarrowed(filters) && first !== undefined;
  if (comesFirst) first.before(list.element);
  else main.append(list.element);
  // What stands below would jump as the list gets its length.
  for (const element of state.elements) element.hidden = comesFirst;
  void list.loaded.then(() => {
    if (list.element.isConnected) for (const element of state.elements) element.hidden = false;
  });
}

function showResult(view: Extract<View, { kind: 'result' }>): void {
  if (shown?.kind === 'result' && shown.view.url === view.url) {
    shown.handle.show(view);
    shown = { ...shown, view };
    return;
  }
  leave();
  search.show(view.url);
  const handle = createResult(view, go, askForKey);
  fill(main, ...handle.elements);
  shown = { kind: 'result', view, handle };
  scrollTo(0, 0);
}

function leave(): void {
  if (shown?.kind === 'home') {
    shown.state.destroy();
    shown.list.destroy();
  } else shown?.handle.destroy();
  shown = null;
}

/** The gateway wants a key: asks for it, then shows what was to be shown. */
function askForKey(error: KeyNeeded): void {
  if (document.getElementById('key') !== null) return;
  leave();
  const input = h('input', { id: 'key', type: 'password', autocomplete: 'off', required: true, spellcheck: 'false' });
  const form = h(
    'form',
    { class: 'card key' },
    heading('This gateway asks for a key'),
    error.message === '' ? null : h('p', { class: 'note bad', role: 'alert' }, error.message),
    h('p', {}, 'A key or token that may read. It is kept until this tab is closed, and sent to this gateway alone.'),
    h('label', { for: 'key' }, h('span', {}, 'Key')),
    input,
    h('button', { type: 'submit', class: 'primary' }, 'Go on'),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    keepKey(input.value.trim());
    main.replaceChildren();
    show(readAddress(location.search));
  });
  fill(main, form);
  input.focus();
}

// Links that stay within the page are views, unless somebody wants them in a tab or window of their own.
document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link === null || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (link.id !== 'home' && link.dataset.within === undefined) return;
  event.preventDefault();
  go(readAddress(new URL(link.href).search));
});
addEventListener('popstate', () => show(readAddress(location.search)));
show(readAddress(location.search));
