// The pages that every server holds: real ones from ../shared/pages, made-up ones of like size where those are missing.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const realPages = new URL('../../../shared/pages/', import.meta.url);
const madeUpCount = 60;

/**
 * @typedef {object} Pages
 * @property {string} origin Where they are from, for the report.
 * @property {readonly string[]} htmls
 */

/** @returns {Pages} */
export function loadPages() {
  const names = existsSync(realPages) ? readdirSync(realPages).filter((name) => name.endsWith('.html.gz')) : [];
  if (names.length === 0) {
    return {
      origin: `${madeUpCount} made-up pages (../shared/pages is missing)`,
      htmls: Array.from({ length: madeUpCount }, (_, index) => madeUpPage(index)),
    };
  }
  const htmls = names.sort().map((name) => gunzipSync(readFileSync(new URL(name, realPages))).toString());
  return { origin: `${htmls.length} real pages`, htmls };
}

/**
 * Sizes spread as those of real pages (10 KB to 600 KB, median near 115 KB), and like them about five times smaller
 * under gzip. The same on every machine.
 * @param {number} index
 */
function madeUpPage(index) {
  const random = seededRandom(index + 1);
  const target = Math.min(600_000, Math.max(10_000, Math.round(115_000 * Math.exp((random() + random() - 1) * 2))));
  let html = `<!doctype html><html lang="en"><head><title>Page ${index}</title></head><body>`;
  while (html.length < target) {
    const words = Array.from({ length: 30 + Math.floor(random() * 60) }, () => word(random));
    const id = Math.floor(random() * 2 ** 32).toString(16);
    html += `\n<div class="entry entry--default" data-id="${id}"><p>${words.join(' ')}</p><a href="/read/${id}">more</a></div>`;
  }
  return `${html}</body></html>`;
}

/** @param {() => number} random */
function word(random) {
  const common = ['the', 'of', 'and', 'to', 'a', 'in', 'was', 'for', 'on', 'with', 'as', 'by', 'at', 'from', 'which'];
  if (random() < 0.55) return common[Math.floor(random() * common.length)];
  return Math.floor(random() * 4000 + 50_000)
    .toString(36)
    .repeat(1 + Math.floor(random() * 2));
}

/**
 * mulberry32
 * @param {number} seed
 * @returns {() => number}
 */
function seededRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
