// The bottom of the lookup path keeps every promise of a ReadMany, on both layouts of the embedded engine.
import type { BatchGetItemCommandInput, BatchGetItemCommandOutput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import type { StoredResult } from '../../src/domain/crawl-result.js';
import { groups } from '../../src/domain/fields.js';
import { latestKey, type ResultKey } from '../../src/domain/result-key.js';
import { toUrlKey, type UrlKey } from '../../src/domain/url-key.js';
import { createRetryPolicy, type RetryPolicy } from '../../src/dynamo/retry.js';
import { type Item, keyText, type Table } from '../../src/dynamo/table.js';
import { describeReadMany, type ReadManyWorld } from '../contract/read-many.js';
import { type EngineTables, startEngineTables } from './support/engine-tables.js';
import { batchGetOf, layoutOf, readerOf, wantOf } from './support/read-results.js';

let tables: EngineTables;
let worlds = 0;

beforeAll(async () => {
  tables = await startEngineTables();
});

afterAll(() => tables.close());

// Each subject has URLs of its own in the one table; the suite's keys are the same in every world.
const suiteHost = 'https://example.com/';

const impatient: RetryPolicy = {
  ...createRetryPolicy({ baseMs: 1, maxRetries: 0, budget: 0, random: () => 0, wait: async () => {} }),
  againUnprocessed: async () => false,
};

for (const layout of ['documents', 'versioned'] as const) {
  describeReadMany<ResultKey, StoredResult>(`batch reader of ${layout}`, {
    keyAt: (index) => latestKey(toUrlKey(`${suiteHost}${index}`)),
    keyOf: ({ success }) => latestKey(outside(success?.url)),
    want: wantOf(groups.head),
    async makeSubject(world) {
      const table = tables[layout];
      const prefix = `${suiteHost}${layout}/${++worlds}/`;
      const inside = (key: ResultKey) => latestKey(toUrlKey(key.replace(suiteHost, prefix)));
      for (const key of world.stored)
        await tables.put(table, { ...layoutOf(table).headKey(inside(key)), html: { S: 'x' } });
      const calls: ResultKey[][] = [];
      const client = faultyClient(table, world, inside, calls);
      const readMany = readerOf(table, batchGetOf(client, impatient));
      return {
        readMany: async ({ keys, ...rest }) => {
          const outcomes = await readMany({ ...rest, keys: keys.map(inside) });
          return new Map(keys.map((key) => [key, outcomes.get(inside(key)) ?? { kind: 'absent' }]));
        },
        calls: () => calls,
      };
    },
  });
}

/** The engine's client as the world wants it: keys that fail are left unprocessed, and the policy does not ask again. */
function faultyClient(
  table: Table,
  world: ReadManyWorld<ResultKey>,
  inside: (key: ResultKey) => ResultKey,
  calls: ResultKey[][],
): Pick<DynamoDBClient, 'send'> {
  const nameOf = (key: ResultKey): string => keyText(table, layoutOf(table).headKey(inside(key))) ?? '';
  const failing = new Set(world.failing.map(nameOf));
  const send = async (
    command: { readonly input: BatchGetItemCommandInput },
    options: { readonly abortSignal: AbortSignal },
  ): Promise<BatchGetItemCommandOutput> => {
    const keys = command.input.RequestItems?.[table.name]?.Keys ?? [];
    calls.push(keys.map((key) => latestKey(outside((key.url ?? key.pk)?.S?.replace(/^URL#/, '')))));
    if (world.fault === 'throws') throw new TypeError('what no code describes');
    if (world.fault === 'stalls') return stall(options.abortSignal);
    const output = await tables.client.send(command as Parameters<typeof tables.client.send>[0], options);
    return withLeftOver(output as BatchGetItemCommandOutput, table, keys, failing);
  };
  return { send: send as unknown as DynamoDBClient['send'] };
}

function withLeftOver(
  output: BatchGetItemCommandOutput,
  table: Table,
  keys: readonly Item[],
  failing: ReadonlySet<string>,
): BatchGetItemCommandOutput {
  const isFailing = (item: Item): boolean => failing.has(keyText(table, item) ?? '');
  return {
    ...output,
    Responses: { [table.name]: (output.Responses?.[table.name] ?? []).filter((item) => !isFailing(item)) },
    UnprocessedKeys: { [table.name]: { Keys: keys.filter(isFailing) } },
  };
}

function stall(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true }),
  );
}

/** A URL of one world as the suite names it. */
function outside(url: string | undefined): UrlKey {
  return toUrlKey((url ?? '').replace(/(documents|versioned)\/\d+\//, ''));
}
