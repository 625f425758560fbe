import { describe, expect, it } from 'vitest';
import { groupOf, groups } from '../../src/domain/fields.js';
import { absentMs, both, createMemoryWorld, freshMs, head, html, page, staleMs, strong } from './memory-world.js';
import { settle, unavailable } from './scripted-store.js';

describe('remembering', () => {
  it('answers from memory while an entry is fresh, and reads again after', async () => {
    const { askOne, remember, store, clock, answers } = createMemoryWorld();
    await remember('a', page(1));
    await clock.advance(freshMs - 1);
    expect(await askOne('a')).toBe('1 MEMORY FRESH');
    await clock.advance(1);
    const asked = askOne('a');
    await store.call(1).find({ a: page(2) });
    expect(await asked).toBe('2 DYNAMODB FRESH');
    expect(await askOne('a')).toBe('2 MEMORY FRESH');
    expect(answers()).toEqual(['store', 'fresh', 'store', 'fresh']);
  });

  it('reads again where the clock was set back, and stands in with what it has', async () => {
    const { askOne, remember, store, clock } = createMemoryWorld();
    await remember('a', page(1));
    await clock.advance(-3_600_000);
    const asked = askOne('a');
    await store.call(1).fail();
    expect(await asked).toBe('1 MEMORY STALE');
    const again = askOne('a');
    await store.call(2).find({ a: page(2) });
    expect(await again).toBe('2 DYNAMODB FRESH');
    expect(await askOne('a')).toBe('2 MEMORY FRESH');
  });

  it('says when the value was read', async () => {
    const { ask, remember, clock } = createMemoryWorld();
    const readAt = clock.now();
    await remember('a', page(1));
    await clock.advance(7_000);
    expect((await ask(['a'])).get('a')).toMatchObject({ provenance: { source: 'MEMORY', readAt } });
  });

  it('remembers absent for a few seconds', async () => {
    const { askOne, store, clock, answers } = createMemoryWorld();
    const first = askOne('a');
    await store.call(0).find({});
    expect(await first).toBe('absent');
    await clock.advance(absentMs - 1);
    expect(await askOne('a')).toBe('absent');
    await clock.advance(1);
    const again = askOne('a');
    expect(store.calls).toHaveLength(2);
    await store.call(1).find({ a: page(1) });
    expect(await again).toBe('1 DYNAMODB FRESH');
    expect(answers()).toEqual(['absent', 'absent', 'store']);
  });

  it('never remembers failures', async () => {
    const { askOne, store } = createMemoryWorld();
    for (let call = 0; call < 2; call += 1) {
      const asked = askOne('a');
      await store.call(call).fail();
      expect(await asked).toBe('STORE_UNAVAILABLE');
    }
  });

  it('lets an absent answer take the place of a found one', async () => {
    const { askOne, remember, store } = createMemoryWorld();
    await remember('a', page(1));
    const reading = askOne('a', strong);
    await store.call(1).find({});
    expect(await reading).toBe('absent');
    expect(await askOne('a')).toBe('absent');
  });

  it('recalls at once what readMany would answer without the store, and nothing else', async () => {
    const { tier, ask, remember, beginWrite, store, clock, answers } = createMemoryWorld();
    const recalled = (key: string, want = head): string | undefined => tier.recall.answer(key, want, clock.now())?.kind;
    await remember('a', page(1));
    await remember('health', page(1));
    const missing = ask(['b']);
    await store.call(-1).find({});
    await missing;
    expect(tier.recall.answer('a', head, clock.now())).toEqual((await ask(['a'])).get('a'));
    expect(['a', 'b', 'c', 'health'].map((key) => recalled(key))).toEqual(['found', 'absent', undefined, undefined]);
    expect([html, strong, { ...head, maxAge: 1 }].map((want) => recalled('a', want))).toEqual(Array(3).fill(undefined));
    const write = beginWrite('a');
    expect(recalled('a')).toBeUndefined();
    await write.end();
    await clock.advance(freshMs);
    expect(['a', 'b'].map((key) => recalled(key))).toEqual([undefined, undefined]);
    expect(answers()).toEqual(['store', 'absent', 'fresh']);
    tier.recall.used(2, 1);
    expect(answers().slice(3)).toEqual(['fresh', 'fresh', 'absent']);
  });

  it('reads only what memory does not answer', async () => {
    const { ask, remember, store } = createMemoryWorld();
    await remember('a', page(1));
    const asked = ask(['a', 'b', 'a', 'b']);
    expect(store.call(1).keys).toEqual(['b']);
    await store.call(1).find({ b: page(1) });
    expect((await asked).size).toBe(2);
  });

  it('passes on a plain want', async () => {
    const { ask, store } = createMemoryWorld();
    void ask(['a'], { ...head, maxAge: 3, maxStale: 3, outcome: 'SUCCESS' });
    expect(store.call(0).want).toEqual(head);
  });
});

