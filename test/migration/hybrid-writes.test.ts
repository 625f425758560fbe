// Writes to two stores: who is waited for, in which order copies are made, and that nothing removed comes back.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { Instant } from '../../src/domain/instant.js';
import { toUrlKey, type UrlKey } from '../../src/domain/url-key.js';
import type { NewResult, ResultWriters, WriteMany } from '../../src/domain/write-many.js';
import { CrawlgateError } from '../../src/errors.js';
import { maxLate, maxLateBytes } from '../../src/migration/copy-queue.js';
import { createHybridWrites } from '../../src/migration/hybrid-writes.js';
import type { Home } from '../../src/migration/route.js';
import type { Events } from '../../src/observability/events.js';

const signal = new AbortController().signal;
const urlAt = (name: string | number): UrlKey => toUrlKey(`https://example.com/${name}`);

const resultAt = (url: UrlKey, createdAt = 1): NewResult => ({
  ...{ url, success: true, statusCode: null, redirectedStatusCode: null, createdAt: createdAt as Instant, ttlDays: 0 },
  ...{ fields: new Map([['html', '<p>']]), derivedFields: new Set(), nullScalars: new Set(), markdownIsText: false },
});

/** The same with a text of so many bytes, which all of them share. */
const sized = (result: NewResult, bytes: number): NewResult => ({
  ...result,
  fields: new Map([['html', textOf(Math.floor(bytes))]]),
});

const texts = new Map<number, string>();
function textOf(bytes: number): string {
  const text = texts.get(bytes) ?? 'x'.repeat(bytes);
  texts.set(bytes, text);
  return text;
}

/** Turns of the event loop in which everything that can go on goes on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** DynamoDB is every URL's home. SQLite stops before each call while it is locked. */
function openWorld() {
  const stored: Record<Home, Map<UrlKey, number>> = { dynamodb: new Map(), sqlite: new Map() };
  const log: string[] = [];
  const failing = new Set<Home>();
  const copySignals: WeakRef<object>[] = [];
  const calls: Parameters<Events['storeCall']>[0][] = [];
  let timers: (() => void)[] = [];
  let lock: Promise<void> | null = null;
  let open = (): void => undefined;

  const writersOf = (store: Home): ResultWriters => {
    const each =
      <Input, Receipt>(name: string, urlOf: (input: Input) => UrlKey, work: (input: Input) => Receipt) =>
      async ({ inputs, signal: until }: Parameters<WriteMany<Input, Receipt>>[0]) => {
        // As whoever makes calls listens, some of them for as long as there is anything to be heard.
        until.addEventListener('abort', () => undefined);
        if (store === 'sqlite') copySignals.push(new WeakRef(until));
        if (store === 'sqlite' && lock !== null) await lock;
        return inputs.map((input) => {
          log.push(`${store} ${name} ${urlOf(input).split('/').at(-1)}`);
          if (!failing.has(store)) return { kind: 'done' as const, receipt: work(input) };
          return { kind: 'failed' as const, error: new CrawlgateError('DEADLINE_EXCEEDED', `${store} is away`, {}) };
        });
      };
    return {
      put: each(
        'put',
        ({ url }) => url,
        ({ url, createdAt }) => {
          stored[store].set(url, createdAt);
          return { bytes: 1, items: 1 };
        },
      ),
      revalidate: each(
        'revalidate',
        ({ url }) => url,
        () => ({ bytes: 1, items: 1 }),
      ),
      invalidate: each(
        'invalidate',
        (url) => url,
        (url) => ({ removed: stored[store].delete(url) }),
      ),
    };
  };
  const writes = createHybridWrites({
    stores: { dynamodb: writersOf('dynamodb'), sqlite: writersOf('sqlite') },
    homeOf: () => 'dynamodb',
    isBetween: true,
    goneFrom: async (store, urls) => urls.filter((url) => !stored[store].has(url)),
    events: { storeCall: (event) => calls.push(event) },
    elapsed: () => 0,
    patienceMs: 250,
    setTimer(run) {
      timers.push(run);
      return () => {
        timers = timers.filter((timer) => timer !== run);
      };
    },
  });
  const put = (...results: readonly NewResult[]) => writes.put({ inputs: results, signal });
  /** Whoever waits has waited long enough. */
  const passTime = (): void => {
    const due = timers;
    timers = [];
    for (const timer of due) timer();
  };
  return {
    ...{ stored, log, failing, calls, copySignals, writes, put, passTime },
    timers: () => timers.length,
    /** While SQLite is locked: acknowledged, and the copy is late. */
    async putLate(...results: readonly NewResult[]) {
      const answer = put(...results);
      await settle();
      passTime();
      await answer;
    },
    lock() {
      lock = new Promise((resolve) => {
        open = resolve;
      });
    },
    unlock() {
      lock = null;
      open();
    },
  };
}

