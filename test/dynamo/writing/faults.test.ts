// DynamoDB's bad day: parts left unprocessed, throttles, answers that never come. What was acknowledged is there.
import { BatchWriteItemCommand, type BatchWriteItemCommandInput, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sdkError } from '../support/scripted-client.js';
import { audit, sound } from './audit.js';
import { type Around, between, lostAnswer } from './between.js';
import { failed, noise, page, rounds, seeded } from './pages.js';
import { openWorld, type Station, type World } from './world.js';

const large = { document: 620_000, versioned: 6_000 } as const;

/** What a BatchWriteItem asks for, and the same call with less. */
function requestsOf(input: object): readonly WriteRequest[] {
  return (input as BatchWriteItemCommandInput).RequestItems?.results ?? [];
}

describe.each(['document', 'versioned'] as const)('the %s layout', (layout) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ layout });
  });
  afterAll(async () => {
    expect(world.errors).toEqual([]);
    await world[Symbol.asyncDispose]();
  });

  function through(around: Around, more: { signal?: AbortSignal } = {}): Station {
    return world.station({ client: between(world.client, around), ...more });
  }

  const large2 = (seed: string): string => noise(large[layout] * 2, seed);

  it('parts that were left unprocessed are sent again, and only these', async () => {
    const url = 'https://fault.example/unprocessed';
    const sent: number[] = [];
    const station = through(async ({ operation, input }, send) => {
      if (operation !== 'BatchWriteItem') return send();
      const requests = requestsOf(input);
      sent.push(requests.length);
      if (sent.length > 2) return send();
      // Nothing the first time, all but one the second.
      const left = sent.length === 1 ? requests : requests.slice(1);
      if (sent.length === 2) await world.client.send(commandOf(requests.slice(0, 1)));
      return { UnprocessedItems: { results: left } };
    });
    const doc = page(url, 1, { html: large2('a'), screenshot: large2('b'), cleaned_html: large2('c') });
    expect((await station.put(doc))[0]).toMatchObject({ kind: 'done' });
    expect(await world.document(url)).toEqual(doc);
    const [first = 0] = sent;
    expect(sent.slice(0, 3)).toEqual([first, first, first - 1]);
    expect(await audit(world, url)).toEqual(sound);
  });

  it('what could not be stored by the deadline says so, for itself alone', async () => {
    const [slow, quick] = ['https://fault.example/slow', 'https://fault.example/quick'];
    const deadline = new AbortController();
    let isQuickThere = false;
    const station = through(
      async ({ operation, input }, send) => {
        if (operation === 'BatchWriteItem') {
          if (isQuickThere) deadline.abort();
          return { UnprocessedItems: { results: requestsOf(input) } };
        }
        const answer = await send();
        if (operation === 'PutItem') isQuickThere = true;
        return answer;
      },
      { signal: deadline.signal },
    );
    const outcomes = await station.put(page(slow, 1, { html: large2('d') }), page(quick, 1));
    expect(outcomes).toMatchObject([{ kind: 'failed', error: { code: 'STORE_THROTTLED' } }, { kind: 'done' }]);
    expect(await world.stored(slow)).toBeNull();
    expect(await world.document(quick)).toEqual(page(quick, 1));
  });

  it('a throttled write is tried again, one that is throttled for good leaves nothing behind', async () => {
    const url = 'https://fault.example/throttled';
    const deadline = new AbortController();
    let refusals = 2;
    const throttled: Around = async ({ operation }, send) => {
      if (operation !== 'PutItem' || refusals === 0) return send();
      refusals -= 1;
      if (refusals === 5) deadline.abort();
      throw sdkError('ThrottlingException', 400);
    };
    const doc = page(url, 1, { html: large2('e') });
    expect((await through(throttled).put(doc))[0]).toMatchObject({ kind: 'done' });
    refusals = 10;
    const newer = page(url, 2, { html: large2('f') });
    const station = through(throttled, { signal: deadline.signal });
    expect((await station.put(newer))[0]).toMatchObject({ kind: 'failed' });
    expect(await world.document(url)).toEqual(doc);
  });

  it('a write whose answer was lost is found to be done, and its parts stay', async () => {
    const url = 'https://fault.example/lost';
    await world.put(page(url, 1, { html: large2('g') }));
    for (const [second, operation] of [
      [2, 'PutItem'],
      [3, 'BatchWriteItem'],
      [4, 'PutItem'],
    ] as const) {
      let isLost = false;
      const station = through(async (call, send) => {
        const answer = await send();
        if (isLost || call.operation !== operation) return answer;
        isLost = true;
        throw lostAnswer();
      });
      const doc = page(url, second, { html: large2(`g${second}`) });
      expect((await station.put(doc))[0]).toMatchObject({ kind: 'done' });
      expect(await world.document(url)).toEqual(doc);
      expect(await audit(world, url)).toEqual(sound);
    }
    let isLost = false;
    const station = through(async ({ operation }, send) => {
      const answer = await send();
      if (isLost || operation !== 'UpdateItem') return answer;
      isLost = true;
      throw lostAnswer();
    });
    const failure = failed(url, 5, { html: large2('h') });
    expect((await station.put(failure))[0]).toMatchObject({ kind: 'done' });
    expect(await world.document(url)).toEqual(failure);
    expect(await audit(world, url)).toEqual(sound);
  });

  it('a write whose answers are all lost fails with a code and keeps its parts, for it may be there', async () => {
    const url = 'https://fault.example/never';
    const deadline = new AbortController();
    const lost: Around = async ({ operation }, send) => {
      const answer = await send();
      if (operation !== 'PutItem') return answer;
      deadline.abort();
      throw lostAnswer();
    };
    const doc = page(url, 2, { html: large2('i') });
    const [outcome] = await through(lost, { signal: deadline.signal }).put(doc);
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'DEADLINE_EXCEEDED' } });
    expect(await world.document(url)).toEqual(doc);
    expect((await audit(world, url)).missing).toEqual([]);
  });

  it('a lost answer and an invalidation leave no head without its parts', async () => {
    const url = 'https://fault.example/lost-and-gone';
    let isLost = false;
    const station = through(async ({ operation }, send) => {
      const answer = await send();
      if (isLost || operation !== 'PutItem') return answer;
      isLost = true;
      await world.invalidate(url);
      throw lostAnswer();
    });
    const doc = page(url, 2, { html: large2('j') });
    expect((await station.put(doc))[0]).toMatchObject({ kind: 'done' });
    expect((await audit(world, url)).missing).toEqual([]);
    expect(await world.document(url)).toEqual(doc);
  });

  it('an invalidation whose answer was lost removes the parts too, and says that it removed', async () => {
    const url = 'https://fault.example/removed';
    await world.put(page(url, 1, { html: large2('k') }), failed(url, 2, { html: large2('l') }));
    let isLost = false;
    const station = through(async ({ operation }, send) => {
      const answer = await send();
      if (isLost || operation !== 'DeleteItem') return answer;
      isLost = true;
      throw lostAnswer();
    });
    expect(await station.invalidate(url)).toEqual({ kind: 'done', receipt: { removed: true } });
    expect(await world.stored(url)).toBeNull();
    expect(await audit(world, url)).toEqual(sound);
  });

  it('on a day when every third call fails nothing acknowledged is lost', async () => {
    const random = seeded(Date.now());
    const bad: Around = async (_, send) => {
      const luck = random();
      if (luck < 0.1) throw sdkError('ProvisionedThroughputExceededException', 400);
      if (luck < 0.2) throw sdkError('InternalServerError', 500);
      const answer = await send();
      if (luck < 0.35) throw lostAnswer();
      return answer;
    };
    const stations = [through(bad), through(bad)];
    for (let round = 0; round < rounds(layout === 'document' ? 3 : 12); round += 1) {
      const url = `https://fault.example/bad/${round % 3}`;
      const docs = [1, 2, 3].map((step) =>
        page(url, 4 * round + step, {
          html: noise(large[layout], `${round % 2 ? step : round}`),
          session_id: `${step}`,
        }),
      );
      const outcomes = await Promise.all(docs.map((doc, index) => stations[index % 2]?.put(doc)));
      const stored = await world.document(url);
      const done = docs.filter((_, index) => outcomes[index]?.[0]?.kind === 'done');
      const newest = done.at(-1);
      // What failed may be there all the same, but nothing older than what was acknowledged.
      expect(docs.slice(newest === undefined ? 0 : docs.indexOf(newest))).toContainEqual(stored);
      expect((await audit(world, url)).missing).toEqual([]);
    }
  });
});

function commandOf(requests: readonly WriteRequest[]): BatchWriteItemCommand {
  return new BatchWriteItemCommand({ RequestItems: { results: [...requests] } });
}