describe('field groups', () => {
  it('reads what an entry does not cover, and joins groups of the same write', async () => {
    const { askOne, remember, store } = createMemoryWorld();
    await remember('a', page(1));
    const asked = askOne('a', html);
    expect(store.call(1).want.groups).toBe(html.groups);
    await store.call(1).find({ a: page(1, { groups: groupOf('html') }) });
    await asked;
    expect(await askOne('a', both)).toBe('1 MEMORY FRESH');
  });

  it('never joins groups of different writes', async () => {
    const { askOne, remember, store } = createMemoryWorld();
    await remember('a', page(1));
    await remember('a', page(2, { groups: groupOf('html') }), html);
    void askOne('a', head);
    expect(store.call(2).want.groups).toBe(groups.head);
    expect(await askOne('a', html)).toBe('2 MEMORY FRESH');
  });

  it('reads a result again that is too old, and answers what the store has', async () => {
    const { askOne, remember, store, clock } = createMemoryWorld();
    const createdAt = clock.now() / 1000 - 100;
    await remember('a', page(1, { createdAt }));
    expect(await askOne('a', { ...head, maxAge: 200 })).toBe('1 MEMORY FRESH');
    const asked = askOne('a', { ...head, maxAge: 50 });
    await store.call(1).find({ a: page(1, { createdAt }) });
    expect(await asked).toBe('1 DYNAMODB FRESH');
    expect(await askOne('a', { ...head, maxAge: 50, onlyIfCached: true })).toBe('NOT_IN_MEMORY');
  });
});

describe('while the store cannot be read', () => {
  it('answers an entry as stale until its bound', async () => {
    const { askOne, remember, store, clock, answers } = createMemoryWorld();
    await remember('a', page(1));
    await clock.advance(staleMs - 1);
    const stale = askOne('a');
    await store.call(1).fail();
    expect(await stale).toBe('1 MEMORY STALE');
    await clock.advance(1);
    const late = askOne('a');
    await store.call(2).fail();
    expect(await late).toBe('STORE_UNAVAILABLE');
    expect(answers()).toEqual(['store', 'stale', 'failed']);
  });

  it('answers nothing older than maxStale, and nothing at all with 0', async () => {
    const { askOne, remember, store, clock } = createMemoryWorld();
    await remember('a', page(1));
    await clock.advance(freshMs + 10_000);
    const answers = [71, 70, 0].map((maxStale) => askOne('a', { ...head, maxStale }));
    await store.call(1).fail();
    expect(await Promise.all(answers)).toEqual(['1 MEMORY STALE', 'STORE_UNAVAILABLE', 'STORE_UNAVAILABLE']);
  });

  it('answers stale only what covers the question and is young enough', async () => {
    const { askOne, remember, store, clock } = createMemoryWorld();
    await remember('a', page(1, { createdAt: clock.now() / 1000 }));
    await clock.advance(freshMs);
    const answers = [askOne('a', html), askOne('a', { ...head, maxAge: 59 }), askOne('a', { ...head, maxAge: 60 })];
    await store.call(1).fail();
    await store.call(2).fail();
    expect(await Promise.all(answers)).toEqual(['STORE_UNAVAILABLE', 'STORE_UNAVAILABLE', '1 MEMORY STALE']);
  });

  it('answers what the store knows of a failed key to who takes any outcome, rather than stale, and forgets it', async () => {
    const { askOne, remember, store, clock, answers } = createMemoryWorld();
    await remember('a', page(1));
    await clock.advance(freshMs + 10_000);
    const provenance = { source: 'DYNAMODB', status: 'FRESH', readAt: clock.now() } as const;
    const known = { kind: 'found', value: page(2), provenance } as const;
    const asked = [
      ...[head, { ...head, outcome: 'SUCCESS' as const }, { ...head, outcome: 'SUCCESS' as const, maxStale: 0 }],
      { ...head, maxAge: 1 },
    ].map((want) => askOne('a', want));
    const uncovered = askOne('a', both);
    await store.call(1).answer(new Map([['a', { ...unavailable, known }]]));
    await store.call(2).answer(new Map([['a', { ...unavailable, known }]]));
    expect(await Promise.all([...asked, uncovered])).toEqual([
      ...['2 DYNAMODB FRESH', '1 MEMORY STALE', 'STORE_UNAVAILABLE', 'STORE_UNAVAILABLE', 'STORE_UNAVAILABLE'],
    ]);
    expect(answers()).toEqual(['store', 'store', 'stale', 'failed', 'failed', 'failed']);
    const again = askOne('a');
    await store.call(3).fail();
    expect(await again).toBe('1 MEMORY STALE');
  });

  it('never answers a stale absent', async () => {
    const { askOne, store, clock } = createMemoryWorld();
    void askOne('a');
    await store.call(0).find({});
    await clock.advance(absentMs);
    const asked = askOne('a');
    await store.call(1).fail();
    expect(await asked).toBe('STORE_UNAVAILABLE');
  });

  it('answers stale when the request ends before the store answers', async () => {
    const { ask, remember, clock } = createMemoryWorld();
    await remember('a', page(1));
    await clock.advance(freshMs);
    const ending = new AbortController();
    const asked = ask(['a', 'b'], head, ending.signal);
    ending.abort();
    const outcomes = await asked;
    expect(outcomes.get('a')).toMatchObject({ kind: 'found', provenance: { status: 'STALE' } });
    expect(outcomes.get('b')).toMatchObject({ kind: 'failed', error: { code: 'DEADLINE_EXCEEDED' } });
  });
});

