// What happens between our reading a head and our writing it: nothing of it is lost, whoever did it.
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UrlKey } from '../../../src/domain/url-key.js';
import type { Item } from '../../../src/dynamo/table.js';
import { within } from '../../support/within.js';
import { audit, sound } from './audit.js';
import { shuffler } from './between.js';
import { at, failed, noise, page, rounds, seeded } from './pages.js';
import { openWorld, type Station, type World } from './world.js';

describe.each(['document', 'versioned'] as const)('the %s layout', (layout) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ layout });
  });
  afterAll(async () => {
    expect(world.errors).toEqual([]);
    await world[Symbol.asyncDispose]();
  });

  /** An item as Crawl4AI's own manager puts it. */
  async function putPython(url: string, createdAt: string, more: Item = {}): Promise<void> {
    const key: Item = layout === 'document' ? { url: { S: url } } : { pk: { S: `URL#${url}` }, sk: { S: 'LATEST' } };
    const own: Item = { html: { S: 'python' }, success: { BOOL: true }, created_at: { S: createdAt } };
    await world.client.send(new PutItemCommand({ TableName: 'results', Item: { ...key, ...own, ...more } }));
  }

  /** A gateway that reads heads, and then `meanwhile` happens; once. */
  function interrupted(meanwhile: () => Promise<unknown>): Station {
    let isOver = false;
    return world.station({
      readHeads: (readHeads) => async (keys, signal) => {
        const answers = await readHeads(keys, signal);
        if (!isOver) {
          isOver = true;
          await meanwhile();
        }
        return answers;
      },
    });
  }

  // As texts these are the other way round.
  const earlier = '2026-11-23T12:29:00+02:00';
  const later = '2026-11-23T09:31:00-02:00';

  describe.each([
    ['nothing', async () => {}],
    ['a success of ours', async (url: string) => void (await world.put(page(url, 1)))],
    ['a failure of ours', async (url: string) => void (await world.put(failed(url, 1, { html: 'x'.repeat(5000) })))],
    ['an item of Python', (url: string) => putPython(url, '2026-11-23T10:00:00')],
  ])('where %s was stored', (name, prepare) => {
    const address = (what: string): string => `https://between.example/${encodeURIComponent(name)}/${what}`;

    it('an older item that Python puts meanwhile is replaced', async () => {
      const url = address('older');
      await prepare(url);
      const station = interrupted(() => putPython(url, earlier));
      expect((await station.put(page(url, 2)))[0]).toMatchObject({ kind: 'done' });
      expect(await world.document(url)).toEqual(page(url, 2));
    });

    it('a newer item that Python puts meanwhile stays', async () => {
      const url = address('newer');
      await prepare(url);
      const station = interrupted(() => putPython(url, later));
      expect((await station.put(page(url, 2)))[0]).toMatchObject({ error: { code: 'SUPERSEDED' } });
      expect((await world.stored(url))?.success?.fields.get('html')).toBe('python');
    });

    it('a failure is set beside what Python puts meanwhile, and both are whole', async () => {
      const url = address('failure');
      await prepare(url);
      const station = interrupted(() => putPython(url, earlier, { session_id: { S: 's' } }));
      expect((await station.put(failed(url, 3)))[0]).toMatchObject({ kind: 'done' });
      expect(await world.document(url, 'success')).toMatchObject({ html: 'python', session_id: 's' });
      expect(await world.document(url, 'failure')).toEqual(failed(url, 3));
    });

    it('a failed item that Python puts meanwhile is kept beside an older success', async () => {
      const url = address('python-failure');
      await prepare(url);
      const failure: Item = { success: { BOOL: false }, error_message: { S: 'timed out' }, html: { S: '' } };
      const station = interrupted(() => putPython(url, later, failure));
      expect((await station.put(page(url, 2, { html: 'good' })))[0]).toMatchObject({ kind: 'done' });
      expect(await world.document(url, 'success')).toMatchObject({ html: 'good' });
      expect((await world.stored(url))?.failure?.fields.get('error_message')).toBe('timed out');
    });
  });

  it('a failure of Python that cannot be read whole does not stand in the way of a success', async () => {
    const url = 'https://between.example/malformed';
    const failure: Item = { success: { BOOL: false }, error_message: { S: 'refused' }, links: { S: 'no JSON' } };
    await putPython(url, later, failure);
    expect((await world.put(page(url, 2)))[0]).toMatchObject({ kind: 'done' });
    expect((await world.stored(url))?.failure?.fields.get('error_message')).toBe('refused');
  });

  it('a foreign attribute under the name of ours does not keep a URL from being written', async () => {
    const url = 'https://between.example/foreign';
    await putPython(url, earlier, { last_failure: { S: 'yesterday' } });
    expect((await world.put(page(url, 2)))[0]).toMatchObject({ kind: 'done' });
    expect(await world.document(url)).toEqual(page(url, 2));
  });

  it('the failure is not written over a success that came meanwhile, nor is the success lost', async () => {
    const url = 'https://between.example/both';
    const station = interrupted(() => world.put(page(url, 5)));
    expect((await station.put(failed(url, 9)))[0]).toMatchObject({ kind: 'done' });
    expect(await world.document(url, 'success')).toEqual(page(url, 5));
    expect(await world.document(url, 'failure')).toEqual(failed(url, 9));
  });

  it('confirming and replacing at once end with the newest success and what was confirmed of it', async () => {
    const random = seeded(Date.now());
    const shuffle = shuffler(random);
    const [one, other] = [world, world].map(() => world.station({ client: shuffle(world.client) }));
    for (let round = 0; round < rounds(20); round += 1) {
      const url = `https://between.example/confirmed/${round % 4}`;
      const html = layout === 'versioned' ? noise(4000, String(round)) : 'short';
      await world.put(page(url, round, { html, etag: '"old"' }));
      const input = { url: url as UrlKey, etag: '"new"', lastModified: null, headFingerprint: null };
      const [confirmed, replaced, beside] = await Promise.all([
        one?.writers.revalidate({ inputs: [input], signal: within(10_000) }),
        other?.put(page(url, round + 1, { html, etag: '"mine"' })),
        other?.put(failed(url, round + 2)),
      ]);
      for (const [outcome] of [confirmed ?? [], replaced ?? [], beside ?? []]) {
        expect(outcome).toMatchObject({ kind: 'done' });
      }
      const stored = await world.stored(url);
      const isConfirmed = stored?.success?.validatedAt === world.now * 1000;
      expect(stored?.success?.fields.get('etag')).toBe(isConfirmed ? '"new"' : '"mine"');
      expect(await world.document(url, 'success')).toMatchObject({ html, created_at: at(round + 1) });
      expect(await world.document(url, 'failure')).toEqual(failed(url, round + 2));
      expect(await audit(world, url)).toEqual(sound);
    }
  });
});
