// Markdown of strangers as elements of this page. What it says is theirs; what it may do is nothing.
import DOMPurify from 'dompurify';
import { Marked } from 'marked';
import { resultAddress } from './address.js';
import { h } from './dom.js';

const marked = new Marked({ gfm: true, async: false });

/** What a document needs, and nothing that acts, loads, names or styles. Pictures become their alternative text. */
const allowed = {
  ALLOWED_TAGS:
    'a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var'.split(
      ' ',
    ),
  ALLOWED_ATTR: ['alt', 'colspan', 'href', 'rowspan', 'scope', 'src', 'start', 'title'],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
} as const;

/** Renders it. `base` is the page's own URL: its relative links are meant from there. */
export function renderMarkdown(text: string, base: string): DocumentFragment {
  const html = marked.parse(text, { async: false });
  const fragment = DOMPurify.sanitize(html, {
    ...allowed,
    ALLOWED_TAGS: [...allowed.ALLOWED_TAGS],
    ALLOWED_ATTR: [...allowed.ALLOWED_ATTR],
  });
  for (const image of fragment.querySelectorAll('img')) image.replaceWith(standIn(image, base));
  for (const link of fragment.querySelectorAll('a')) leadWithin(link, base);
  // This page's own heading is the first; theirs begin below it.
  for (const title of fragment.querySelectorAll('h1, h2, h3, h4, h5')) {
    title.replaceWith(h(`h${Math.min(6, Number(title.tagName[1]) + 1)}` as 'h2', {}, ...title.childNodes));
  }
  for (const table of fragment.querySelectorAll('table')) {
    const frame = h('div', { class: 'sideways', tabindex: '0', role: 'region', 'aria-label': 'Table' });
    table.replaceWith(frame);
    frame.append(table);
  }
  for (const code of fragment.querySelectorAll('pre')) code.tabIndex = 0;
  return fragment;
}

/** No picture is fetched: what it shows is said. */
function standIn(image: HTMLImageElement, base: string): HTMLElement {
  const alt = image.getAttribute('alt')?.trim() ?? '';
  const address = resolve(image.getAttribute('src'), base);
  return h('span', { class: 'picture', title: address }, alt === '' ? 'Picture' : `Picture: ${alt}`);
}

/** A link leads to what the gateway holds of its target; one that leads to no page is text. */
function leadWithin(link: HTMLAnchorElement, base: string): void {
  const target = resolve(link.getAttribute('href'), base);
  for (const { name } of [...link.attributes]) link.removeAttribute(name);
  if (target === null) return;
  link.setAttribute('href', resultAddress(target));
  link.setAttribute('title', `Look up ${target}`);
  link.dataset.within = '';
}

function resolve(href: string | null, base: string): string | null {
  if (href === null || href.startsWith('#') || !URL.canParse(href, URL.canParse(base) ? base : undefined)) return null;
  const url = new URL(href, URL.canParse(base) ? base : undefined);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
}
