// createBatchGet over a scripted client, with every wait, retry and call written down.
import type { BatchGetItemCommandInput } from '@aws-sdk/client-dynamodb';
import { type BatchGetRequest, createBatchGet, type ItemOutcome } from '../../../src/dynamo/reading/batch-get.js';
import { createRetryPolicy } from '../../../src/dynamo/retry.js';
import type { Item, Table } from '../../../src/dynamo/table.js';
import { type Events, silentEvents } from '../../../src/observability/events.js';
import { type Answer, keysOf, type Script, scriptedClient } from './scripted-client.js';

export const table: Table = { name: 'results', keyAttributes: ['url'] };

export interface Rig {
  read(names: readonly string[], changed?: Partial<BatchGetRequest>): Promise<ReadonlyMap<string, ItemOutcome>>;
  readonly inputs: readonly BatchGetItemCommandInput[];
  /** Milliseconds of each wait so far; none of them takes any time. */
  readonly waits: readonly number[];
  readonly retried: readonly { readonly keys: number; readonly reason: string }[];
  readonly storeCalls: readonly { readonly keys: number; readonly readUnits: number; readonly error: string | null }[];
  readonly deadline: AbortController;
}

/** @param lastWait the deadline passes during this wait, counted from 1. */
export function startRig(
  script: Script,
  { maxRetries = 3, lastWait = Number.POSITIVE_INFINITY }: { maxRetries?: number; lastWait?: number } = {},
): Rig {
  const { client, inputs } = scriptedClient(script);
  const waits: number[] = [];
  const retried: { keys: number; reason: string }[] = [];
  const storeCalls: { keys: number; readUnits: number; error: string | null }[] = [];
  const deadline = new AbortController();
  const events: Events = {
    ...silentEvents,
    retried: ({ keys, reason }) => retried.push({ keys, reason }),
    storeCall: ({ keys, readUnits, error }) => storeCalls.push({ keys, readUnits, error: error?.code ?? null }),
  };
  const retry = createRetryPolicy({
    baseMs: 20,
    maxRetries,
    random: () => 0.5,
    wait: async (ms) => {
      waits.push(ms);
      if (waits.length >= lastWait) deadline.abort();
    },
  });
  const batchGet = createBatchGet({ client, retry, events, now: () => 0 });
  return {
    read: (names, changed = {}) =>
      batchGet({
        table,
        keys: names.map((name) => item(name)),
        projection: null,
        consistent: false,
        bytes: null,
        signal: deadline.signal,
        ...changed,
      }),
    inputs,
    waits,
    retried,
    storeCalls,
    deadline,
  };
}

export function item(name: string, more: Item = {}): Item {
  return { url: { S: name }, ...more };
}

/** u0, u1, … */
export function names(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `u${index}`);
}

/** Answers with those of the asked keys that `serves` accepts, the rest unprocessed. */
export function serving(input: BatchGetItemCommandInput, serves: (name: string) => boolean): Answer {
  const keys = keysOf(input, table.name);
  const served = keys.filter((key) => serves(key.url?.S ?? ''));
  const rest = keys.filter((key) => !serves(key.url?.S ?? ''));
  return { Responses: { [table.name]: served }, UnprocessedKeys: rest.length ? { [table.name]: { Keys: rest } } : {} };
}

/** Each key's outcome as one word, a failed one as its code. */
export function kinds(outcomes: ReadonlyMap<string, ItemOutcome>): Record<string, string> {
  return Object.fromEntries(
    [...outcomes].map(([key, outcome]) => [key, outcome.kind === 'failed' ? outcome.error.code : outcome.kind]),
  );
}
