// Two gateways write one URL at once, every call overtaking others at random; what is left is told after every round.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredReceipt, WriteOutcome } from '../../../src/domain/write-many.js';
import { audit, sound } from './audit.js';
import { shuffler } from './between.js';
import { type Doc, failed, noise, page, rounds, seeded } from './pages.js';
import { openWorld, type Station, type World } from './world.js';

/** Bytes that leave the head: of the document layout only what exceeds an item does. */
const large = { document: 620_000, versioned: 6_000 } as const;

interface Written {
  readonly doc: Doc;
  readonly outcome: WriteOutcome<StoredReceipt>;
}

const second = ({ doc }: Pick<Written, 'doc'>): string => String(doc.created_at);
const newest = (docs: readonly Doc[]): string =>
  docs
    .map((doc) => String(doc.created_at))
    .sort()
    .at(-1) ?? '';

describe.each([
  { layout: 'document', keepVersions: 0 },
  { layout: 'versioned', keepVersions: 0 },
  { layout: 'versioned', keepVersions: 2 },
] as const)('two writers of one URL, $layout layout keeping $keepVersions', ({ layout, keepVersions }) => {
  const random = seeded(Date.now());
  const upTo = (limit: number): number => Math.floor(random() * limit);
  let world: World;
  let writers: readonly Station[];
  beforeAll(async () => {
    world = await openWorld({ layout, keepVersions });
    const shuffle = shuffler(random);
    writers = [world, world].map(() => world.station({ client: shuffle(world.client) }));
  });
  afterAll(async () => {
    expect(world.errors).toEqual([]);
    await world[Symbol.asyncDispose]();
  });

  async function race(docs: readonly Doc[]): Promise<readonly Written[]> {
    return Promise.all(
      docs.map(async (doc, index): Promise<Written> => {
        const [outcome] = (await writers[index % 2]?.put(doc)) ?? [];
        if (outcome === undefined) throw new Error('not answered');
        return { doc, outcome };
      }),
    );
  }

  async function check(written: readonly Written[], doc: Doc | null, record: 'success' | 'failure'): Promise<void> {
    const told = JSON.stringify(written.map((one) => [second(one), one.doc.success, one.outcome.kind]));
    const stored = doc === null ? null : await world.document(doc.url, record);
    if (doc === null || stored === null) {
      expect(stored, told).toBe(doc);
      return;
    }
    // Of results of the same moment any may have come first; it must be one that was answered 'done'.
    const same = written.filter((one) => second(one) === String(doc.created_at) && one.doc.success === doc.success);
    const done = same.filter(({ outcome }) => outcome.kind === 'done').map((one) => one.doc);
    expect(done, told).toContainEqual(stored);
  }

  function checkOutcomes(written: readonly Written[]): void {
    for (const { outcome } of written) {
      if (outcome.kind === 'failed') expect(outcome.error).toMatchObject({ code: 'SUPERSEDED' });
    }
  }

  it('end with the newest result, whole, and nothing of the others', async () => {
    const many = rounds(layout === 'document' ? 8 : 20);
    for (let round = 0; round < many; round += 1) {
      const url = `https://race.example/writers/${upTo(3)}/${Math.floor(round / 4)}`;
      const before = (await world.stored(url))?.success?.createdAt ?? null;
      const docs = Array.from({ length: 2 + upTo(4) }, (_, index) => {
        // Some say the same as others, so that parts are named again; some are small.
        const html = random() < 0.3 ? 'small' : noise(large[layout], `${random() < 0.5 ? 0 : `${round}.${index}`}`);
        return page(url, upTo(60), { html, session_id: `${round}.${index}` });
      });
      const written = await race(docs);
      checkOutcomes(written);
      const stored = await world.stored(url);
      const winner = docs.find((doc) => String(doc.created_at) === newest(docs));
      if (winner === undefined) throw new Error('no winner');
      if (before === null || (stored?.success?.createdAt ?? 0) > before) await check(written, winner, 'success');
      expect([...(stored?.success?.failed ?? [])]).toEqual([]);
      if (keepVersions === 0 && round % 5 === 4) expect(await audit(world)).toEqual(sound);
      if (keepVersions > 0 && round % 5 === 4) expect((await audit(world)).missing).toEqual([]);
    }
    if (keepVersions === 0) expect(await audit(world)).toEqual(sound);
    else expect((await audit(world)).missing).toEqual([]);
  });

  it('end with the newest success and the newest failure after it, in whatever order they come', async () => {
    const many = rounds(16);
    for (let round = 0; round < many; round += 1) {
      const url = `https://race.example/mixed/${round}`;
      const docs = Array.from({ length: 2 + upTo(5) }, (_, index) => {
        const more = { html: random() < 0.5 ? 'short' : `${'long '.repeat(1000)}${index}`, session_id: String(index) };
        const make = random() < 0.5 ? page : failed;
        return make(url, upTo(40), more);
      });
      const written = await race(docs);
      checkOutcomes(written);
      const successes = docs.filter((doc) => doc.success === true);
      const success = successes.find((doc) => String(doc.created_at) === newest(successes)) ?? null;
      const later = docs.filter(
        (doc) => doc.success === false && (success === null || String(doc.created_at) > String(success.created_at)),
      );
      const failure = later.find((doc) => String(doc.created_at) === newest(later)) ?? null;
      await check(written, success, 'success');
      await check(written, failure, 'failure');
      if (keepVersions === 0 && round % 10 === 9) expect(await audit(world)).toEqual(sound);
    }
    if (keepVersions > 0) expect((await audit(world)).missing).toEqual([]);
  });
});
