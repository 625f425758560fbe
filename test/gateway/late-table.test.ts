// A table that is found late: who looks for it, how often, and what is answered meanwhile.
import { describe, expect, it } from 'vitest';
import { groups } from '../../src/domain/fields.js';
import { everyKey, plainWant, type ReadMany } from '../../src/domain/read-many.js';
import type { WriteMany } from '../../src/domain/write-many.js';
import { CrawlgateError } from '../../src/errors.js';
import { createLateReader, createLateTable, createLateWriter } from '../../src/gateway/late-table.js';

const down = new CrawlgateError('STORE_UNAVAILABLE', 'DynamoDB did not answer.', {});
const want = { ...plainWant, groups: groups.head };
const { signal } = new AbortController();

function createWorld() {
  const world = { elapsed: 0, looks: 0, found: [] as string[], isDown: true };
  const table = createLateTable<string>({
    find: async () => {
      world.looks += 1;
      if (world.isDown) throw down;
      return 'results';
    },
    onFound: (name) => world.found.push(name),
    elapsed: () => world.elapsed,
  });
  return { world, table };
}

describe('a table that is not known yet', () => {
  it('is looked for once by all who need it at the same time, and never again once found', async () => {
    const { world, table } = createWorld();
    world.isDown = false;
    expect(table.known()).toBeNull();
    expect(await Promise.all([table.get(), table.get(), table.get()])).toEqual(['results', 'results', 'results']);
    await table.get();
    expect(table.known()).toBe('results');
    expect(world).toMatchObject({ looks: 1, found: ['results'] });
  });

  it('is looked for again only a second after it was not found', async () => {
    const { world, table } = createWorld();
    await expect(table.get()).rejects.toBe(down);
    world.isDown = false;
    world.elapsed = 999;
    await expect(table.get()).rejects.toBe(down);
    expect(world.looks).toBe(1);
    world.elapsed = 1_000;
    expect(await table.get()).toBe('results');
  });

  it('fails every key and every input with the reason, and asks nobody for none', async () => {
    const { world, table } = createWorld();
    const read = createLateReader(
      table,
      (): ReadMany<string, number> =>
        async ({ keys }) =>
          everyKey(keys, { kind: 'absent' }),
    );
    const write = createLateWriter(
      table,
      (): WriteMany<string, string> =>
        async ({ inputs }) =>
          inputs.map((receipt) => ({ kind: 'done', receipt })),
    );
    expect(await read({ keys: [], want, signal })).toEqual(new Map());
    expect(await write({ inputs: [], signal })).toEqual([]);
    expect(world.looks).toBe(0);
    const failed = { kind: 'failed', error: down };
    expect(await read({ keys: ['a', 'b'], want, signal })).toEqual(
      new Map([
        ['a', failed],
        ['b', failed],
      ]),
    );
    expect(await write({ inputs: ['a', 'b'], signal })).toEqual([failed, failed]);
    world.isDown = false;
    world.elapsed = 1_000;
    expect(await read({ keys: ['a'], want, signal })).toEqual(new Map([['a', { kind: 'absent' }]]));
    expect(await write({ inputs: ['a'], signal })).toEqual([{ kind: 'done', receipt: 'a' }]);
  });
});
