// Bars: how many times as many requests a second Crawlgate answers as each other server, by case.
import { colourOf, isOnLogScale, line, logScale, logTicks, round, svg, text } from './svg.js';
import { formatted } from './table.js';

const width = 860;
const left = 330;
const right = 800;
const rowHeight = 24;
const headHeight = 34;
const top = 74;
const labelWidth = 60;

/** @param {readonly import('../case-result.js').CaseResult[]} results @param {string} caption */
export function ratioPlot(results, caption) {
  const shown = results
    .filter(({ unit }) => unit === 'requests/s')
    .map(({ title, ratios }) => ({ title, ratios: ratios.filter(({ value }) => isOnLogScale(value)) }))
    .filter(({ ratios }) => ratios.length > 0);
  const all = shown.flatMap(({ ratios }) => ratios.map(({ value }) => value));
  const marks = shown.flatMap(({ ratios }) =>
    ratios.flatMap(({ target }) => (target !== null && 'atLeast' in target ? [target.atLeast] : [])),
  );
  const low = Math.min(0.5, ...all.map((value) => value * 0.4));
  const high = Math.max(2, ...all.map((value) => value * 1.2), ...marks.map((mark) => mark * 1.2));
  const x = logScale([low, high], [left, right]);
  const height = top + shown.reduce((sum, { ratios }) => sum + headHeight + ratios.length * rowHeight, 0) + 44;

  const rows = [];
  let y = top;
  for (const { title, ratios } of shown) {
    rows.push(text(20, y + 22, title, { weight: 600 }));
    y += headHeight;
    for (const { text: compared, value, target } of ratios) {
      const peer = compared.split(' / ')[1];
      const [start, end] = [x(1), x(value)].sort((a, b) => a - b);
      rows.push(text(left - 12, y + 15, `against ${peer}`, { anchor: 'end' }));
      rows.push(
        `<rect x="${round(start)}" y="${y + 3}" width="${round(Math.max(1, end - start))}" height="${rowHeight - 7}" fill="${colourOf(peer)}"/>`,
      );
      const mark = target !== null && 'atLeast' in target ? x(target.atLeast) : Number.NaN;
      // On the far side of the bar's end, and of a mark that would stand in the number.
      const labelX = value < 1 ? start - 6 : (mark > end && mark < end + labelWidth ? mark : end) + 6;
      const label = { anchor: /** @type {'start' | 'end'} */ (value < 1 ? 'end' : 'start'), weight: 600 };
      rows.push(text(labelX, y + 15, `${formatted(value)} ×`, label));
      if (!Number.isNaN(mark)) {
        rows.push(line(mark, y, mark, y + rowHeight - 1, { stroke: '#111827', width: 2 }));
      }
      y += rowHeight;
    }
  }
  const ticks = logTicks(low, high).flatMap((tick) => [
    line(x(tick), top, x(tick), y + 6, tick === 1 ? { stroke: '#9ca3af', width: 1.5 } : {}),
    text(x(tick), y + 22, `${tick} ×`, { anchor: 'middle', size: 11, fill: '#6b7280' }),
  ]);
  return svg(width, height, [
    text(20, 28, "Crawlgate's requests a second, as a multiple of each other server's", { size: 16, weight: 700 }),
    text(20, 48, `${caption}. Logarithmic; black marks: what is asked for.`, { size: 11, fill: '#6b7280' }),
    ...ticks,
    ...rows,
  ]);
}
