// A result's pictures, videos and sounds, told of and never fetched.
import { h } from '../dom.js';
import type { Panel } from '../panel.js';
import { longList } from '../pieces.js';
import { type MediaItem, type MediaPart, mediaSelection } from '../queries.js';
import { count, firstLine } from '../words.js';

const kinds = [
  ['images', 'Pictures'],
  ['videos', 'Videos'],
  ['audios', 'Sounds'],
] as const;

/** What is known of each. */
export const mediaPanel: Panel = async ({ part }) => {
  const media = (await part<MediaPart>(mediaSelection))?.media ?? null;
  const present = media === null ? [] : kinds.filter(([kind]) => media[kind].length > 0);
  if (media === null || present.length === 0) return [h('p', { class: 'empty' }, 'No media are stored.')];
  return [
    h('p', { class: 'soft' }, 'As the crawler found them. Nothing of it is loaded.'),
    ...present.map(([kind, title]) =>
      h(
        'section',
        { class: 'entries' },
        h('h2', {}, `${title} `, h('span', { class: 'count' }, count(media[kind].length))),
        longList(media[kind], entry),
      ),
    ),
  ];
};

function entry({ src, alt, desc, format, width, score }: MediaItem): HTMLElement {
  const words = [alt, desc].map((part) => part?.trim() ?? '').find((part) => part !== '') ?? 'Without a description';
  const facts = [format, width === null ? null : `${width} px wide`, score === null ? null : `score ${score}`];
  return h(
    'li',
    {},
    h('span', { class: 'title' }, firstLine(words)),
    h('span', { class: 'url' }, firstLine(src ?? 'inline data', 300)),
    h('span', { class: 'soft' }, facts.filter((fact) => fact !== null).join(' · ')),
  );
}
