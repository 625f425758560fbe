// Two texts line by line: what went, what came, and the few lines around it.
import { diffLines } from 'diff';
import { h } from './dom.js';
import { many } from './words.js';

/** Unchanged lines that are shown around a change. */
const around = 3;
/** A comparison that takes longer than so many milliseconds is given up. */
const timeout = 3_000;
/** Rows that are drawn: nobody reads on. */
const mostRows = 5_000;

interface Line {
  readonly sign: ' ' | '+' | '-';
  readonly text: string;
}

/** Draws it. HTML has its tags on lines of their own first: pages are often one line. */
export function drawDifference(
  before: string,
  after: string,
  isHtml: boolean,
): { readonly element: HTMLElement; readonly words: string } {
  if (before === after) return { element: h('div', {}), words: 'Both are the same.' };
  const [one, other] = [before, after].map((text) => (isHtml ? text.replaceAll('><', '>\n<') : text));
  const changes = diffLines(one ?? '', other ?? '', { timeout });
  if (changes === undefined) {
    return { element: h('div', {}), words: 'They differ so much that they cannot be compared line by line.' };
  }
  const lines = changes.flatMap(({ value, added, removed }): Line[] => {
    const sign = added ? '+' : removed ? '-' : ' ';
    return value
      .replace(/\n$/, '')
      .split('\n')
      .map((text) => ({ sign, text }));
  });
  const [came, went] = (['+', '-'] as const).map((sign) => lines.filter((line) => line.sign === sign).length);
  const words = `${many(came ?? 0, 'line')} came, ${many(went ?? 0, 'line')} went.`;
  return {
    element: h('div', { class: 'diff', tabindex: '0', role: 'region', 'aria-label': 'Difference' }, ...rowsOf(lines)),
    words,
  };
}

function rowsOf(lines: readonly Line[]): HTMLElement[] {
  const near = new Uint8Array(lines.length);
  lines.forEach(({ sign }, at) => {
    if (sign !== ' ') near.fill(1, Math.max(0, at - around), at + around + 1);
  });
  const rows: HTMLElement[] = [];
  let hidden = 0;
  const skip = (): void => {
    if (hidden > 0) rows.push(h('p', { class: 'skipped' }, many(hidden, 'unchanged line')));
    hidden = 0;
  };
  for (const [at, line] of lines.entries()) {
    if (near[at] !== 1) hidden += 1;
    else {
      skip();
      if (rows.length >= mostRows) return [...rows, h('p', { class: 'skipped' }, 'There is more.')];
      rows.push(rowOf(line));
    }
  }
  skip();
  return rows;
}

function rowOf({ sign, text }: Line): HTMLElement {
  if (sign === ' ') return h('p', {}, h('i', { 'aria-hidden': 'true' }, ' '), h('span', {}, text));
  const word = sign === '+' ? 'added: ' : 'removed: ';
  return h(
    'p',
    { class: sign === '+' ? 'came-in' : 'went-out' },
    h('i', { 'aria-hidden': 'true' }, sign),
    h('span', { class: 'hidden' }, word),
    h(sign === '+' ? 'ins' : 'del', {}, text),
  );
}