describe('onlyIfCached', () => {
  const cached = { ...head, onlyIfCached: true };

  it('answers fresh, stale and remembered absent, and never asks the store', async () => {
    const { ask, askOne, remember, store, clock } = createMemoryWorld();
    await remember('old', page(1));
    await clock.advance(freshMs);
    await remember('new', page(2));
    void ask(['none']);
    await store.call(2).find({});
    expect(await askOne('new', cached)).toBe('2 MEMORY FRESH');
    expect(await askOne('old', cached)).toBe('1 MEMORY STALE');
    expect(await askOne('old', { ...cached, maxStale: 60 })).toBe('NOT_IN_MEMORY');
    expect(await askOne('none', cached)).toBe('absent');
    expect(await askOne('never asked', cached)).toBe('NOT_IN_MEMORY');
    expect(await askOne('new', { ...html, onlyIfCached: true })).toBe('NOT_IN_MEMORY');
    expect(store.calls).toHaveLength(3);
  });

  it('holds for STRONG too: memory has no strongly consistent answer', async () => {
    const { askOne, remember, store } = createMemoryWorld();
    await remember('a', page(1));
    expect(await askOne('a', { ...strong, onlyIfCached: true })).toBe('NOT_IN_MEMORY');
    expect(store.calls).toHaveLength(1);
  });
});

describe('STRONG', () => {
  it('skips memory and fills it', async () => {
    const { askOne, remember, store } = createMemoryWorld();
    await remember('a', page(1));
    const asked = askOne('a', strong);
    expect(store.call(1).want.consistency).toBe('STRONG');
    await store.call(1).find({ a: page(2) });
    expect(await asked).toBe('2 DYNAMODB FRESH');
    expect(await askOne('a')).toBe('2 MEMORY FRESH');
  });

  it('never joins a read already sent, nor is joined', async () => {
    const { askOne, store } = createMemoryWorld();
    void askOne('a');
    void askOne('a', strong);
    void askOne('a', strong);
    void askOne('a');
    expect(store.consistencies()).toEqual(['EVENTUAL', 'STRONG', 'STRONG']);
  });

  it('fails where the store fails, whatever memory holds', async () => {
    const { askOne, remember, store } = createMemoryWorld();
    await remember('a', page(1));
    const asked = askOne('a', strong);
    await store.call(1).fail();
    expect(await asked).toBe('STORE_UNAVAILABLE');
  });
});

