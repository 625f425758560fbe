// Draws the hour: uPlot on canvases, in the colours of the style sheet, with what the pointer is on in words.
import uPlot from 'uplot';
import type { HistoryReport } from '../observability/history-hour.js';
import { h } from './dom.js';
import { newest, outagesOf, type Plot, timesOf } from './hour.js';

/** One drawn plot. */
export interface Drawn {
  readonly element: HTMLElement;
  update(report: HistoryReport): void;
  destroy(): void;
}

const height = 128;
const axisWidth = 44;

/** Draws a plot into an element of its own, whose size does not depend on the values. */
export function drawPlot(plot: Plot, sync: uPlot.SyncPubSub): Drawn {
  const readings = plot.curves.map(() => h('b', {}, '–'));
  const when = h('span', { class: 'when' }, 'now');
  const canvas = h('div', { class: 'canvas', 'aria-hidden': 'true' });
  const legend = plot.curves.map(({ label, color }, index) =>
    h(
      'span',
      {},
      h('i', { class: `swatch ${color.slice(2)}`, 'aria-hidden': 'true' }),
      `${label} `,
      readings[index] ?? null,
    ),
  );
  const element = h(
    'section',
    { class: 'plot', 'aria-labelledby': `plot-${plot.id}` },
    h('div', { class: 'plot-head' }, h('h3', { id: `plot-${plot.id}` }, plot.title), when),
    h('p', { class: 'legend' }, ...legend),
    canvas,
  );
  let latest: HistoryReport | null = null;
  let chart: uPlot | null = null;

  function read(index: number | null): void {
    if (latest === null) return;
    const report = latest;
    plot.curves.forEach(({ values }, curve) => {
      const all = values(report);
      const value = index === null ? newest(all) : (all[index] ?? null);
      const reading = readings[curve];
      if (reading !== undefined) reading.textContent = value === null ? '–' : plot.words(value);
    });
    const time = index === null ? null : timesOf(report)[index];
    when.textContent = time === null || time === undefined ? 'now' : clock(time);
  }

  function draw(): void {
    chart?.destroy();
    chart = new uPlot(
      optionsOf(plot, canvas, sync, () => latest, read),
      dataOf(plot, latest),
      canvas,
    );
  }

  const sizes = new ResizeObserver(() => {
    if (canvas.clientWidth === 0) return;
    if (chart === null) draw();
    else chart.setSize({ width: canvas.clientWidth, height });
  });
  sizes.observe(canvas);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  scheme.addEventListener('change', draw);

  return {
    element,
    update(report) {
      latest = report;
      chart?.setData(dataOf(plot, report));
      read(chart?.cursor.idx ?? null);
    },
    destroy() {
      sizes.disconnect();
      scheme.removeEventListener('change', draw);
      chart?.destroy();
    },
  };
}

/** Plots that share a pointer. */
export function createSync(): uPlot.SyncPubSub {
  return uPlot.sync('hour');
}

function dataOf(plot: Plot, report: HistoryReport | null): uPlot.AlignedData {
  if (report === null) return [[], ...plot.curves.map(() => [])];
  return [timesOf(report), ...plot.curves.map(({ values }) => withoutRest(values(report)))];
}

/** Long stretches of nothing are not drawn: curves at rest would lie on one another, the last one's colour on top. */
function withoutRest(values: readonly (number | null)[]): (number | null)[] {
  const isAtRest = (at: number): boolean => (values[at] ?? 0) === 0;
  return values.map((value, at) => (isAtRest(at - 1) && isAtRest(at) && isAtRest(at + 1) ? null : value));
}

function optionsOf(
  plot: Plot,
  within: HTMLElement,
  sync: uPlot.SyncPubSub,
  latest: () => HistoryReport | null,
  read: (index: number | null) => void,
): uPlot.Options {
  const style = getComputedStyle(within);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const axis = {
    stroke: color('--soft'),
    font: '11px system-ui, sans-serif',
    grid: { stroke: color('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: within.clientWidth,
    height,
    legend: { show: false },
    padding: [8, 18, 0, 0],
    cursor: { sync: { key: sync.key }, y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      y: {
        range: (_, __, most) => [0, plot.max ?? (Number.isFinite(most) && most > 0 ? most * 1.15 : 1)],
      },
    },
    axes: [
      { ...axis, space: 70, size: 24, gap: 7, values: (_, times) => times.map(clock) },
      { ...axis, space: 34, size: axisWidth, gap: 4, values: (_, values) => values.map(label) },
    ],
    series: [
      {},
      ...plot.curves.map((curve) => ({
        label: curve.label,
        stroke: color(curve.color),
        width: 1.75,
        points: { show: plot.dotted === true, size: 4, fill: color(curve.color) },
      })),
    ],
    hooks: {
      drawClear: [(chart) => shadeOutages(chart, latest(), color('--outage'))],
      setCursor: [({ cursor }) => read(cursor.idx ?? null)],
    },
  };
}

/** The stretches in which the circuit was open, behind the curves. */
function shadeOutages(chart: uPlot, report: HistoryReport | null, fill: string): void {
  if (report === null) return;
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.fillStyle = fill;
  for (const [from, to] of outagesOf(report)) {
    const left = chart.valToPos(from, 'x', true);
    ctx.fillRect(left, bbox.top, chart.valToPos(to, 'x', true) - left, bbox.height);
  }
  ctx.restore();
}

function clock(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

/** An axis has room for four characters. */
function label(value: number): string {
  if (value >= 1_000_000) return `${value / 1_000_000}M`;
  return value >= 1_000 ? `${value / 1_000}k` : String(Math.round(value * 1000) / 1000);
}
