// The pieces of SVG that both plots are made of, and one colour for each server.

const colours = {
  crawlgate: '#c2410c',
  'bare node:http': '#64748b',
  'mercurius + jit': '#2563eb',
  'Apollo Server': '#9333ea',
  yoga: '#0d9488',
};

/** @param {string} server */
export function colourOf(server) {
  return /** @type {Record<string, string>} */ (colours)[server] ?? '#334155';
}

/** @param {number} width @param {number} height @param {readonly string[]} content */
export function svg(width, height, content) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="13">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...content,
    '</svg>\n',
  ].join('\n');
}

/**
 * @param {number} x @param {number} y @param {string} content
 * @param {{ anchor?: 'start' | 'middle' | 'end', size?: number, weight?: number, fill?: string }} [style]
 */
export function text(x, y, content, { anchor = 'start', size = 13, weight = 400, fill = '#1f2937' } = {}) {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" font-size="${size}" font-weight="${weight}" fill="${fill}">${escaped}</text>`;
}

/**
 * @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2
 * @param {{ stroke?: string, width?: number, dash?: string }} [style]
 */
export function line(x1, y1, x2, y2, { stroke = '#e5e7eb', width = 1, dash = '' } = {}) {
  const dashes = dash === '' ? '' : ` stroke-dasharray="${dash}"`;
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${stroke}" stroke-width="${width}"${dashes}/>`;
}

/** A logarithmic scale from one range to another. @param {[number, number]} from @param {[number, number]} to */
export function logScale([low, high], [start, end]) {
  return (/** @type {number} */ value) =>
    start + ((Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low))) * (end - start);
}

/** Whether a value has a place on a logarithmic scale: a rate of 0 gives ratios of 0 and infinity. @param {number} value */
export function isOnLogScale(value) {
  return value > 0 && Number.isFinite(value);
}

/** 1, 2 and 5 times each power of ten that lies within; none where the range has no end. @param {number} low @param {number} high */
export function logTicks(low, high) {
  if (!isOnLogScale(low) || !isOnLogScale(high)) return [];
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
    ticks.push(...[1, 2, 5].map((step) => Number((step * 10 ** power).toPrecision(1))));
  }
  return ticks.filter((tick) => tick >= low && tick <= high);
}

/** @param {number} value */
export function round(value) {
  return Math.round(value * 10) / 10;
}
