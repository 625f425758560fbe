// A result's HTML as a page, in a frame that nothing gets out of.
import { h } from '../dom.js';
import type { Panel } from '../panel.js';
import { capNote, laidOutMost } from '../pieces.js';
import { type PreviewPart, previewSelection } from '../queries.js';

/** The frame. */
export const previewPanel: Panel = async ({ part }) => {
  const found = await part<PreviewPart>(previewSelection);
  const html = found?.html ?? '';
  if (html.trim() === '') return [h('p', { class: 'empty' }, 'No HTML is stored.')];
  const { previewFrame } = await import('../preview-frame.js');
  return [
    h(
      'p',
      { class: 'soft' },
      'The stored HTML in a closed frame: no script runs, nothing is loaded, links lead nowhere, its own styles are left out.',
    ),
    capNote(html),
    previewFrame(html.slice(0, laidOutMost)),
  ];
};
