// Where an answer came from, how old it is, and what it cost.
import type { Cost } from './api.js';
import { h } from './dom.js';
import type { Head } from './queries.js';
import { short, span } from './words.js';

const sources: Readonly<Record<string, string>> = {
  MEMORY: "the gateway's memory",
  DYNAMODB: 'DynamoDB',
  SQLITE: 'SQLite',
};

/** "From DynamoDB, fresh, read just now. It cost 1 call, 2 keys, 1.5 read units." */
export function answerLine({ source, status, age }: Head['cache'], cost: Cost | null): HTMLElement {
  const isStale = status === 'STALE';
  const when = age < 1 ? 'read just now' : `read ${span(age * 1000)} ago`;
  const priced = cost === null ? null : costWords(cost);
  return h(
    'p',
    { class: 'answer' },
    `From ${sources[source] ?? source}, `,
    h('span', { class: isStale ? 'mood poor' : '' }, isStale ? 'stale' : 'fresh'),
    `, ${when}.`,
    priced === null ? null : ` It cost ${priced}.`,
    isStale ? ' The store could not be read, so this may be out of date.' : null,
  );
}

/** Every number that the gateway tells of what it did, by the name that it gives it: "2 calls, 1.5 read units". */
export function costWords(cost: Cost): string | null {
  const parts = Object.entries(cost).flatMap(([name, value]) =>
    typeof value === 'number' ? [`${short(value)} ${spaced(name, value)}`] : [],
  );
  return parts.length === 0 ? null : parts.join(', ');
}

/** readUnits as "read units"; one of them as "read unit". */
function spaced(name: string, value: number): string {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return value === 1 ? words.replace(/s$/, '') : words;
}
