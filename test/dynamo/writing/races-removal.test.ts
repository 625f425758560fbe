// Writes against invalidation, every call overtaking others at random: a result is whole or gone, whoever came first.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit, sound } from './audit.js';
import { shuffler } from './between.js';
import { type Doc, failed, noise, page, rounds, seeded } from './pages.js';
import { openWorld, type Station, type World } from './world.js';

const large = { document: 620_000, versioned: 6_000 } as const;

describe.each([
  { layout: 'document', keepVersions: 0, usual: 6 },
  { layout: 'versioned', keepVersions: 0, usual: 15 },
  { layout: 'versioned', keepVersions: 2, usual: 15 },
] as const)('the $layout layout keeping $keepVersions', ({ layout, keepVersions, usual }) => {
  const random = seeded(Date.now());
  let world: World;
  let stations: readonly Station[];
  beforeAll(async () => {
    world = await openWorld({ layout, keepVersions });
    const shuffle = shuffler(random);
    stations = [world, world].map(() => world.station({ client: shuffle(world.client) }));
  });
  afterAll(async () => {
    expect(world.errors).toEqual([]);
    await world[Symbol.asyncDispose]();
  });

  /** Puts documents while the URL is invalidated, then looks at what is left of it. */
  async function race(docs: readonly Doc[]): Promise<void> {
    const url = docs[0]?.url ?? '';
    const [writer, remover] = stations;
    const [, ...outcomes] = await Promise.all([
      remover?.invalidate(url).then((outcome) => expect(outcome).toMatchObject({ kind: 'done' })),
      ...docs.map((doc) => writer?.put(doc)),
    ]);
    // The failure may have been older than a success that was there at the time, and the other way round.
    for (const [outcome] of outcomes.filter((answers) => answers !== undefined)) {
      if (outcome?.kind === 'failed') expect(outcome.error).toMatchObject({ code: 'SUPERSEDED' });
    }
    const stored = await world.stored(url);
    for (const record of [stored?.success, stored?.failure]) {
      if (record === null || record === undefined) continue;
      expect([...record.failed]).toEqual([]);
      expect(docs).toContainEqual(await world.document(url, record.success ? 'success' : 'failure'));
    }
    const { missing, orphans } = await audit(world);
    expect(missing).toEqual([]);
    // What attempts left that lost against others goes away by its ttl where versions are kept.
    if (keepVersions === 0) expect(orphans).toEqual([]);
  }

  async function clear(url: string): Promise<void> {
    expect(await world.invalidate(url)).toMatchObject({ kind: 'done' });
    if (keepVersions === 0) expect(await audit(world)).toEqual(sound);
  }

  it('loses no part of a result that is put while its URL is invalidated', async () => {
    for (let round = 0; round < rounds(usual); round += 1) {
      const url = `https://gone.example/new/${round % 7}`;
      const html = noise(large[layout], `${round}`);
      const docs = [page(url, 10, { html }), page(url, 20, { html: `${html}!` })];
      await race(random() < 0.5 ? docs : docs.slice(1));
      if (random() < 0.3) await clear(url);
      else if (random() < 0.5) await world.invalidate(url);
    }
  });

  it('never has a head name again what invalidation removed', async () => {
    for (let round = 0; round < rounds(usual); round += 1) {
      const url = `https://gone.example/again/${round % 5}`;
      const html = noise(large[layout], `${round % 5}`);
      await world.put(page(url, 10, { html }));
      await race([page(url, 20, { html }), failed(url, 30, { html: `down ${'x'.repeat(4000)}` })]);
      await world.invalidate(url);
      expect(await world.stored(url)).toBeNull();
    }
  });

  it('leaves nothing at all of a URL that nobody writes any more', async () => {
    const url = 'https://gone.example/nothing';
    const before = (await world.items()).length;
    // No more than are kept: the parts of versions that were pruned go away by their ttl.
    for (const second of [1, 2]) await world.put(page(url, second, { html: noise(large[layout], `${second}`) }));
    await world.put(failed(url, 9, { html: 'down '.repeat(1000) }));
    expect(await world.invalidate(url)).toEqual({ kind: 'done', receipt: { removed: true } });
    expect((await world.items()).length).toBe(before);
    expect(await world.invalidate(url)).toEqual({ kind: 'done', receipt: { removed: false } });
  });
});