describe('reads in flight', () => {
  it('makes one read for 1,000 waiting lookups of one key', async () => {
    const { askOne, store, answers } = createMemoryWorld();
    const asked = Array.from({ length: 1_000 }, () => askOne('a'));
    await store.call(0).find({ a: page(1) });
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['1 DYNAMODB FRESH']));
    expect(store.calls).toHaveLength(1);
    expect(answers()).toHaveLength(1_000);
  });

  it('joins key by key, and reads only the rest', async () => {
    const { ask, store } = createMemoryWorld();
    const first = ask(['a', 'b']);
    const second = ask(['b', 'c']);
    expect(store.keysOfCalls()).toEqual([['a', 'b'], ['c']]);
    await store.call(0).find({ b: page(1) });
    expect((await first).get('b')?.kind).toBe('found');
    await store.call(1).find({ c: page(1) });
    expect((await second).get('b')?.kind).toBe('found');
  });

  it('joins only reads of the same groups', async () => {
    const { askOne, store } = createMemoryWorld();
    void askOne('a');
    void askOne('a', html);
    expect(store.calls).toHaveLength(2);
  });

  it('lives until its last waiter has gone', async () => {
    const { ask, askOne, store } = createMemoryWorld();
    const endings = [new AbortController(), new AbortController()];
    const asked = endings.map(({ signal }) => ask(['a'], head, signal));
    endings[0]?.abort();
    expect((await asked[0])?.get('a')?.kind).toBe('failed');
    expect(store.call(0).signal.aborted).toBe(false);
    endings[1]?.abort();
    expect(store.call(0).signal.aborted).toBe(true);
    void askOne('a');
    expect(store.calls).toHaveLength(2);
  });

  it('reads again after a failure, once for everyone', async () => {
    const { askOne, store } = createMemoryWorld();
    const failing = askOne('a');
    await store.call(0).fail();
    await failing;
    const asked = [askOne('a'), askOne('a')];
    await store.call(1).find({ a: page(1) });
    expect(await Promise.all(asked)).toEqual(['1 DYNAMODB FRESH', '1 DYNAMODB FRESH']);
    expect(store.calls).toHaveLength(2);
  });
});

describe('answers that overtake one another', () => {
  it('keeps what was put in memory after an eventually consistent read was sent', async () => {
    const { askOne, store } = createMemoryWorld();
    const slow = askOne('a');
    void askOne('a', strong);
    await store.call(1).find({ a: page(2) });
    await store.call(0).find({ a: page(1) });
    expect(await slow).toBe('1 DYNAMODB FRESH');
    expect(await askOne('a')).toBe('2 MEMORY FRESH');
  });

  it('lets the overtaken answer add its groups where it is the same write', async () => {
    const { askOne, store } = createMemoryWorld();
    void askOne('a', html);
    void askOne('a', head);
    await store.call(1).find({ a: page(1) });
    await store.call(0).find({ a: page(1, { groups: groupOf('html') }) });
    expect(await askOne('a', both)).toBe('1 MEMORY FRESH');
  });

  it('lets a strongly consistent answer replace an eventually consistent one sent after it', async () => {
    const { askOne, store } = createMemoryWorld();
    void askOne('a', strong);
    void askOne('a', head);
    await store.call(1).find({ a: page(1) });
    await store.call(0).find({ a: page(2) });
    expect(await askOne('a')).toBe('2 MEMORY FRESH');
  });

  it('keeps the later sent of two strongly consistent answers', async () => {
    const { askOne, store } = createMemoryWorld();
    void askOne('a', strong);
    void askOne('a', strong);
    await store.call(1).find({ a: page(2) });
    await store.call(0).find({});
    expect(await askOne('a')).toBe('2 MEMORY FRESH');
  });
});

