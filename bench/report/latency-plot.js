// Lines: the 99th percentile of latency against the load that is offered, for each server.
import { colourOf, isOnLogScale, line, logScale, logTicks, round, svg, text } from './svg.js';

/** @typedef {import('../cases/latency-curve.js').CurvePoint} CurvePoint */

const width = 860;
const height = 470;
const left = 70;
const right = 690;
const top = 70;
const bottom = 410;

/** @param {readonly CurvePoint[]} points @param {string} caption */
export function latencyPlot(points, caption) {
  const curve = points.filter(({ offered, p99Ms }) => isOnLogScale(offered) && isOnLogScale(p99Ms));
  const loads = curve.map(({ offered }) => offered);
  const times = curve.map(({ p99Ms }) => p99Ms);
  const xRange = /** @type {[number, number]} */ ([Math.min(...loads) * 0.9, Math.max(...loads) * 1.1]);
  const yRange = /** @type {[number, number]} */ ([Math.min(1, ...times) * 0.8, Math.max(...times) * 1.2]);
  const x = logScale(xRange, [left, right]);
  const y = logScale(yRange, [bottom, top]);

  const grid = [
    ...logTicks(...xRange).flatMap((tick) => [
      line(x(tick), top, x(tick), bottom),
      text(x(tick), bottom + 18, tick.toLocaleString('en'), { anchor: 'middle', size: 11, fill: '#6b7280' }),
    ]),
    ...logTicks(...yRange).flatMap((tick) => [
      line(left, y(tick), right, y(tick)),
      text(left - 8, y(tick) + 4, `${tick} ms`, { anchor: 'end', size: 11, fill: '#6b7280' }),
    ]),
  ];
  const servers = [...new Set(curve.map(({ name }) => name))];
  const series = servers.flatMap((name, index) => {
    const own = curve.filter((point) => point.name === name);
    const places = own.map((point) => `${round(x(point.offered))},${round(y(point.p99Ms))}`);
    const colour = colourOf(name);
    const legendY = top + 16 + index * 24;
    return [
      `<polyline points="${places.join(' ')}" fill="none" stroke="${colour}" stroke-width="${name === 'crawlgate' ? 3 : 2}"/>`,
      ...places.map((place) => {
        const [cx, cy] = place.split(',');
        return `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${colour}"/>`;
      }),
      line(right + 20, legendY - 4, right + 44, legendY - 4, { stroke: colour, width: 3 }),
      text(right + 52, legendY, name, name === 'crawlgate' ? { weight: 700 } : {}),
    ];
  });
  return svg(width, height, [
    text(20, 28, 'Latency of one warm lookup against offered load, 99th percentile', { size: 16, weight: 700 }),
    text(20, 48, `${caption}. Counted from when a request was due.`, { size: 11, fill: '#6b7280' }),
    ...grid,
    ...series,
    text((left + right) / 2, height - 18, 'requests offered per second', { anchor: 'middle', fill: '#6b7280' }),
  ]);
}
