import { describe, expect, it } from 'vitest';
import { createSharedBatches } from '../../src/cache/shared-batches.js';
import { groupOf, groups } from '../../src/domain/fields.js';
import { plainWant, type Want } from '../../src/domain/read-many.js';
import { createEventRecord, createFakeClock, createScriptedStore, settle } from './scripted-store.js';

const head: Want = { ...plainWant, groups: groups.head };
const html: Want = { ...plainWant, groups: groupOf('html') };
const strong: Want = { ...head, consistency: 'STRONG' };
const probe: Want = { ...strong, groups: groups.none };

function setUp(options: { maxKeys?: number; maxCalls?: number; atTurnEnd?: (run: () => void) => void } = {}) {
  const clock = createFakeClock();
  const store = createScriptedStore<string>(clock.now);
  const record = createEventRecord();
  const { next } = store;
  const readMany = createSharedBatches({
    next,
    setTimer: clock.setTimer,
    atTurnEnd: queueMicrotask,
    events: record.events,
    ...options,
  });
  const ask = (keys: readonly string[], want: Want = head, signal = new AbortController().signal) =>
    readMany({ keys, want, signal });
  return { clock, store, record, ask, sizes: () => store.calls.map((call) => call.keys.length) };
}

const keys = (count: number, prefix = 'k') => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

describe('while idle', () => {
  it('sends a lone request in the turn in which it came, without a timer', async () => {
    const { clock, store, ask } = setUp();
    void ask(['a']);
    await Promise.resolve();
    expect(store.keysOfCalls()).toEqual([['a']]);
    expect(clock.timers.size).toBe(0);
  });

  it('makes 3 calls of 250 distinct and 50 repeated keys', async () => {
    const { store, ask, sizes } = setUp();
    const asked = ask([...keys(250), ...keys(50)]);
    await settle();
    expect(sizes()).toEqual([100, 100, 50]);
    for (const call of store.calls) await call.find({ k7: 'seven' });
    const outcomes = await asked;
    expect(outcomes.size).toBe(250);
    expect(outcomes.get('k7')).toMatchObject({ kind: 'found', value: 'seven' });
  });

  it('makes 2 calls of 200 requests that come in the same turn', async () => {
    const { ask, sizes } = setUp();
    for (const key of keys(200)) void ask([key]);
    await settle();
    expect(sizes()).toEqual([100, 100]);
  });

  it('holds 200 requests that come one turn after another until they are enough for a call', async () => {
    const { clock, ask, sizes } = setUp();
    for (const key of keys(200)) {
      void ask([key]);
      await settle();
    }
    await clock.advance(5);
    expect(sizes()).toEqual([1, 32, 32, 32, 32, 32, 32, 7]);
  });

  it('waits with a lone key for the end of the turn, and takes along what comes until then', async () => {
    const ends: (() => void)[] = [];
    const { ask, sizes } = setUp({ atTurnEnd: (run) => ends.push(run) });
    for (const key of keys(20)) {
      void ask([key]);
      await settle();
    }
    expect(sizes()).toEqual([]);
    for (const end of ends) end();
    expect(sizes()).toEqual([20]);
  });

  it('holds nothing that came in the turn in which it was idle, though a part was sent before the turn ended', async () => {
    const { clock, ask, sizes } = setUp({ atTurnEnd: (run) => void setImmediate(run) });
    void ask(keys(110));
    void ask(['a'], html);
    await settle();
    await settle();
    expect(sizes()).toEqual([100, 10, 1]);
    expect(clock.timers.size).toBe(0);
  });

  it('sends what is enough for a call before the turn ends', async () => {
    const { ask, sizes } = setUp({ atTurnEnd: () => undefined });
    for (const key of keys(40)) {
      void ask([key]);
      await settle();
    }
    expect(sizes()).toEqual([32]);
  });
});

