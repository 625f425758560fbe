// Where an answer came from, how old it is, and what it cost.
import type { Cost } from './api.js';
import { h } from './dom.js';
import type { Head } from './queries.js';
import { many, short, span } from './words.js';

const sources: Readonly<Record<string, string>> = {
  MEMORY: "the gateway's memory",
  DYNAMODB: 'DynamoDB',
  SQLITE: 'SQLite',
};

/** "From DynamoDB, fresh, read just now. It cost 1 call for 2 keys, 1.5 read units." */
export function answerLine({ source, status, age }: Head['cache'], cost: Cost | null): HTMLElement {
  const isStale = status === 'STALE';
  const when = age < 1 ? 'read just now' : `read ${span(age * 1000)} ago`;
  return h(
    'p',
    { class: 'answer' },
    `From ${sources[source] ?? source}, `,
    h('span', { class: isStale ? 'mood poor' : '' }, isStale ? 'stale' : 'fresh'),
    `, ${when}.`,
    cost === null ? null : ` It cost ${costWords(cost)}.`,
    isStale ? ' The store could not be read, so this may be out of date.' : null,
  );
}

/** "no call of the store", or how many with how many keys, and their read units. */
function costWords({ batches, keys, retries, readUnits }: Cost): string {
  if (batches === 0) return 'no call of the store';
  const again = retries === 0 ? '' : `, ${many(retries, 'key')} asked for again`;
  return `${many(batches, 'call')} for ${many(keys, 'key')}${again}, ${short(readUnits)} read ${readUnits === 1 ? 'unit' : 'units'}`;
}
