// A result's links: where they lead, and what is stored of that.
import { h } from '../dom.js';
import type { Panel } from '../panel.js';
import { longList, lookupLink } from '../pieces.js';
import { type Link, type LinksPart, linksSelection } from '../queries.js';
import { count } from '../words.js';

/** Links within the page's domain, and those that lead elsewhere. */
export const linksPanel: Panel = async ({ part }) => {
  const links = (await part<LinksPart>(linksSelection))?.links ?? null;
  if (links === null) return [h('p', { class: 'empty' }, 'No links are stored.')];
  return [section('Within its domain', links.internal), section('Elsewhere', links.external)];
};

function section(title: string, links: readonly Link[]): HTMLElement {
  const name = h('h2', {}, `${title} `, h('span', { class: 'count' }, count(links.length)));
  return h(
    'section',
    { class: 'entries' },
    name,
    links.length === 0 ? h('p', { class: 'empty' }, 'None.') : longList(links, entry),
  );
}

function entry({ href, text, title }: Link): HTMLElement {
  const words = [text, title].map((part) => part?.trim() ?? '').find((part) => part !== '') ?? 'Without a text';
  const isPage = href !== null && /^https?:\/\//i.test(href);
  return h(
    'li',
    {},
    h('span', { class: 'title' }, words),
    isPage ? lookupLink(href, h('span', { class: 'url' }, href)) : h('span', { class: 'url' }, href ?? 'no address'),
  );
}
