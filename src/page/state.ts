// The upper half of the home view: how the gateway and its dependencies are, and the last hour drawn.
import type { HistoryReport } from '../observability/history-hour.js';
import { ask, askHistory, KeyNeeded, Refused } from './api.js';
import { fill, h, say } from './dom.js';
import { wordsOf } from './errors.js';
import { plots, tableHeads, tableOf } from './hour.js';
import type { Drawn } from './plots.js';
import { type HealthData, healthQuery } from './queries.js';
import { refused, type Statement, statementsOf, unreachable, type Verdict, verdictOf } from './state-words.js';

/** Milliseconds between two looks: the history has a new slot after as many. */
const everyMs = 10_000;

/** The view's upper half. */
export interface StateView {
  readonly elements: readonly HTMLElement[];
  destroy(): void;
}

/** Shows it and keeps it true while the page can be seen. `onKeyNeeded` is called where the gateway wants a key. */
export function createState(onKeyNeeded: (error: KeyNeeded) => void): StateView {
  const verdict = h('p', { class: 'verdict' }, 'Asking…');
  const statements = h('dl', { class: 'statements' });
  const card = h(
    'section',
    { class: 'card state', 'aria-labelledby': 'state' },
    h('h2', { id: 'state' }, 'State'),
    verdict,
    statements,
  );
  const grid = h('div', { class: 'plots' });
  const table = h('table', {});
  const numbers = h(
    'details',
    { class: 'numbers' },
    h('summary', {}, 'The same hour in numbers'),
    h('div', { class: 'sideways', tabindex: '0', role: 'region', 'aria-label': 'The last hour in numbers' }, table),
  );
  const hour = h('section', { 'aria-labelledby': 'hour' }, h('h2', { id: 'hour' }, 'The last hour'), grid, numbers);

  let drawn: readonly Drawn[] = [];
  let history: HistoryReport | null = null;
  let isOver = false;
  let lastWord = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  numbers.addEventListener('toggle', fillTable);

  async function look(): Promise<void> {
    clearTimeout(timer);
    if (document.visibilityState === 'visible') await refresh();
    if (!isOver) timer = setTimeout(() => void look(), everyMs);
  }

  async function refresh(): Promise<void> {
    try {
      const [health, report] = await Promise.all([ask<HealthData>(healthQuery), askHistory()]);
      if (isOver) return;
      history = report;
      for (const plot of drawn) plot.update(report);
      fillTable();
      if (health.data === null) throw new Refused(health.errors[0] ?? { message: 'it does not say why.' });
      const now = Date.now();
      show(verdictOf(health.data.health), statementsOf(health.data.health, report, now));
    } catch (error) {
      if (isOver) return;
      if (error instanceof KeyNeeded) onKeyNeeded(error);
      else if (error instanceof Refused) show(refused(wordsOf(error.error)), []);
      else show(unreachable, []);
    }
  }

  function show({ mood, word, words }: Verdict, parts: readonly Statement[]): void {
    fill(verdict, h('strong', { class: `mood ${mood}` }, word), ` ${words}`);
    if (lastWord !== '' && lastWord !== word) say(`${word}. ${words}`);
    lastWord = word;
    fill(
      statements,
      ...parts.map((part) => h('div', {}, h('dt', { class: `mood ${part.mood}` }, part.name), h('dd', {}, part.words))),
    );
  }

  function fillTable(): void {
    if (!numbers.open || history === null) return;
    const [heads, ...rows] = [tableHeads, ...tableOf(history)];
    fill(
      table,
      h('caption', { class: 'hidden' }, 'Counts of every five minutes, newest first'),
      h('thead', {}, h('tr', {}, ...(heads ?? []).map((text) => h('th', { scope: 'col' }, text)))),
      h(
        'tbody',
        {},
        ...rows.map(([first = '', ...others]) =>
          h('tr', {}, h('th', { scope: 'row' }, first), ...others.map((text) => h('td', {}, text))),
        ),
      ),
    );
  }

  async function drawPlots(): Promise<void> {
    // Drawing is not needed for the first paint.
    const { createSync, drawPlot } = await import('./plots.js');
    if (isOver) return;
    const sync = createSync();
    drawn = plots.map((plot) => drawPlot(plot, sync));
    fill(grid, ...drawn.map(({ element }) => element));
    if (history !== null) for (const plot of drawn) plot.update(history);
  }

  const lookAgain = (): void => {
    if (document.visibilityState === 'visible') void look();
  };
  document.addEventListener('visibilitychange', lookAgain);
  // Places of the plots' size, so that nothing moves when they are drawn.
  fill(grid, ...plots.map(({ title }) => h('section', { class: 'plot' }, h('h3', {}, title))));
  void look();
  void drawPlots();

  return {
    elements: [card, hour],
    destroy() {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', lookAgain);
      for (const plot of drawn) plot.destroy();
    },
  };
}