describe('a copy', () => {
  it('is made before the acknowledgement while the other store is well', async () => {
    const world = openWorld();
    const outcomes = await world.put(resultAt(urlAt(1)), resultAt(urlAt(2)));
    expect(outcomes).toMatchObject([{ kind: 'done' }, { kind: 'done' }]);
    expect(world.stored.sqlite.size).toBe(2);
    expect(world.calls).toMatchObject([1, 2].map(() => ({ operation: 'copy to SQLite', keys: 1, error: null })));
  });

  it('leaves nothing behind once it is made: no timer, and nothing that could end it', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const world = openWorld();
    for (let index = 0; index < 20; index += 1) await world.put(resultAt(urlAt(index)));
    await settle();
    collect();
    expect(world.copySignals).toHaveLength(20);
    expect(world.copySignals.filter((signal) => signal.deref() !== undefined)).toEqual([]);
    expect(world.timers()).toBe(0);
  });

  it('that is slow holds up the one who notices, nobody after that, and not for ever', async () => {
    const world = openWorld();
    world.lock();
    let isAcknowledged = false;
    const first = world.put(resultAt(urlAt(1))).then(() => {
      isAcknowledged = true;
    });
    await settle();
    expect(isAcknowledged).toBe(false);
    world.passTime();
    await first;
    await world.put(resultAt(urlAt(2)));
    expect(world.stored.dynamodb.size).toBe(2);
    expect(world.stored.sqlite.size).toBe(0);
    world.unlock();
    await settle();
    expect(world.stored.sqlite.size).toBe(2);
    // It is well again: waited for as before.
    await world.put(resultAt(urlAt(3)));
    expect(world.stored.sqlite.size).toBe(3);
  });

  it('is not waited for longer than the request has time', async () => {
    const world = openWorld();
    world.lock();
    const request = new AbortController();
    const outcomes = world.writes.put({ inputs: [resultAt(urlAt(1))], signal: request.signal });
    await settle();
    request.abort();
    expect(await outcomes).toMatchObject([{ kind: 'done' }]);
    world.unlock();
    await settle();
    expect(world.stored.sqlite.size).toBe(1);
  });

  it('never overtakes an earlier one of its URL', async () => {
    const world = openWorld();
    world.lock();
    await world.putLate(resultAt(urlAt('same'), 1));
    for (const createdAt of [2, 3]) await world.put(resultAt(urlAt('same'), createdAt));
    await world.put(resultAt(urlAt('other')));
    world.unlock();
    await settle();
    expect(world.stored.sqlite.get(urlAt('same'))).toBe(3);
    expect(world.log.filter((line) => line.startsWith('sqlite'))).toEqual([
      ...['sqlite put same', 'sqlite put same', 'sqlite put same', 'sqlite put other'],
    ]);
  });

  const many = (count: number, name: string) =>
    Array.from({ length: count }, (_, index) => resultAt(urlAt(`${name}${index}`)));

  it('is dropped at once, counted and told where too many are late already; the home has the result', async () => {
    const world = openWorld();
    world.lock();
    await world.putLate(...many(maxLate, 'a'));
    expect(await world.put(resultAt(urlAt('more')))).toMatchObject([{ kind: 'done' }]);
    expect(world.writes.failedCopies).toEqual({ dynamodb: 0, sqlite: 1 });
    expect(world.calls).toMatchObject([
      { operation: 'copy to SQLite', url: urlAt('more'), error: { code: 'STORE_UNAVAILABLE' } },
    ]);
    world.unlock();
    await settle();
    expect(world.stored.sqlite.size).toBe(maxLate);
    expect(world.stored.dynamodb.size).toBe(maxLate + 1);
    await world.put(resultAt(urlAt('after')));
    expect(world.stored.sqlite.has(urlAt('after'))).toBe(true);
  });

  it.each([
    ['results', 4, maxLate / 2 + 1, 1],
    ['bytes', 4, 2, maxLateBytes / 3],
  ])('waits for room while nothing is late: %s of two clients beyond the bound', async (_, puts, count, bytes) => {
    const world = openWorld();
    world.lock();
    const answers = Array.from({ length: puts }, (_, index) =>
      world.put(...many(count, `${index}-`).map((result) => sized(result, bytes))),
    );
    await settle();
    world.unlock();
    await Promise.all(answers);
    expect(world.stored.sqlite.size).toBe(puts * count);
    expect(world.writes.failedCopies).toEqual({ dynamodb: 0, sqlite: 0 });
  });

  it('that waited in vain for room is dropped, and only then; what is under way is made', async () => {
    const world = openWorld();
    world.lock();
    // SQLite takes two calls at once: the third waits for a turn.
    const answers = ['a', 'b', 'c'].map((name) =>
      world.put(...many(2, name).map((one) => sized(one, maxLateBytes / 3))),
    );
    await settle();
    expect(world.writes.failedCopies.sqlite).toBe(0);
    world.passTime();
    await Promise.all(answers);
    expect(world.writes.failedCopies.sqlite).toBe(2);
    expect(world.calls).toMatchObject([0, 1].map((index) => ({ url: urlAt(`c${index}`) })));
    world.unlock();
    await settle();
    expect([...world.stored.sqlite.keys()].sort()).toEqual(['a0', 'a1', 'b0', 'b1'].map(urlAt));
    expect(world.writes.failedCopies.sqlite).toBe(2);
  });

  it('is dropped at once while others are late, though nobody waited for those under way', async () => {
    const world = openWorld();
    world.lock();
    await world.putLate(resultAt(urlAt('a')));
    await world.put(resultAt(urlAt('b')));
    await world.put(...many(maxLate - 2, 'c'));
    // The two under way get through; what follows them stops again.
    world.unlock();
    world.lock();
    await settle();
    expect(world.stored.sqlite.size).toBe(2);
    await world.put(...many(3, 'd'));
    expect(world.writes.failedCopies.sqlite).toBe(3);
    world.unlock();
    await settle();
    expect(world.stored.sqlite.size).toBe(maxLate);
  });

  it('keeps its place among those of its URL when one between them is dropped', async () => {
    const world = openWorld();
    world.lock();
    const half = maxLateBytes / 2 + 1;
    const answers = [
      world.put(sized(resultAt(urlAt('same'), 1), half)),
      world.put(sized(resultAt(urlAt('same'), 2), half)),
      world.put(sized(resultAt(urlAt('same'), 3), 1)),
    ];
    await settle();
    world.passTime();
    await Promise.all(answers);
    expect(world.writes.failedCopies.sqlite).toBe(1);
    world.unlock();
    await settle();
    expect(world.log.filter((line) => line.startsWith('sqlite'))).toHaveLength(2);
    expect(world.stored.sqlite.get(urlAt('same'))).toBe(3);
  });

  it('that fails is nobody’s trouble, but counted, and told as what it is: lost', async () => {
    const world = openWorld();
    world.failing.add('sqlite');
    expect(await world.put(resultAt(urlAt(1)))).toMatchObject([{ kind: 'done' }]);
    expect(world.writes.failedCopies).toEqual({ dynamodb: 0, sqlite: 1 });
    // DEADLINE_EXCEEDED would be passed over by the log: nobody waits for it.
    expect(world.calls).toMatchObject([{ url: urlAt(1), error: { code: 'STORE_UNAVAILABLE' } }]);
  });

  it('is not made of what its home did not take', async () => {
    const world = openWorld();
    world.failing.add('dynamodb');
    expect(await world.put(resultAt(urlAt(1)))).toMatchObject([{ kind: 'failed' }]);
    expect(world.log).toEqual(['dynamodb put 1']);
  });
});

