// What memory makes of a write that was not acknowledged: nothing older after one that was, something rather than
// nothing after one that was not.
import { describe, expect, it } from 'vitest';
import type { WriteOutcome } from '../../src/domain/write-many.js';
import { CrawlgateError, type ErrorCode } from '../../src/errors.js';
import { createMemoryWorld, head, page } from './memory-world.js';

const { signal } = new AbortController();
const done: WriteOutcome<null> = { kind: 'done', receipt: null };

function failed(code: ErrorCode): WriteOutcome<null> {
  return { kind: 'failed', error: new CrawlgateError(code, 'refused', {} as never) };
}

/** A world with write 1 of `a` in memory, and a way to write `a` with a given outcome. */
async function createWarmWorld() {
  const world = createMemoryWorld();
  await world.remember('a', page(1));
  return {
    ...world,
    write: (...outcomes: readonly WriteOutcome<null>[]) =>
      world.tier.aroundWrites(
        (key: string) => key,
        async () => outcomes,
      )({ inputs: outcomes.map(() => 'a'), signal }),
    /** Asks while the store cannot be read. */
    async askInOutage(): Promise<string> {
      const asked = world.askOne('a');
      await world.store.call(-1).fail();
      return asked;
    },
  };
}

describe('a write that was not acknowledged', () => {
  it.each<ErrorCode>(['STORE_UNAVAILABLE', 'STORE_THROTTLED', 'DEADLINE_EXCEEDED', 'STORE_FORBIDDEN'])(
    'with %s leaves the entry to stand in for the store, and only that',
    async (code) => {
      const { write, askInOutage, askOne, store } = await createWarmWorld();
      await write(failed(code));
      expect(await askInOutage()).toBe('1 MEMORY STALE');
      // The store is asked first: the write may be there all the same.
      const asked = askOne('a');
      await store.call(-1).find({ a: page(2) });
      expect(await asked).toBe('2 DYNAMODB FRESH');
      expect(await askOne('a')).toBe('2 MEMORY FRESH');
    },
  );

  it('is answered from memory where the store is not to be asked, as stale', async () => {
    const { write, askOne } = await createWarmWorld();
    await write(failed('STORE_UNAVAILABLE'));
    expect(await askOne('a', { ...head, onlyIfCached: true })).toBe('1 MEMORY STALE');
  });

  it.each<ErrorCode>(['SUPERSEDED', 'NOT_STORED'])(
    'with %s says that the store holds something else: the entry is gone',
    async (code) => {
      const { write, askInOutage } = await createWarmWorld();
      await write(failed(code));
      expect(await askInOutage()).toBe('STORE_UNAVAILABLE');
    },
  );

  it('does not bring back what memory had before one that was', async () => {
    const first = await createWarmWorld();
    await first.write(done, failed('STORE_UNAVAILABLE'));
    expect(await first.askInOutage()).toBe('STORE_UNAVAILABLE');
    const second = await createWarmWorld();
    await second.write(failed('STORE_UNAVAILABLE'), done);
    expect(await second.askInOutage()).toBe('STORE_UNAVAILABLE');
    const third = await createWarmWorld();
    await third.write(failed('STORE_UNAVAILABLE'));
    await third.write(done);
    expect(await third.askInOutage()).toBe('STORE_UNAVAILABLE');
  });

  it('beside one that is acknowledged later leaves nothing older than that', async () => {
    const { tier, beginWrite, askInOutage } = await createWarmWorld();
    const slow = beginWrite('a');
    const quick = tier.aroundWrites(
      (key: string) => key,
      async () => [failed('STORE_UNAVAILABLE')],
    );
    await quick({ inputs: ['a'], signal });
    await slow.end();
    expect(await askInOutage()).toBe('STORE_UNAVAILABLE');
  });

  it('forgets that nothing was stored', async () => {
    const { tier, ask, askOne, store } = createMemoryWorld();
    const asked = ask(['b']);
    await store.call(-1).find({});
    await asked;
    expect(await askOne('b')).toBe('absent');
    const write = tier.aroundWrites(
      (key: string) => key,
      async () => [failed('STORE_UNAVAILABLE')],
    );
    await write({ inputs: ['b'], signal });
    const again = askOne('b');
    await store.call(-1).fail();
    expect(await again).toBe('STORE_UNAVAILABLE');
  });
});
