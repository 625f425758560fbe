// The field that chooses one of a result's texts; those that are empty are marked as soon as that is known.
import { h } from './dom.js';
import type { Kept } from './kept.js';
import { textChoices } from './texts.js';

/** The field that chooses a text. `kept` is asked each time it is about to open. */
export function textSelect(
  label: string,
  chosen: string,
  onChoose: (id: string) => void,
  kept: () => Kept | null,
): HTMLElement {
  const options = textChoices.map((choice) => ({ choice, option: h('option', { value: choice.id }, choice.label) }));
  const select = h('select', {}, ...options.map(({ option }) => option));
  const mark = (): void => {
    const empty = kept()?.emptyTexts;
    for (const { choice, option } of options) {
      const words = empty?.has(choice.id) === true ? `${choice.label} (empty)` : choice.label;
      if (option.textContent !== words) option.textContent = words;
    }
  };
  mark();
  select.value = chosen;
  select.addEventListener('focus', mark);
  select.addEventListener('pointerdown', mark);
  select.addEventListener('change', () => onChoose(select.value));
  return h('label', {}, h('span', {}, label), select);
}
