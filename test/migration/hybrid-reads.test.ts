// Two stores behind one question: absent only where both say so, found wherever one of them has it.
import { describe, expect, it } from 'vitest';
import { type AbortSignalLike, AbortSwitch } from '../../src/domain/abort.js';
import type { CrawlResult, StoredResult } from '../../src/domain/crawl-result.js';
import { groups } from '../../src/domain/fields.js';
import type { Instant } from '../../src/domain/instant.js';
import { plainWant, type ReadMany, type ReadOutcome } from '../../src/domain/read-many.js';
import { healthKey, latestKey, type ResultKey, versionKey } from '../../src/domain/result-key.js';
import { toUrlKey, type UrlKey } from '../../src/domain/url-key.js';
import { CrawlgateError } from '../../src/errors.js';
import { createHybridReads } from '../../src/migration/hybrid-reads.js';
import type { Home } from '../../src/migration/route.js';
import { describeReadMany } from '../contract/read-many.js';

const record = (url: string, success: boolean, order: number): CrawlResult => ({
  ...{ url: url as UrlKey, version: `${order}`, order: order as Instant, success, statusCode: null },
  ...{ redirectedStatusCode: null, createdAt: order as Instant, updatedAt: null, validatedAt: null, expiresAt: null },
  ...{ title: null, sizeBytes: null, truncatedFields: null, groups: groups.head, fields: new Map() },
  ...{ failed: new Map(), addedFields: new Set() },
});
const good = (order: number): StoredResult => ({ success: record('u', true, order), failure: null });
const bad = (order: number): StoredResult => ({ success: null, failure: record('u', false, order) });
const down = new CrawlgateError('STORE_UNAVAILABLE', 'down', {});
const failed: ReadOutcome<StoredResult> = { kind: 'failed', error: down };
const absent: ReadOutcome<StoredResult> = { kind: 'absent' };
const found = (value: StoredResult, source: 'SQLITE' | 'DYNAMODB'): ReadOutcome<StoredResult> => ({
  kind: 'found',
  value,
  provenance: { source, status: 'FRESH', readAt: 0 },
});

const key = latestKey(toUrlKey('https://example.com/'));

async function ask(home: Home, answers: Readonly<Record<Home, ReadOutcome<StoredResult>>>, asked: ResultKey = key) {
  const calls: Home[] = [];
  const problems: (CrawlgateError | null)[] = [];
  const answering =
    (store: Home): ReadMany<ResultKey, StoredResult> =>
    async ({ keys }) => {
      calls.push(store);
      return new Map(keys.map((one) => [one, answers[store]]));
    };
  const read = createHybridReads({
    stores: { dynamodb: answering('dynamodb'), sqlite: answering('sqlite') },
    homeOf: () => home,
    startShare: () => () => undefined,
    now: () => 0,
    onHealth: (problem) => problems.push(problem),
  });
  const want = { ...plainWant, groups: groups.head };
  const outcome = (await read({ keys: [asked], want, signal: new AbortController().signal })).get(asked);
  return { outcome, calls, problems };
}

describe.each(['dynamodb', 'sqlite'] as const)('a key whose home is %s', (home) => {
  const other: Home = home === 'sqlite' ? 'dynamodb' : 'sqlite';
  const sourceOf = (store: Home) => (store === 'sqlite' ? 'SQLITE' : 'DYNAMODB');
  const answers = (atHome: ReadOutcome<StoredResult>, elsewhere: ReadOutcome<StoredResult>) =>
    ({ [home]: atHome, [other]: elsewhere }) as Record<Home, ReadOutcome<StoredResult>>;

  it('is answered by its home alone where that has a success', async () => {
    const { outcome, calls } = await ask(
      home,
      answers(found(good(1), sourceOf(home)), found(good(2), sourceOf(other))),
    );
    expect(outcome).toEqual(found(good(1), sourceOf(home)));
    expect(calls).toEqual([home]);
  });

  it.each([
    ['has nothing', absent],
    ['fails', failed],
  ])('is answered by the other where its home %s, and says so', async (_, atHome) => {
    const elsewhere = found(good(1), sourceOf(other));
    const { outcome, calls } = await ask(home, answers(atHome, elsewhere));
    expect(outcome).toEqual(elsewhere);
    expect(calls).toEqual([home, other]);
  });

  it('is absent only where both have nothing', async () => {
    expect((await ask(home, answers(absent, absent))).outcome).toEqual(absent);
    expect((await ask(home, answers(absent, failed))).outcome).toEqual(failed);
    expect((await ask(home, answers(failed, absent))).outcome).toEqual(failed);
    expect((await ask(home, answers(failed, failed))).outcome).toEqual(failed);
  });

  it('whose home knows of a failure alone gets the good result of the other beside it', async () => {
    const { outcome } = await ask(home, answers(found(bad(5), sourceOf(home)), found(good(1), sourceOf(other))));
    expect(outcome).toMatchObject({
      kind: 'found',
      value: { success: { order: 1 }, failure: { order: 5 } },
      provenance: { source: sourceOf(other) },
    });
    const older = await ask(home, answers(found(bad(1), sourceOf(home)), found(good(5), sourceOf(other))));
    expect(older.outcome).toMatchObject({ value: { success: { order: 5 }, failure: null } });
    const two = await ask(home, answers(found(bad(1), sourceOf(home)), found(bad(5), sourceOf(other))));
    expect(two.outcome).toMatchObject({ value: { success: null, failure: { order: 5 } } });
    const alone = await ask(home, answers(found(bad(1), sourceOf(home)), absent));
    expect(alone.outcome).toEqual(found(bad(1), sourceOf(home)));
  });

  it.each<[string, ReadOutcome<StoredResult>, ReadOutcome<StoredResult>]>([
    ['home', found(bad(1), sourceOf(home)), failed],
    ['other store', failed, found(bad(1), sourceOf(other))],
  ])(
    'whose %s knows of a failure alone while the other fails is failed: a good one may be there',
    async (_, atHome, elsewhere) => {
      const { outcome } = await ask(home, answers(atHome, elsewhere));
      const known = [atHome, elsewhere].find(({ kind }) => kind === 'found');
      expect(outcome).toEqual({ kind: 'failed', error: down, known });
    },
  );
});

