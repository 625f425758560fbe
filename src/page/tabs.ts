// A result's parts in tabs (https://www.w3.org/WAI/ARIA/apg/patterns/tabs/), each asked for when it is opened.
import { type Tab, tabs as tabNames, type View } from './address.js';
import { ask, type Cost, KeyNeeded } from './api.js';
import { type Child, fill, h } from './dom.js';
import { errorNote, thrownNote } from './errors.js';
import { askKept, type Kept } from './kept.js';
import type { Panel } from './panel.js';
import { linksPanel } from './panels/links.js';
import { markdownPanel } from './panels/markdown.js';
import { mediaPanel } from './panels/media.js';
import { previewPanel } from './panels/preview.js';
import { sourcePanel } from './panels/source.js';
import { versionsPanel } from './panels/versions.js';
import { type Head, type PartData, partQuery } from './queries.js';
import { count } from './words.js';

const panels: Readonly<Record<Tab, { readonly label: string; readonly panel: Panel }>> = {
  markdown: { label: 'Markdown', panel: markdownPanel },
  preview: { label: 'Preview', panel: previewPanel },
  source: { label: 'Source', panel: sourcePanel },
  links: { label: 'Links', panel: linksPanel },
  media: { label: 'Media', panel: mediaPanel },
  versions: { label: 'Versions', panel: versionsPanel },
};

/** Makes tabs and panel. */
export function createTabs(deps: {
  readonly url: string;
  readonly outcome: 'SUCCESS' | 'ANY';
  readonly result: Head;
  readonly go: (view: View) => void;
  readonly signal: AbortSignal;
  readonly onKeyNeeded: (error: KeyNeeded) => void;
  /** Told of each part that was answered: where from, and what it cost. */
  readonly onPart: (cache: Head['cache'], cost: Cost | null) => void;
}): { readonly elements: readonly HTMLElement[]; show(view: Extract<View, { kind: 'result' }>): void } {
  const { url, outcome, result, go, signal, onKeyNeeded, onPart } = deps;
  const panel = h('div', { role: 'tabpanel', id: 'panel', tabindex: '0' });
  const list = h('div', { role: 'tablist', 'aria-label': 'Parts of this result', class: 'tabs' });
  const buttons = new Map<Tab, HTMLButtonElement>();
  let shown = '';
  let kept: Kept | null = null;
  let isKeptAsked = false;

  for (const name of tabNames) {
    const button = h(
      'button',
      { type: 'button', role: 'tab', id: `tab-${name}`, 'aria-controls': 'panel', onclick: () => open(name) },
      panels[name].label,
    );
    buttons.set(name, button);
    list.append(button);
  }
  list.addEventListener('keydown', (event) => {
    const at = tabNames.findIndex((name) => buttons.get(name) === document.activeElement);
    const last = tabNames.length - 1;
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[
      event.key
    ];
    const name = to === undefined || at < 0 ? undefined : tabNames[to];
    if (name === undefined) return;
    event.preventDefault();
    buttons.get(name)?.focus();
    open(name);
  });

  function open(tab: Tab, text = ''): void {
    go({ kind: 'result', url, tab, text });
  }

  async function load(tab: Tab, text: string, key: string): Promise<void> {
    let failed: HTMLElement | null = null;
    const part = async <Part>(selection: string): Promise<Part | null> => {
      const answer = await ask<PartData<Part>>(partQuery(selection), { url, outcome }, signal);
      const found = answer.data?.crawlResult ?? null;
      if (found !== null) onPart(found.cache, answer.cost);
      const isWhole = found !== null && answer.errors.length === 0;
      if (!isWhole && answer.errors.length > 0)
        failed = errorNote('This part could not be read.', answer.errors, again);
      return found;
    };
    const again = (): void => void load(tab, text, key);
    panel.setAttribute('aria-busy', 'true');
    const chooseText = (id: string): void => open(tab, id);
    let children: readonly Child[];
    try {
      children = await panels[tab].panel({
        url,
        outcome,
        result,
        signal,
        text,
        kept: () => kept,
        chooseText,
        part,
        onKeyNeeded,
      });
    } catch (error) {
      if (error instanceof KeyNeeded) onKeyNeeded(error);
      children = [thrownNote('This part could not be shown.', error, again)];
    }
    // Somebody has gone on to another tab meanwhile.
    if (shown !== key || signal.aborted) return;
    panel.removeAttribute('aria-busy');
    fill(panel, failed, ...(failed === null ? children : []));
    if (failed === null) void markKept();
  }

  /** Says in each tab how much there is, where that can be known. */
  async function markKept(): Promise<void> {
    if (isKeptAsked) return;
    isKeptAsked = true;
    kept = await askKept({ url, outcome }, signal);
    if (kept === null || signal.aborted) return;
    for (const [name, button] of buttons) {
      const there = kept.tabs[name];
      const words = there === false || there === 0 ? 'none' : typeof there === 'number' ? count(there) : null;
      button.classList.toggle('nothing', words === 'none');
      if (words === null) continue;
      button.dataset.kept = words;
      button.setAttribute('aria-label', `${panels[name].label}, ${words}`);
    }
  }

  return {
    elements: [list, panel],
    show({ tab, text }) {
      const key = `${tab} ${text}`;
      if (key === shown) return;
      shown = key;
      for (const [name, button] of buttons) {
        button.setAttribute('aria-selected', String(name === tab));
        button.tabIndex = name === tab ? 0 : -1;
        // On a phone the row of tabs is wider than the screen; the page itself stays where it is.
        if (name === tab) list.scrollTo({ left: button.offsetLeft - list.offsetLeft - 24 });
      }
      panel.setAttribute('aria-labelledby', `tab-${tab}`);
      void load(tab, text, key);
    },
  };
}
