// The results as two Markdown tables: medians, and ratios with what they are to be.
import { isMet } from '../case-result.js';

/** @typedef {import('../case-result.js').CaseResult} CaseResult */

/** @param {readonly CaseResult[]} results */
export function renderTable(results) {
  const medians = results.map(({ title, unit, values, cpuMs = [], notes }) => [
    title,
    values.map(({ name, median }) => `${name} ${formatted(median)}`).join('<br>'),
    unit,
    cpuMs.map(({ name, median }) => `${name} ${formatted(median)}`).join('<br>'),
    notes.join('; '),
  ]);
  const ratios = results.flatMap((result) =>
    result.ratios.map((ratio) => [
      result.title,
      ratio.text,
      formatted(ratio.value),
      ratio.byCpu === undefined ? '' : formatted(ratio.byCpu),
      targetText(ratio),
      metText(ratio),
    ]),
  );
  return [
    markdown(['case', 'median', 'unit', 'ms of CPU a request', 'note'], medians),
    '',
    markdown(['case', 'compared', 'found', 'by CPU time', 'wanted', 'met'], ratios),
  ].join('\n');
}

/** @param {readonly string[]} head @param {readonly (readonly string[])[]} rows */
function markdown(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Three digits. @param {number} value */
export function formatted(value) {
  if (value >= 1000) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}

/** @param {import('../case-result.js').Ratio} ratio */
function targetText({ target }) {
  if (target === null) return '';
  return 'atLeast' in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`;
}

/** @param {import('../case-result.js').Ratio} ratio */
function metText(ratio) {
  const met = isMet(ratio);
  return met === null ? '' : met ? 'yes' : 'no';
}