describe('while a call is in flight', () => {
  async function busy(options: { maxKeys?: number; maxCalls?: number } = {}) {
    const world = setUp(options);
    void world.ask(['first']);
    await settle();
    return world;
  }

  it('holds keys for 5 ms', async () => {
    const { clock, ask, sizes } = await busy();
    void ask(['a']);
    await clock.advance(3);
    void ask(['b']);
    await clock.advance(1);
    expect(sizes()).toEqual([1]);
    await clock.advance(1);
    expect(sizes()).toEqual([1, 2]);
  });

  it('holds keys until the call returns', async () => {
    const { store, clock, ask, sizes } = await busy();
    void ask(['a', 'b']);
    void ask(['c'], html);
    await settle();
    expect(sizes()).toEqual([1]);
    await store.call(0).find({});
    expect(store.keysOfCalls()).toEqual([['first'], ['a', 'b'], ['c']]);
    expect(clock.timers.size).toBe(0);
  });

  it('sends what it holds when the last of several calls returns', async () => {
    const { clock, store, ask } = await busy();
    void ask(['a']);
    await clock.advance(5);
    void ask(['b']);
    void ask(['c'], html);
    await store.call(0).find({});
    expect(store.keysOfCalls()).toEqual([['first'], ['a']]);
    await store.call(1).find({});
    expect(store.keysOfCalls()).toEqual([['first'], ['a'], ['b'], ['c']]);
  });

  it('holds keys for 5 ms at most, though calls go on returning', async () => {
    const { clock, store, ask } = await busy();
    void ask(['a']);
    await clock.advance(5);
    void ask(['b']);
    await store.call(0).find({});
    await clock.advance(4);
    expect(store.keysOfCalls()).toEqual([['first'], ['a']]);
    await clock.advance(1);
    expect(store.keysOfCalls()).toEqual([['first'], ['a'], ['b']]);
  });

  it('sends a full batch at once and goes on holding the rest', async () => {
    const { clock, ask, sizes } = await busy({ maxKeys: 3 });
    void ask(keys(2));
    await settle();
    void ask(keys(2, 'more'));
    await settle();
    expect(sizes()).toEqual([1, 3]);
    await clock.advance(5);
    expect(sizes()).toEqual([1, 3, 1]);
  });

  it('names a key once that is asked again before it is sent, and again after', async () => {
    const { store, ask } = await busy();
    const both = [ask(['a']), ask(['a', 'b'])];
    await store.call(0).find({});
    void ask(['a']);
    await settle();
    await store.call(1).find({ a: 'A' });
    const [one, two] = await Promise.all(both);
    expect(one?.get('a')).toMatchObject({ kind: 'found', value: 'A' });
    expect([...(two ?? [])].map(([key, outcome]) => [key, outcome.kind])).toEqual([
      ['a', 'found'],
      ['b', 'absent'],
    ]);
    expect(store.keysOfCalls()).toEqual([['first'], ['a', 'b'], ['a']]);
  });
});

describe('with all connections busy', () => {
  it('waits for one of them, however full the batch, and sends the oldest key first', async () => {
    const { store, clock, ask } = setUp({ maxKeys: 2, maxCalls: 1 });
    void ask(['first']);
    await settle();
    void ask(['h1'], html);
    void ask(['a', 'b', 'c']);
    void ask(['h2', 'h3'], html);
    await clock.advance(60);
    expect(store.calls).toHaveLength(1);
    for (let call = 0; call < 5; call += 1) {
      expect(store.calls).toHaveLength(call + 1);
      await store.call(call).find({});
    }
    expect(store.keysOfCalls()).toEqual([['first'], ['h1', 'h2'], ['a', 'b'], ['c'], ['h3']]);
  });

  it('lets no lane that keeps filling up hold back another', async () => {
    const { store, ask } = setUp({ maxKeys: 2, maxCalls: 1 });
    void ask(['first']);
    await settle();
    void ask(keys(3));
    void ask(['h1'], html);
    void ask(keys(4, 'late'));
    for (let call = 0; call < 4; call += 1) await store.call(call).find({});
    expect(store.keysOfCalls().slice(1, 4)).toEqual([['k0', 'k1'], ['k2', 'late0'], ['h1']]);
  });
});

describe('lanes', () => {
  it('keeps projections and consistencies apart', async () => {
    const { store, ask } = setUp();
    void ask(['a']);
    void ask(['a'], html);
    void ask(['a'], strong);
    await settle();
    expect(store.calls.map(({ want }) => [want.groups, want.consistency])).toEqual([
      [head.groups, 'EVENTUAL'],
      [html.groups, 'EVENTUAL'],
      [head.groups, 'STRONG'],
    ]);
  });

  it('does not keep ages and outcomes apart, and passes on a plain want', async () => {
    const { store, ask } = setUp();
    void ask(['a'], { ...head, maxAge: 5 });
    void ask(['b'], { ...head, maxStale: 0, outcome: 'SUCCESS' });
    await settle();
    expect(store.keysOfCalls()).toEqual([['a', 'b']]);
    expect(store.call(0).want).toEqual(head);
  });

  it('lets a key of which only the presence is asked ride along', async () => {
    const { store, ask } = setUp();
    const asked = ask(['health', 'a'], probe);
    void ask(['a', 'b'], strong);
    await settle();
    expect(store.keysOfCalls()).toEqual([['a', 'b', 'health']]);
    expect(store.call(0).want.groups).toBe(groups.head);
    await store.call(0).find({ a: 'A' });
    expect([...(await asked)].map(([key, { kind }]) => [key, kind])).toEqual([
      ['a', 'found'],
      ['health', 'absent'],
    ]);
  });

  it('sends such a key alone where nothing of its consistency is there, or the batch is full', async () => {
    const { store, ask } = setUp({ maxKeys: 2 });
    void ask(['health'], probe);
    void ask(['a', 'b', 'c', 'd'], strong);
    void ask(['e'], head);
    await settle();
    expect(store.keysOfCalls().slice().sort()).toEqual([['a', 'b'], ['c', 'd'], ['e'], ['health']]);
  });
});

