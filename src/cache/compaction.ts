// Remembered values that are asked for again are kept in a smaller form, made one after another beside everything else.
import type { Events } from '../observability/events.js';

/** A form of a value that takes fewer bytes and answers the same; null where there is none. Must not block the event loop. */
export type Compact<Value> = (value: Value) => Promise<Value> | null;

/** What it needs. */
export interface CompactionDeps<Key, Value> {
  readonly compact: Compact<Value>;
  /** Puts `smaller` in the place of `value`, if that is still what is remembered under `key`. */
  readonly replace: (key: Key, value: Value, smaller: Value) => void;
  readonly events: Pick<Events, 'unexpectedError'>;
}

/** Values that wait at most; what comes then is considered again the next time it is asked for. */
const maxWaiting = 1_000;

/** Makes a function that is told of every remembered value that answers. For all but the first time it costs a look. */
export function createCompaction<Key, Value>({
  compact,
  replace,
  events,
}: CompactionDeps<Key, Value>): (key: Key, value: Value) => void {
  const considered = new WeakSet<object>();
  const waiting: { readonly key: Key; readonly value: Value }[] = [];
  let isBusy = false;

  async function work(): Promise<void> {
    isBusy = true;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { key, value } = next;
      try {
        const smaller = await compact(value);
        if (smaller === null) continue;
        if (isObject(smaller)) considered.add(smaller);
        replace(key, value, smaller);
      } catch (error) {
        events.unexpectedError({ where: 'memory tier', error });
      }
    }
    isBusy = false;
  }

  return (key, value) => {
    if (!isObject(value) || considered.has(value) || waiting.length >= maxWaiting) return;
    considered.add(value);
    waiting.push({ key, value });
    if (!isBusy) void work();
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
