// The state of the gateway and of what it depends on, said in sentences.
import type { HistoryReport } from '../observability/history-hour.js';
import type { HealthData } from './queries.js';
import { ago, count, many, size, span } from './words.js';

type Health = HealthData['health'];

/** How well something does; a word stands beside every colour. */
export type Mood = 'good' | 'poor' | 'bad';

/** One thing that is told of. */
export interface Statement {
  readonly name: string;
  readonly mood: Mood;
  readonly words: string;
}

/** The whole in a word and a sentence. */
export interface Verdict {
  readonly mood: Mood;
  readonly word: string;
  readonly words: string;
}

/** The gateway gave no answer at all. */
export const unreachable: Verdict = {
  mood: 'bad',
  word: 'Not there',
  words: 'The gateway does not answer. This page goes on asking every ten seconds.',
};

/** The gateway answers, and does not tell; `why` in sentences. */
export function refused(why: string): Verdict {
  return { mood: 'poor', word: 'Not told', words: `The gateway answers, but does not tell its state: ${why}` };
}

/** What the API's verdict means for whoever asks. */
export function verdictOf({ status, store }: Health): Verdict {
  const name = storeName(store);
  if (status === 'HEALTHY') {
    return { mood: 'good', word: 'Healthy', words: `${name} answers, and memory in front of it.` };
  }
  if (status === 'DEGRADED') {
    const words = `${name} does not answer. What memory holds is still answered, marked stale; anything else fails until ${name} is back.`;
    return { mood: 'poor', word: 'Degraded', words };
  }
  const words = `${name} does not answer and memory is empty: every lookup fails until ${name} is back.`;
  return { mood: 'bad', word: 'Unhealthy', words };
}

/** Each dependency, the circuit before it, and the gateway itself. `now` in milliseconds since 1970. */
export function statementsOf(health: Health, history: HistoryReport | null, now: number): readonly Statement[] {
  const { store, memory, circuit, error, responseTimeMs } = health;
  const share = (100 * memory.bytes) / Math.max(1, memory.maxBytes);
  const shareWords = share > 0 && share < 1 ? 'less than 1' : String(Math.round(share));
  const items = store.itemCount === null ? '' : `, about ${many(store.itemCount, 'item')}`;
  const where = [
    store.table === null ? null : `table ${store.table}`,
    store.region === null ? null : `in ${store.region}`,
    store.layout === null ? 'layout not known yet' : `${store.layout} layout`,
  ].filter((part) => part !== null);
  return [
    {
      name: storeName(store),
      mood: store.reachable ? 'good' : 'bad',
      words: store.reachable
        ? `Answered in ${responseTimeMs.toFixed(1)} ms: ${where.join(', ')}${items}.${lastError(history, now)}`
        : `Does not answer: ${reason(error)}${lastAnswer(history, now)}`,
    },
    { name: 'Circuit', ...circuitOf(circuit, history, now) },
    {
      name: 'Memory',
      mood: 'good',
      words: `Holds ${many(memory.entries, 'key')} in ${size(memory.bytes)}, ${shareWords} % of the ${size(memory.maxBytes)} that it may use.${hitWords(history)}`,
    },
    ...(history === null
      ? []
      : [
          {
            name: 'This gateway',
            mood: 'good' as const,
            words: `Has been running for ${span(now - history.startedAt)}. ${lookupWords(history)}`,
          },
        ]),
  ];
}

function circuitOf(
  circuit: Health['circuit'],
  history: HistoryReport | null,
  now: number,
): Pick<Statement, 'mood' | 'words'> {
  if (circuit === 'HALF_OPEN') {
    return { mood: 'poor', words: 'Half open: a probe is finding out whether the store is back.' };
  }
  const since = history === null ? '' : ` ${sinceWords(history, circuit === 'OPEN', now)}`;
  if (circuit === 'CLOSED') return { mood: 'good', words: `Closed${since}: calls go through.` };
  const words = `Open${since}: calls are not sent, so that nobody waits for them; a probe looks every two seconds.`;
  return { mood: 'bad', words };
}

/** For how long the circuit has been as it is now, as far as the hour tells. */
function sinceWords(
  { open, firstSlotAt, slotSeconds, startedAt }: HistoryReport,
  isOpen: boolean,
  now: number,
): string {
  // The last slot is still filling: it may hold both.
  const other = open.slice(0, -1).findLastIndex((count) => count > 0 !== isOpen);
  const from = Math.max(startedAt, firstSlotAt + (other + 1) * slotSeconds * 1000);
  return other < 0 && startedAt < firstSlotAt ? 'for over an hour' : `for ${span(now - from)}`;
}

function hitWords(history: HistoryReport | null): string {
  const lookups = history === null ? 0 : lookupsOf(history);
  if (history === null || lookups === 0) return '';
  return ` It answered ${Math.floor((100 * sum(history.hits)) / lookups)} % of the last hour's lookups.`;
}

function lookupWords(history: HistoryReport): string {
  const lookups = lookupsOf(history);
  if (lookups === 0) return 'Nothing was looked up in the last hour.';
  const failed = sum(history.failed);
  return `${many(lookups, 'lookup')} in the last hour, ${failed === 0 ? 'none' : count(failed)} of them failed.`;
}

function lookupsOf({ fresh, stale, absent, notInMemory, failed }: HistoryReport): number {
  return sum(fresh) + sum(stale) + sum(absent) + sum(notInMemory) + sum(failed);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, one) => total + one, 0);
}

function storeName({ kind }: Health['store']): string {
  if (kind === 'embedded') return 'The embedded DynamoDB';
  if (kind === 'sqlite') return 'SQLite';
  return kind === 'hybrid' ? 'DynamoDB with SQLite' : 'DynamoDB';
}

function reason(error: string | null): string {
  if (error === null) return 'it does not say why.';
  const sentence = error.replace(/^[A-Z_]+: /, '');
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

function lastAnswer(history: HistoryReport | null, now: number): string {
  const at = history?.lastAnswerAt ?? null;
  return at === null ? '' : ` It last answered ${ago(at, now)}.`;
}

function lastError(history: HistoryReport | null, now: number): string {
  const last = history?.lastError ?? null;
  if (history !== null && last === null) return ` No error in ${span(now - history.startedAt)}.`;
  return last === null ? '' : ` Its last error was ${last.code}, ${ago(last.at, now)}.`;
}