describe('the health probe', () => {
  it('is well where one of the two answers, and says what the other did', async () => {
    const fine = await ask('sqlite', { dynamodb: absent, sqlite: absent }, healthKey);
    expect(fine).toMatchObject({ outcome: absent, problems: [null] });
    const half = await ask('sqlite', { dynamodb: failed, sqlite: absent }, healthKey);
    expect(half).toMatchObject({ outcome: absent, problems: [down] });
    const none = await ask('sqlite', { dynamodb: failed, sqlite: failed }, healthKey);
    expect(none).toMatchObject({ outcome: failed, problems: [down] });
  });
});

it('versions are read from DynamoDB, which alone keeps any', async () => {
  const version = versionKey(toUrlKey('https://example.com/'), 'v');
  const { calls } = await ask('sqlite', { dynamodb: found(good(1), 'DYNAMODB'), sqlite: absent }, version);
  expect(calls).toEqual(['dynamodb']);
});

/** Keys of even numbers live in DynamoDB, the others in SQLite; each has only its own. */
describeReadMany<ResultKey, StoredResult>('the reader of both stores', {
  keyAt: (index) => latestKey(toUrlKey(`https://example.com/${index}`)),
  keyOf: ({ success }) => latestKey(success?.url ?? ('' as UrlKey)),
  want: { ...plainWant, groups: groups.head },
  makeSubject(world) {
    const homeOf = (url: string): Home => (Number(url.split('/').at(-1)) % 2 === 0 ? 'dynamodb' : 'sqlite');
    const calls: ResultKey[][] = [];
    const store =
      (name: Home): ReadMany<ResultKey, StoredResult> =>
      async ({ keys, signal }) => {
        const distinct = [...new Set(keys)];
        if (signal.aborted) return new Map(distinct.map((one) => [one, deadline]));
        const mine = distinct.filter((one) => homeOf(one) === name);
        if (mine.length > 0) calls.push(mine);
        if (world.fault === 'stalls') {
          await new Promise((resolve) => signal.addEventListener('abort', () => resolve(null)));
          return new Map(distinct.map((one) => [one, deadline]));
        }
        return new Map(
          distinct.map((one): [ResultKey, ReadOutcome<StoredResult>] => {
            if (world.fault === 'throws' || world.failing.includes(one)) return [one, failed];
            const isHere = homeOf(one) === name && world.stored.includes(one);
            return [one, isHere ? found({ success: record(one, true, 1), failure: null }, 'SQLITE') : absent];
          }),
        );
      };
    const readMany = createHybridReads({
      stores: { dynamodb: store('dynamodb'), sqlite: store('sqlite') },
      homeOf,
      startShare: () => () => undefined,
      now: () => 0,
      onHealth: () => undefined,
    });
    return { readMany, calls: () => calls };
  },
});

const deadline: ReadOutcome<StoredResult> = {
  kind: 'failed',
  error: new CrawlgateError('DEADLINE_EXCEEDED', 'late', {}),
};

describe('the time of the first store', () => {
  /** DynamoDB, the home, fails when its signal is aborted; SQLite answers at once. */
  function world() {
    const asked: { readonly store: Home; readonly signal: AbortSignalLike }[] = [];
    let over = (): void => undefined;
    let isCancelled = false;
    const store =
      (name: Home, isSlow: boolean): ReadMany<ResultKey, StoredResult> =>
      async ({ keys, signal }) => {
        asked.push({ store: name, signal });
        if (isSlow && !signal.aborted) {
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        }
        return new Map(keys.map((one) => [one, isSlow ? failed : found(good(1), 'SQLITE')]));
      };
    const read = createHybridReads({
      stores: { dynamodb: store('dynamodb', true), sqlite: store('sqlite', false) },
      homeOf: () => 'dynamodb',
      startShare(run) {
        over = run;
        return () => {
          isCancelled = true;
        };
      },
      now: () => 0,
      onHealth: () => undefined,
    });
    const ending = new AbortSwitch();
    const want = { ...plainWant, groups: groups.head };
    const answer = read({ keys: [key], want, signal: ending });
    return { asked, ending, answer, end: () => over(), isCancelled: () => isCancelled };
  }

  it('ends with its share, and leaves the rest to the other', async () => {
    const { asked, answer, end, isCancelled } = world();
    expect(asked.map(({ store, signal }) => [store, signal.aborted])).toEqual([['dynamodb', false]]);
    end();
    expect((await answer).get(key)).toMatchObject({ kind: 'found' });
    expect(asked.map(({ store, signal }) => [store, signal.aborted])).toEqual([
      ['dynamodb', true],
      ['sqlite', false],
    ]);
    expect(isCancelled()).toBe(true);
  });

  it('ends with the request, for the same reason', async () => {
    const { asked, answer, ending, isCancelled } = world();
    ending.abort('gone');
    await answer;
    expect(asked.map(({ signal }) => [signal.aborted, signal.reason])).toEqual(asked.map(() => [true, 'gone']));
    expect(isCancelled()).toBe(true);
  });
});
