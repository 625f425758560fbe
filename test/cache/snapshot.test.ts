// Memory on disk: what comes back after a restart, what does not, and what a damaged file does.
import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createSnapshot, type Snapshot } from '../../src/cache/snapshot.js';
import type { SnapshotCodec, SnapshotMemory } from '../../src/cache/snapshot-restore.js';
import { createFakeClock } from './scripted-store.js';

const folders: string[] = [];
/** Those that a test does not end, as a process that dies does not: only the file is closed, by what saves once more. */
const opened: AsyncDisposable[] = [];
afterAll(async () => {
  await Promise.all(opened.map((snapshot) => snapshot[Symbol.asyncDispose]()));
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

const codec: SnapshotCodec<string> = {
  format: 'text 1',
  encode: (value) => [Buffer.from(value.slice(0, 3)), Buffer.from(value.slice(3))],
  decode(bytes) {
    if (bytes.toString() === 'poison') throw new TypeError('not decodable');
    return bytes.toString();
  },
};

type Saved = Map<string, { value: string; readAt: number }>;

/** A memory that is a map, and what it is told. */
function memoryOf(saved: Saved): SnapshotMemory<string, string> & { readonly saved: Saved } {
  let changes = 0;
  const set = saved.set.bind(saved);
  saved.set = (key, entry) => {
    changes += 1;
    return set(key, entry);
  };
  return {
    saved,
    keys: () => [...saved.keys()],
    peek: (key) => saved.get(key),
    restore: (key, value, readAt) => saved.set(key, { value, readAt }),
    changes: () => changes,
  };
}

function filled(...keys: readonly string[]): Saved {
  return new Map(keys.map((key, index) => [key, { value: `value of ${key}`, readAt: 1_000 + index }]));
}

interface World {
  readonly path: string;
  readonly folder: string;
  readonly notices: string[];
  readonly clock: ReturnType<typeof createFakeClock>;
  open(saved?: Saved): Promise<{ snapshot: Snapshot<string, string>; saved: Saved }>;
  /** What a gateway started now has in memory. */
  restored(): Promise<Saved>;
}

async function createWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'crawlgate-snapshot-'));
  folders.push(folder);
  const path = join(folder, 'below', 'memory.snapshot');
  const notices: string[] = [];
  const clock = createFakeClock();
  const world: World = {
    path,
    folder,
    notices,
    clock,
    async open(saved = new Map()) {
      const snapshot = createSnapshot<string, string>({
        path,
        codec,
        setTimer: clock.setTimer,
        elapsed: clock.now,
        events: { notice: ({ message }) => notices.push(message) },
      });
      opened.push(snapshot);
      const memory = memoryOf(new Map());
      await snapshot.open(memory);
      for (const [key, entry] of saved) memory.saved.set(key, entry);
      return { snapshot, saved: memory.saved };
    },
    async restored() {
      // Another process; nothing changed in it, so it ends without saving.
      const { snapshot, saved } = await world.open();
      await snapshot[Symbol.asyncDispose]();
      return saved;
    },
  };
  return world;
}

/** Saves `saved` as a gateway does that ends in good order. */
async function saveAndEnd(world: World, saved: Saved): Promise<void> {
  const { snapshot } = await world.open(saved);
  await snapshot[Symbol.asyncDispose]();
}

