// Where an answer came from, how old it is, and what it cost.
import type { Cost } from './api.js';
import { type Child, fill, h } from './dom.js';
import type { Head } from './queries.js';
import { many, short, span } from './words.js';

const sources: Readonly<Record<string, string>> = {
  MEMORY: "the gateway's memory",
  DYNAMODB: 'DynamoDB',
  SQLITE: 'SQLite',
};

/** The line, and what is added to it as more of the result is asked for. */
export interface AnswerLine {
  readonly element: HTMLElement;
  /** A further part was answered: from where, at what cost. */
  add(cache: Head['cache'], cost: Cost | null): void;
}

/** "From DynamoDB, fresh, read just now. It cost 1 call for 2 keys, 1.5 read units", of the head and all parts so far. */
export function createAnswerLine(head: Head['cache'], cost: Cost | null): AnswerLine {
  const element = h('p', { class: 'answer' });
  let worst = head;
  let sum = cost;
  const show = (): void => fill(element, ...wordsOf(worst, sum));
  show();
  return {
    element,
    add(cache, more) {
      if (cache.status === 'STALE' && worst.status !== 'STALE') worst = cache;
      if (more !== null) sum = sum === null ? more : plus(sum, more);
      show();
    },
  };
}

function wordsOf({ source, status, age }: Head['cache'], cost: Cost | null): readonly Child[] {
  const isStale = status === 'STALE';
  const when = age < 1 ? 'read just now' : `read ${span(age * 1000)} ago`;
  return [
    `From ${sources[source] ?? source}, `,
    h('span', { class: isStale ? 'mood poor' : '' }, isStale ? 'stale' : 'fresh'),
    `, ${when}.`,
    cost === null ? null : ` It cost ${costWords(cost)}.`,
    isStale ? ' The store could not be read, so this may be out of date.' : null,
  ];
}

function plus(one: Cost, other: Cost): Cost {
  return {
    batches: one.batches + other.batches,
    keys: one.keys + other.keys,
    retries: one.retries + other.retries,
    readUnits: one.readUnits + other.readUnits,
  };
}

/** "no call of the store", or how many with how many keys, and their read units. */
function costWords({ batches, keys, retries, readUnits }: Cost): string {
  if (batches === 0) return 'no call of the store';
  const again = retries === 0 ? '' : `, ${many(retries, 'key')} asked for again`;
  return `${many(batches, 'call')} for ${many(keys, 'key')}${again}, ${short(readUnits)} read ${readUnits === 1 ? 'unit' : 'units'}`;
}