describe('writes', () => {
  it('removes what was remembered before a write is acknowledged', async () => {
    const { askOne, remember, beginWrite, store } = createMemoryWorld();
    await remember('a', page(1));
    await remember('b', page(1));
    await beginWrite('a').end();
    const asked = askOne('a');
    await store.call(2).find({ a: page(2) });
    expect(await asked).toBe('2 DYNAMODB FRESH');
    expect(await askOne('a')).toBe('2 MEMORY FRESH');
    expect(await askOne('b')).toBe('1 MEMORY FRESH');
  });

  it('keeps out of memory what was being read when a write began or ended', async () => {
    const { askOne, beginWrite, store } = createMemoryWorld();
    void askOne('a');
    const write = beginWrite('a');
    void askOne('a');
    await store.call(0).find({ a: page(1) });
    await write.end();
    await store.call(1).find({ a: page(1) });
    void askOne('a');
    expect(store.calls).toHaveLength(3);
  });

  it('lets no later lookup join a read sent before the write', async () => {
    const { askOne, beginWrite, store } = createMemoryWorld();
    const before = askOne('a');
    await beginWrite('a').end();
    const after = askOne('a');
    await store.call(0).find({ a: page(1) });
    await store.call(1).find({ a: page(2) });
    expect(await before).toBe('1 DYNAMODB FRESH');
    expect(await after).toBe('2 DYNAMODB FRESH');
  });

  it('lets no later lookup join a read sent between two writes', async () => {
    const { askOne, beginWrite, store } = createMemoryWorld();
    await beginWrite('a').end();
    const between = askOne('a');
    await beginWrite('a').end();
    const after = askOne('a');
    expect(store.consistencies()).toEqual(['STRONG', 'STRONG']);
    await store.call(1).find({ a: page(3) });
    await store.call(0).find({ a: page(2) });
    expect(await between).toBe('2 DYNAMODB FRESH');
    expect(await after).toBe('3 DYNAMODB FRESH');
    expect(await askOne('a')).toBe('3 MEMORY FRESH');
  });

  it('lets no later lookup join a read that is slower than 5 s and older than a write', async () => {
    const { askOne, beginWrite, store, clock } = createMemoryWorld();
    void askOne('a');
    await beginWrite('a').end();
    await clock.advance(5_000);
    void askOne('a');
    expect(store.consistencies()).toEqual(['EVENTUAL', 'EVENTUAL']);
  });

  it('asks the store while a write is under way, and remembers nothing of it', async () => {
    const { askOne, remember, beginWrite, store } = createMemoryWorld();
    await remember('a', page(1));
    const write = beginWrite('a');
    for (const call of [1, 2]) {
      const asked = askOne('a');
      await store.call(call).find({ a: page(2) });
      expect(await asked).toBe('2 DYNAMODB FRESH');
    }
    const failing = askOne('a');
    await store.call(3).fail();
    expect(await failing).toMatch(/^1 MEMORY/);
    await write.end();
  });

  it('reads strongly consistently for 5 s after, shares those reads, and remembers them', async () => {
    const { askOne, beginWrite, store, clock } = createMemoryWorld();
    await beginWrite('a').end();
    await clock.advance(4_000);
    const asked = [askOne('a'), askOne('a')];
    expect(store.consistencies()).toEqual(['STRONG']);
    await store.call(0).find({ a: page(2) });
    expect(await Promise.all(asked)).toEqual(['2 DYNAMODB FRESH', '2 DYNAMODB FRESH']);
    expect(await askOne('a')).toBe('2 MEMORY FRESH');
    await clock.advance(1_000);
    void askOne('a', html);
    expect(store.consistencies()).toEqual(['STRONG', 'EVENTUAL']);
  });

  it('sends keys just written and others in two calls', async () => {
    const { ask, beginWrite, store } = createMemoryWorld();
    await beginWrite('a').end();
    void ask(['a', 'b']);
    expect(store.calls.map(({ keys, want }) => [keys, want.consistency])).toEqual([
      [['b'], 'EVENTUAL'],
      [['a'], 'STRONG'],
    ]);
  });

  it('never answers what was removed, even where the store cannot be read after', async () => {
    const { askOne, remember, beginWrite, store } = createMemoryWorld();
    await remember('a', page(1));
    await beginWrite('a').end();
    const asked = askOne('a');
    await store.call(1).fail();
    expect(await asked).toBe('STORE_UNAVAILABLE');
  });

  it('treats a write of unknown result as done', async () => {
    const { askOne, remember, beginWrite, store, record } = createMemoryWorld();
    await remember('a', page(1));
    const bug = new Error('torn');
    expect(await beginWrite('a').end(bug)).toMatchObject([{ kind: 'failed', error: { cause: bug } }]);
    expect(record.unexpected).toEqual([{ where: 'memory tier', error: bug }]);
    void askOne('a');
    expect(store.consistencies()).toEqual(['EVENTUAL', 'STRONG']);
  });

  it('asks nobody for an empty list, and fails all of an answer of the wrong length', async () => {
    const { tier, record } = createMemoryWorld();
    const calls: string[] = [];
    const write = tier.aroundWrites(
      (input: string) => input,
      async ({ inputs }) => {
        calls.push(...inputs);
        return [{ kind: 'done', receipt: null }];
      },
    );
    const { signal } = new AbortController();
    expect(await write({ inputs: [], signal })).toEqual([]);
    expect(calls).toEqual([]);
    const outcomes = await write({ inputs: ['a', 'b'], signal });
    expect(outcomes.map(({ kind }) => kind)).toEqual(['failed', 'failed']);
    expect(record.unexpected).toHaveLength(1);
  });
});