describe('an invalidation', () => {
  it('waits for the copy under way, and those that wait are never made', async () => {
    const world = openWorld();
    world.lock();
    await world.putLate(resultAt(urlAt('a')));
    for (const name of ['b', 'a', 'a']) await world.put(resultAt(urlAt(name), 2));
    const removal = world.writes.invalidate({ inputs: [urlAt('a')], signal });
    world.unlock();
    expect(await removal).toEqual([{ kind: 'done', receipt: { removed: true } }]);
    await settle();
    expect(world.stored.dynamodb.has(urlAt('a')) || world.stored.sqlite.has(urlAt('a'))).toBe(false);
    expect(world.stored.sqlite.has(urlAt('b'))).toBe(true);
    expect(world.log.filter((line) => line === 'sqlite put a')).toHaveLength(1);
    expect(world.writes.failedCopies.sqlite).toBe(0);
  });

  it('that would have to wait longer than its request says that it is not done', async () => {
    const world = openWorld();
    world.lock();
    await world.putLate(resultAt(urlAt('a')));
    const request = new AbortController();
    const removal = world.writes.invalidate({ inputs: [urlAt('a')], signal: request.signal });
    request.abort();
    expect(await removal).toMatchObject([{ kind: 'failed', error: { code: 'DEADLINE_EXCEEDED' } }]);
    world.unlock();
  });

  it('by another gateway is not undone by a copy that was late', async () => {
    const world = openWorld();
    world.lock();
    await world.putLate(resultAt(urlAt('a')));
    // What the other gateway did: it is gone from the home, and was not in SQLite yet.
    world.stored.dynamodb.delete(urlAt('a'));
    world.unlock();
    await settle();
    expect(world.log).toContain('sqlite put a');
    expect(world.stored.sqlite.has(urlAt('a'))).toBe(false);
  });

  it.each([
    ['sqlite', 'It is gone from DynamoDB, but perhaps not from SQLite: sqlite is away'],
    ['dynamodb', 'It is gone from SQLite, but perhaps not from DynamoDB: dynamodb is away'],
  ] as const)('that %s does not answer says where the result may still be', async (store, message) => {
    const world = openWorld();
    await world.put(resultAt(urlAt('a')));
    world.failing.add(store);
    const [outcome] = await world.writes.invalidate({ inputs: [urlAt('a')], signal });
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'DEADLINE_EXCEEDED', message } });
  });
});

describe('the end of the gateway', () => {
  it('waits for the copies, takes no more, and drops what there is no time for', async () => {
    const world = openWorld();
    world.lock();
    await world.putLate(resultAt(urlAt('a'), 1));
    await world.put(resultAt(urlAt('a'), 2));
    let isDrained = false;
    const drained = world.writes.drain(1).then(() => {
      isDrained = true;
    });
    await settle();
    expect(isDrained).toBe(false);
    world.passTime();
    await drained;
    expect(world.writes.failedCopies.sqlite).toBe(1);
    world.unlock();
    await settle();
    expect(world.stored.sqlite.get(urlAt('a'))).toBe(1);
    await world.put(resultAt(urlAt('b')));
    expect(world.writes.failedCopies.sqlite).toBe(2);
  });

  it('is not held up where every copy is made', async () => {
    const world = openWorld();
    world.lock();
    await world.putLate(resultAt(urlAt('a'), 1));
    const drained = world.writes.drain(1);
    world.unlock();
    await drained;
    expect(world.stored.sqlite.get(urlAt('a'))).toBe(1);
    expect(world.writes.failedCopies.sqlite).toBe(0);
  });
});
