// A crawler's sessions on every engine, as its plain SDK puts them.
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groups } from '../../src/domain/fields.js';
import { plainWant } from '../../src/domain/read-many.js';
import { sessionsTableInput } from '../../src/dynamo/provision.js';
import { createSessionReader } from '../../src/dynamo/reading/session-reader.js';
import { type Item, sessionKeyAttributes } from '../../src/dynamo/table.js';
import { readingEngines } from './engines.js';
import { openWorld, uniqueName, type World } from './world.js';

describe.each(readingEngines)('sessions on $name', (engine) => {
  let world: World;
  const table = { name: uniqueName(), keyAttributes: sessionKeyAttributes };
  beforeAll(async () => {
    world = await openWorld(engine, { layout: 'document' });
    await world.create(sessionsTableInput(table.name));
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const put = (id: string, attributes: Item): Promise<unknown> =>
    world.client.send(new PutItemCommand({ TableName: table.name, Item: { session_id: { S: id }, ...attributes } }));

  it('have their times, their expiry and every other attribute as their state', async () => {
    const seconds = Math.floor(world.now / 1000);
    await put('s1', {
      created_at: { S: '2025-11-23T10:11:12.123456+00:00' },
      updated_at: { N: '1763892672.5' },
      ttl: { N: String(seconds + 1000) },
      cookies: { L: [{ M: { name: { S: 'a' }, expires: { N: '12345678901234567890' }, path: { S: '' } } }] },
      tags: { SS: ['x', 'y'] },
      nothing: { NULL: true },
      raw: { B: Buffer.from('abc') },
    });
    await put('old', { ttl: { N: String(seconds) } });
    const read = createSessionReader({ batchGet: world.batchGet, table, now: () => world.now });
    const want = { ...plainWant, groups: groups.none, consistency: 'STRONG' as const };
    const signal = AbortSignal.timeout(10_000);
    const outcomes = await read({ keys: ['s1', 'old', 'none', '', 'x'.repeat(2049), 's1'], want, signal });
    expect([...outcomes].map(([id, { kind }]) => [id.slice(0, 5), kind]).sort()).toEqual([
      ['', 'absent'],
      ['none', 'absent'],
      ['old', 'absent'],
      ['s1', 'found'],
      ['xxxxx', 'absent'],
    ]);
    expect(outcomes.get('s1')).toMatchObject({
      value: {
        createdAt: 1763892672123456,
        updatedAt: 1763892672500000,
        expiresAt: seconds + 1000,
        state: {
          cookies: [{ name: 'a', expires: '12345678901234567890', path: '' }],
          tags: expect.arrayContaining(['x', 'y']),
          nothing: null,
          raw: 'YWJj',
        },
      },
    });
  });
});