describe('a snapshot', () => {
  it('brings back every entry, with the moment at which it was read', async () => {
    const world = await createWorld();
    await saveAndEnd(world, filled('a', 'b', 'ключ', 'c\u0000d'));
    expect(await world.restored()).toEqual(filled('a', 'b', 'ключ', 'c\u0000d'));
    expect(world.notices.at(-1)).toMatch(/^Restored 4 results/);
  });

  it('is for the eyes of its owner alone, and leaves nothing else behind', async () => {
    const world = await createWorld();
    await saveAndEnd(world, filled('a'));
    await chmod(world.path, 0o644);
    await saveAndEnd(world, filled('b'));
    expect(((await stat(world.path)).mode & 0o777).toString(8)).toBe('600');
    expect(await readdir(join(world.folder, 'below'))).toEqual(['memory.snapshot']);
  });

  it('of a gateway that never ran before is nothing, without a word', async () => {
    const world = await createWorld();
    expect((await world.restored()).size).toBe(0);
    expect(world.notices).toEqual([]);
  });

  it('is saved every minute where something changed', async () => {
    const world = await createWorld();
    const { saved } = await world.open(filled('a'));
    await world.clock.advance(60_000);
    await sizeOf(world.path);
    expect(await world.restored()).toEqual(filled('a'));
    const before = (await stat(world.path)).ino;
    await world.clock.advance(60_000);
    expect((await stat(world.path)).ino).toBe(before);
    saved.set('b', { value: 'later', readAt: 7 });
    await nextSaving(world);
    expect((await world.restored()).get('b')).toEqual({ value: 'later', readAt: 7 });
  });

  it('is not replaced by that of an empty memory', async () => {
    const world = await createWorld();
    await saveAndEnd(world, filled('a'));
    const { snapshot, saved } = await world.open();
    saved.clear();
    saved.set('x', { value: 'x', readAt: 0 });
    saved.delete('x');
    await snapshot[Symbol.asyncDispose]();
    expect(await world.restored()).toEqual(filled('a'));
  });
});

