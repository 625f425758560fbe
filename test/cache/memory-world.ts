// A memory tier over a scripted store, with values made of a write's number and the groups that were read.
import { createMemoryTier } from '../../src/cache/memory-tier.js';
import { type FieldGroups, groupOf, groups, includes, union } from '../../src/domain/fields.js';
import { plainWant, type Want } from '../../src/domain/read-many.js';
import type { WriteMany } from '../../src/domain/write-many.js';
import { createEventRecord, createFakeClock, createScriptedStore } from './scripted-store.js';

/** What one read of one write brought. */
export interface Page {
  readonly write: number;
  readonly groups: FieldGroups;
  /** Seconds since 1970, for `maxAge`. */
  readonly createdAt: number;
  readonly bytes: number;
}

export const head: Want = { ...plainWant, groups: groups.head };
export const html: Want = { ...plainWant, groups: groupOf('html') };
export const both: Want = { ...plainWant, groups: union(groups.head, groupOf('html')) };
export const strong: Want = { ...head, consistency: 'STRONG' };

export const freshMs = 60_000;
export const staleMs = 600_000;
export const absentMs = 3_000;

/** `write` read for its head, or as told. */
export function page(write: number, more: Partial<Page> = {}): Page {
  return { write, groups: groups.head, createdAt: 0, bytes: 1_000, ...more };
}

/** What a value is to the tier. */
export const pageRules = {
  sizeOf: (value: Page) => value.bytes,
  covers: (value: Page, want: Want) => includes(value.groups, want.groups),
  isAcceptable: (value: Page, want: Want, nowMs: number) =>
    want.maxAge === null || nowMs - value.createdAt * 1000 <= want.maxAge * 1000,
  merge: (older: Page, newer: Page) =>
    older.write === newer.write ? { ...newer, groups: union(older.groups, newer.groups) } : newer,
};

export function createMemoryWorld({ maxBytes = 1_000_000 } = {}) {
  const clock = createFakeClock();
  const store = createScriptedStore<Page>(clock.now);
  const record = createEventRecord();
  const tier = createMemoryTier<string, Page>({
    next: store.next,
    maxBytes,
    freshMs,
    staleMs,
    absentMs,
    now: clock.now,
    ...pageRules,
    bypass: (key) => key === 'health',
    events: record.events,
  });
  const ask = (keys: readonly string[], want: Want = head, signal = new AbortController().signal) =>
    tier.readMany({ keys, want, signal });

  return {
    clock,
    store,
    record,
    tier,
    ask,
    /** Asks for one key and says in a word or two what came. */
    async askOne(key: string, want: Want = head): Promise<string> {
      const outcome = (await ask([key], want)).get(key);
      if (outcome?.kind === 'failed') return outcome.error.code;
      if (outcome?.kind !== 'found') return outcome?.kind ?? 'nothing';
      const { source, status } = outcome.provenance;
      return `${outcome.value.write} ${source} ${status}`;
    },
    /** Puts `value` into memory as an ordinary lookup would. */
    async remember(key: string, value: Page, want: Want = head) {
      const asked = ask([key], want);
      await store.call(-1).find({ [key]: value });
      return asked;
    },
    /** A write of `key` that goes on until `end` is called. */
    beginWrite(key: string) {
      let end: (error?: Error) => void = () => undefined;
      const write: WriteMany<string, null> = ({ inputs }) =>
        new Promise((resolve, reject) => {
          end = (error) =>
            error === undefined ? resolve(inputs.map(() => ({ kind: 'done', receipt: null }))) : reject(error);
        });
      const done = tier.aroundWrites(
        (input: string) => input,
        write,
      )({
        inputs: [key],
        signal: new AbortController().signal,
      });
      return {
        end(error?: Error) {
          end(error);
          return done;
        },
      };
    },
    answers: () => record.lookups.map(({ answer }) => answer),
  };
}