describe('bounds', () => {
  it('holds no more bytes than told, and drops what was used longest ago', async () => {
    const { askOne, remember, tier, store } = createMemoryWorld({ maxBytes: 10_000 });
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) await remember(key, page(1));
    await askOne('a');
    await remember('h', page(1));
    const { entries, bytes, maxBytes } = tier.state();
    expect([entries, maxBytes]).toEqual([7, 10_000]);
    expect(bytes).toBeGreaterThan(7 * 1_000);
    expect(bytes).toBeLessThanOrEqual(maxBytes);
    expect(await askOne('a')).toBe('1 MEMORY FRESH');
    void askOne('b');
    expect(store.calls).toHaveLength(9);
  });

  it('answers a value larger than all memory, without remembering it or anything under its key', async () => {
    const { askOne, remember, tier, store } = createMemoryWorld({ maxBytes: 10_000 });
    await remember('a', page(1));
    const asked = askOne('a', strong);
    await store.call(1).find({ a: page(2, { bytes: 10_000 }) });
    expect(await asked).toBe('2 DYNAMODB FRESH');
    expect(tier.state()).toEqual({ entries: 0, bytes: 0, maxBytes: 10_000 });
  });

  it('counts keys of absent answers too', async () => {
    const { ask, store, tier } = createMemoryWorld();
    const key = 'é'.repeat(1_000);
    void ask([key]);
    await store.call(0).find({});
    expect(tier.state().bytes).toBeGreaterThan(2_000);
  });

  it('goes without a value that cannot be measured, and still answers it', async () => {
    const { askOne, store, tier, record } = createMemoryWorld();
    const asked = askOne('a');
    await store.call(0).find({ a: page(1, { bytes: Number.NaN }) });
    expect(await asked).toBe('1 DYNAMODB FRESH');
    expect(tier.state().entries).toBe(0);
    expect(record.unexpected).toHaveLength(1);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses maxBytes %d when it is built', (maxBytes) => {
    expect(() => createMemoryWorld({ maxBytes })).toThrow(/maxBytes/);
  });
});

describe('what it passes through', () => {
  it('neither remembers nor counts the health key, and asks it with its own want beside the others', async () => {
    const { ask, store, answers } = createMemoryWorld();
    const probe = { ...strong, groups: groups.none };
    for (let turn = 0; turn < 2; turn += 1) {
      const asked = ask(['health'], probe);
      await store.call(turn).find({});
      expect((await asked).get('health')?.kind).toBe('absent');
    }
    expect(store.call(1).want).toEqual(probe);
    const asked = ask(['health', 'a', 'health'], strong);
    await settle();
    expect(store.keysOfCalls().slice(2)).toEqual([['health'], ['a']]);
    await store.call(3).find({});
    await store.call(2).fail();
    expect((await asked).get('health')?.kind).toBe('failed');
    expect(answers()).toEqual(['absent']);
  });

  it('counts each key of a question once', async () => {
    const { ask, remember, answers } = createMemoryWorld();
    await remember('a', page(1));
    await ask(['a', 'a', 'a']);
    expect(answers()).toEqual(['store', 'fresh']);
  });
});
