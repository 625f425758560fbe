// The field that chooses one of a result's texts.
import { h } from './dom.js';
import { textChoices } from './texts.js';

/** The field that chooses a text. */
export function textSelect(label: string, chosen: string, onChoose: (id: string) => void): HTMLElement {
  const select = h('select', {}, ...textChoices.map((choice) => h('option', { value: choice.id }, choice.label)));
  select.value = chosen;
  select.addEventListener('change', () => onChoose(select.value));
  return h('label', {}, h('span', {}, label), select);
}
