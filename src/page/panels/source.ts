// A result's texts exactly as they are stored.
import { h } from '../dom.js';
import type { Panel } from '../panel.js';
import { laidOutMost as most } from '../pieces.js';
import { textSelect } from '../text-select.js';
import { textChoice, textOf } from '../texts.js';
import { size } from '../words.js';

/** A choice of the texts, and the chosen one. */
export const sourcePanel: Panel = async ({ text, chooseText, part, kept }) => {
  const choice = textChoice(text, 'html');
  const found = textOf(choice, await part<object>(choice.selection));
  const bar = h('div', { class: 'bar' }, textSelect('Text', choice.id, chooseText, kept));
  if (found === null) return [bar, h('p', { class: 'empty' }, `${choice.label}: nothing is stored of this.`)];
  const code = h('pre', { class: 'source', tabindex: '0', 'aria-label': choice.label }, found.slice(0, most));
  const length = size(new TextEncoder().encode(found).length);
  bar.append(h('span', { class: 'soft' }, length));
  if (found.length <= most) return [bar, code];
  const more = h('button', { type: 'button' }, `Show all ${length}`);
  more.addEventListener('click', () => {
    code.textContent = found;
    more.remove();
    code.focus();
  });
  return [bar, code, more];
};