describe('a key written after it was saved', () => {
  it('does not come back, from the moment at which the write is acknowledged', async () => {
    const world = await createWorld();
    await saveAndEnd(world, filled('a', 'b', 'c'));
    const { snapshot } = await world.open();
    await Promise.all([snapshot.written(['a']), snapshot.written(['c', 'unknown'])]);
    // The process dies here: nothing is saved any more.
    expect([...(await world.restored()).keys()]).toEqual(['b']);
    const again = await world.open();
    await again.snapshot.written(['b']);
    expect((await world.restored()).size).toBe(0);
  });

  it('while it is being saved does not come back either', async () => {
    const world = await createWorld();
    await saveAndEnd(world, filled('a', 'b'));
    const many = filled(...Array.from({ length: 20_000 }, (_, index) => `key ${index}`));
    const { snapshot, saved } = await world.open(many);
    const { ino } = await stat(world.path);
    void world.clock.advance(60_000);
    const written: Promise<void>[] = [];
    for (let index = 0; index < 20_000; index += 1_000) {
      saved.delete(`key ${index}`);
      written.push(snapshot.written([`key ${index}`]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(written);
    await expect.poll(async () => (await stat(world.path)).ino, { timeout: 20_000, interval: 5 }).not.toBe(ino);
    const back = await world.restored();
    expect(back.size).toBe(20_002 - 20);
    expect([...back.keys()].filter((key) => key.endsWith('000') || key === 'key 0')).toEqual([]);
  });

  it('costs one append for all that are written at the same time', async () => {
    const world = await createWorld();
    await saveAndEnd(world, filled('a'));
    const { snapshot } = await world.open();
    const before = (await stat(world.path)).size;
    const promises = Array.from({ length: 500 }, (_, index) => snapshot.written([`k${index}`]));
    expect(new Set(promises).size).toBeLessThan(3);
    await Promise.all(promises);
    expect((await stat(world.path)).size).toBeGreaterThan(before);
    expect(await world.restored()).toEqual(filled('a'));
  });
});

describe('a damaged file', () => {
  async function damagedBy(damage: (path: string, bytes: Buffer) => Promise<void>): Promise<World> {
    const world = await createWorld();
    await saveAndEnd(world, filled('a', 'b', 'c'));
    await damage(world.path, await readFile(world.path));
    return world;
  }

  it.each<[string, (path: string, bytes: Buffer) => Promise<void>]>([
    ['that is empty', (path) => truncate(path, 0)],
    ['that breaks off', (path, bytes) => truncate(path, bytes.length - 20)],
    [
      'of another version',
      (path, bytes) => writeFile(path, bytes.toString('latin1').replace('text 1', 'text 2'), 'latin1'),
    ],
    ['that is none', (path) => writeFile(path, 'Dear diary,\n'.repeat(100))],
    ['with a changed byte', (path, bytes) => writeFile(path, flipped(bytes, 60))],
    ['with a changed length', (path, bytes) => writeFile(path, flipped(bytes, firstLineBytes + 2))],
    ['with zeros at its end', (path) => appendFile(path, Buffer.alloc(4_096))],
  ])('%s is said, not used and kept aside', async (_, damage) => {
    const world = await damagedBy(damage);
    const bytes = await readFile(world.path);
    expect((await world.restored()).size).toBe(0);
    expect(world.notices).toEqual([expect.stringMatching(/is not used: .*kept as .*\.damaged/)]);
    expect(await readFile(`${world.path}.damaged`)).toEqual(bytes);
    // What is saved next is a new file.
    await saveAndEnd(world, filled('z'));
    expect(await world.restored()).toEqual(filled('z'));
    expect(await readFile(`${world.path}.damaged`)).toEqual(bytes);
  });

  it('is none where a folder stands in its place: that stays where it is', async () => {
    const world = await createWorld();
    await mkdir(join(world.path, 'within'), { recursive: true });
    expect((await world.restored()).size).toBe(0);
    expect(world.notices).toEqual([expect.stringMatching(/is not used: EISDIR/)]);
    expect(await readdir(join(world.folder, 'below'))).toEqual(['memory.snapshot']);
    expect(await readdir(world.path)).toEqual(['within']);
  });

  it('whose entries cannot be decoded is one too', async () => {
    const world = await createWorld();
    await saveAndEnd(world, new Map([['a', { value: 'poison', readAt: 0 }]]));
    expect((await world.restored()).size).toBe(0);
    expect(world.notices).toEqual([expect.stringMatching(/is not used: not decodable/)]);
  });

  it('is not one where only what was being noted breaks off: that write was never acknowledged', async () => {
    const world = await createWorld();
    await saveAndEnd(world, filled('a', 'b'));
    const sound = (await stat(world.path)).size;
    const { snapshot } = await world.open();
    await snapshot.written(['a']);
    const whole = await readFile(world.path);
    for (let size = whole.length - 1; size > sound; size -= 1) {
      await writeFile(world.path, whole.subarray(0, size));
      expect([...(await world.restored()).keys()]).toEqual(['a', 'b']);
    }
    const next = await world.open();
    await next.snapshot.written(['b']);
    expect([...(await world.restored()).keys()]).toEqual(['a']);
  });

  it('never gives anything but what was saved, wherever a byte is changed or it is cut', async () => {
    const world = await createWorld();
    await saveAndEnd(world, filled('a', 'b', 'c'));
    const bytes = await readFile(world.path);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        async (at, mask, isCut) => {
          const changed = Buffer.from(bytes);
          changed.writeUInt8(changed.readUInt8(at) ^ mask, at);
          await writeFile(world.path, isCut ? bytes.subarray(0, at) : changed);
          expect((await world.restored()).size).toBe(0);
        },
      ),
      { numRuns: 100 },
    );
  });
});

const firstLineBytes = Buffer.byteLength('crawlgate-memory 1 text 1\n');

function flipped(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(at) ^ 0x10, at);
  return changed;
}

/** Waits until the file is there. */
async function sizeOf(path: string): Promise<number> {
  for (;;) {
    const found = await stat(path).catch(() => null);
    if (found !== null) return found.size;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Moves the clock to the next saving and waits until it has replaced the file. */
async function nextSaving({ path, clock }: World): Promise<void> {
  const { ino } = await stat(path);
  for (;;) {
    if (clock.timers.size > 0) await clock.advance(60_000);
    if ((await stat(path)).ino !== ino) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
