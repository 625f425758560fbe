// Sessions as a crawler's plain SDK puts them, read in batches from the embedded engine.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { groups } from '../../src/domain/fields.js';
import { plainWant, type ReadOutcome } from '../../src/domain/read-many.js';
import type { Session } from '../../src/domain/session.js';
import { createSessionReader } from '../../src/dynamo/reading/session-reader.js';
import type { Item } from '../../src/dynamo/table.js';
import { type EngineTables, startEngineTables } from './support/engine-tables.js';
import { batchGetOf, readAt } from './support/read-results.js';
import { scriptedClient, sdkError } from './support/scripted-client.js';

let tables: EngineTables;

beforeAll(async () => {
  tables = await startEngineTables();
});

beforeEach(() => {
  tables.calls.length = 0;
});

afterAll(() => tables.close());

const want = { ...plainWant, groups: groups.none };

async function read(
  ids: readonly string[],
  changed: Partial<typeof want> = {},
): Promise<ReadonlyMap<string, ReadOutcome<Session>>> {
  const reader = createSessionReader({
    batchGet: batchGetOf(tables.client),
    table: tables.sessions,
    now: () => readAt,
  });
  return reader({ keys: ids, want: { ...want, ...changed }, signal: new AbortController().signal });
}

async function put(id: string, attributes: Item): Promise<void> {
  await tables.put(tables.sessions, { session_id: { S: id }, ...attributes });
}

async function stored(id: string): Promise<Session | undefined> {
  const outcome = (await read([id])).get(id);
  return outcome?.kind === 'found' ? outcome.value : undefined;
}

test('a session has its times, its expiry, and every other attribute as its state', async () => {
  await put('s1', {
    created_at: { S: '2025-11-23T10:11:12.123456+00:00' },
    updated_at: { N: '1763892672.5' },
    ttl: { N: '1800000000' },
    cookies: { L: [{ M: { name: { S: 'a' }, expires: { N: '12345678901234567890' } } }] },
    tags: { SS: ['x', 'y'] },
    state: { S: '{"a":1}' },
  });
  expect(await stored('s1')).toEqual({
    id: 's1',
    createdAt: 1763892672123456,
    updatedAt: 1763892672500000,
    expiresAt: 1_800_000_000,
    state: { cookies: [{ name: 'a', expires: '12345678901234567890' }], tags: ['x', 'y'], state: '{"a":1}' },
  });
});

test('a session that says nothing of itself has an empty state and no times', async () => {
  await put('bare', {});
  expect(await stored('bare')).toEqual({ id: 'bare', state: {}, createdAt: null, updatedAt: null, expiresAt: null });
});

test('times and expiries that are none are null', async () => {
  await put('odd', { created_at: { BOOL: true }, updated_at: { S: 'now' }, ttl: { S: 'never' } });
  expect(await stored('odd')).toMatchObject({ createdAt: null, updatedAt: null, expiresAt: null, state: {} });
});

test('an expired session is absent, as is one that was never stored', async () => {
  await put('expired', { ttl: { N: String(readAt / 1000) } });
  await put('alive', { ttl: { N: String(readAt / 1000 + 1) } });
  const outcomes = await read(['expired', 'alive', 'never']);
  expect(['expired', 'alive', 'never'].map((id) => outcomes.get(id)?.kind)).toEqual(['absent', 'found', 'absent']);
  expect(outcomes.get('alive')).toMatchObject({ provenance: { source: 'DYNAMODB', status: 'FRESH', readAt } });
});

describe('a list of ids', () => {
  test('is read in one call, each id once, consistently if so asked', async () => {
    await put('a', {});
    await read(['a', 'b', 'a'], { consistency: 'STRONG' });
    expect(tables.calls).toMatchObject([{ consistent: true, asked: null }]);
    expect(tables.calls[0]?.keys).toHaveLength(2);
  });

  test('that is empty asks nobody', async () => {
    expect((await read([])).size).toBe(0);
    expect(tables.calls).toEqual([]);
  });

  test('with ids that no key can be says absent for these and answers the others', async () => {
    await put('good', {});
    const outcomes = await read(['', 'x'.repeat(2049), '\ud800', 'good']);
    expect([...outcomes.values()].map(({ kind }) => kind)).toEqual(['absent', 'absent', 'absent', 'found']);
    await read(['']);
    expect(tables.calls).toHaveLength(1);
  });

  test('that cannot be read is failed, never absent', async () => {
    const { client } = scriptedClient(() => {
      throw sdkError('AccessDeniedException', 400);
    });
    const reader = createSessionReader({ batchGet: batchGetOf(client), table: tables.sessions, now: () => readAt });
    const outcomes = await reader({ keys: ['a'], want, signal: new AbortController().signal });
    expect(outcomes.get('a')).toMatchObject({ kind: 'failed', error: { code: 'STORE_FORBIDDEN' } });
  });
});