describe('leaving', () => {
  it('lets each request leave at its own signal, and the others be answered', async () => {
    const { store, ask } = setUp();
    const ending = new AbortController();
    const leaves = ask(['a', 'b'], head, ending.signal);
    const stays = ask(['b']);
    await settle();
    ending.abort();
    const left = await leaves;
    expect([...left.values()].map((outcome) => outcome.kind === 'failed' && outcome.error.code)).toEqual([
      'DEADLINE_EXCEEDED',
      'DEADLINE_EXCEEDED',
    ]);
    expect(store.call(0).signal.aborted).toBe(false);
    await store.call(0).find({ a: 'A', b: 'B' });
    expect((await stays).get('b')).toMatchObject({ kind: 'found', value: 'B' });
    expect(left.get('a')?.kind).toBe('failed');
  });

  it('aborts a call when nobody waits for it any more', async () => {
    const { store, ask } = setUp();
    const endings = [new AbortController(), new AbortController()];
    for (const ending of endings) void ask(['a'], head, ending.signal);
    await settle();
    endings[0]?.abort();
    expect(store.call(0).signal.aborted).toBe(false);
    endings[1]?.abort();
    expect(store.call(0).signal.aborted).toBe(true);
  });

  it('never sends a held key that nobody waits for, nor sets a timer for it', async () => {
    const { store, clock, ask } = setUp();
    void ask(['first']);
    await settle();
    const ending = new AbortController();
    void ask(['a'], html, ending.signal);
    void ask(['b', 'c']);
    void ask(['c', 'd'], head, ending.signal);
    await settle();
    ending.abort();
    expect(clock.timers.size).toBe(1);
    await clock.advance(5);
    expect(store.keysOfCalls()).toEqual([['first'], ['b', 'c']]);
  });

  it('takes a signal off that was not used', async () => {
    const { store, ask } = setUp();
    const warnings: unknown[] = [];
    const listen = (warning: unknown) => warnings.push(warning);
    process.on('warning', listen);
    const { signal } = new AbortController();
    const asked = keys(50).map((key) => ask([key], head, signal));
    await settle();
    await store.call(0).find({});
    await Promise.all(asked);
    process.off('warning', listen);
    expect(warnings).toEqual([]);
  });
});

describe('a neighbour that breaks the contract', () => {
  it('fails the keys of a call that rejects, and says the cause once', async () => {
    const { store, record, ask } = setUp();
    const asked = [ask(['a']), ask(['b'])];
    await settle();
    const bug = new TypeError('a bug');
    await store.call(0).reject(bug);
    for (const outcomes of await Promise.all(asked)) {
      for (const outcome of outcomes.values()) {
        expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'INTERNAL_SERVER_ERROR', cause: bug } });
      }
    }
    expect(record.unexpected).toEqual([{ where: 'shared batches', error: bug }]);
  });

  it('fails the keys that an answer leaves out, and only those', async () => {
    const { store, record, ask } = setUp();
    const asked = ask(['a', 'b']);
    await settle();
    await store.call(0).answer(new Map([['a', { kind: 'absent' }]]));
    expect([...(await asked)].map(([key, { kind }]) => [key, kind])).toEqual([
      ['a', 'absent'],
      ['b', 'failed'],
    ]);
    expect(String(record.unexpected[0]?.error)).toBe(
      'TypeError: an outcome was expected for each of 2 keys; 1 of them have none',
    );
  });

  it('counts the call as over, so that the next is sent', async () => {
    const { store, ask } = setUp({ maxCalls: 1 });
    void ask(['a']);
    await settle();
    void ask(['b']);
    await store.call(0).reject(new Error('torn'));
    expect(store.keysOfCalls()).toEqual([['a'], ['b']]);
  });
});

describe('what it refuses', () => {
  it('never asks the store for an onlyIfCached question', async () => {
    const { store, ask } = setUp();
    const outcomes = await ask(['a'], { ...head, onlyIfCached: true });
    expect(outcomes.get('a')).toMatchObject({ kind: 'failed', error: { code: 'NOT_IN_MEMORY' } });
    expect(store.calls).toEqual([]);
  });

  it.each([
    [{ maxKeys: 101 }, /maxKeys .* it is 101/],
    [{ maxKeys: 0 }, /maxKeys/],
    [{ maxCalls: 0 }, /maxCalls/],
    [{ maxCalls: Number.NaN }, /maxCalls .* NaN/],
  ])('refuses %o when it is built', (options, message) => {
    expect(() => setUp(options)).toThrow(message);
  });
});
