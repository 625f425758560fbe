// Readers while a writer replaces the same URL in a loop: one result or the next, whole, never a mixture, never nothing.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryTier } from '../../../src/cache/memory-tier.js';
import type { StoredResult } from '../../../src/domain/crawl-result.js';
import { type FieldName, groupOf, groups, union } from '../../../src/domain/fields.js';
import { plainWant, type ReadMany, type Want } from '../../../src/domain/read-many.js';
import { storedField } from '../../../src/domain/record-field.js';
import { latestKey, type ResultKey } from '../../../src/domain/result-key.js';
import { toUrlKey } from '../../../src/domain/url-key.js';
import { storedResultRules } from '../../../src/gateway/stored-result-rules.js';
import { within } from '../../support/within.js';
import { audit, sound } from './audit.js';
import { type Doc, failed, noise, page, rounds, seeded } from './pages.js';
import { openWorld, type World } from './world.js';

/** Fields that carry the generation; the first is so large that it is stored apart. */
const carriers = ['html', 'cleaned_html', 'extracted_content', 'session_id'] as const satisfies readonly FieldName[];
const large = { document: 620_000, versioned: 9_000 } as const;

function generation(url: string, number: number, bytes: number): Doc {
  const fields = { cleaned_html: `${number} ${'clean '.repeat(700)}`, extracted_content: `${number}` };
  return page(url, number, { html: `${number} ${noise(bytes, String(number))}`, session_id: `${number}`, ...fields });
}

const numberOf = (value: unknown): number => Number(String(value).split(' ')[0]);

describe.each(['document', 'versioned'] as const)('the %s layout', (layout) => {
  const random = seeded(Date.now());
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ layout });
  });
  afterAll(async () => {
    expect(world.errors).toEqual([]);
    expect(await audit(world)).toEqual(sound);
    await world[Symbol.asyncDispose]();
  });

  function someWant(): Want {
    const fields = carriers.filter(() => random() < 0.6).map(groupOf);
    const consistency = random() < 0.5 ? 'STRONG' : 'EVENTUAL';
    return { ...plainWant, consistency, groups: fields.reduce(union, groups.head) };
  }

  /** The one generation that an answer is of. */
  async function generationOf(read: ReadMany<ResultKey, StoredResult>, url: string, want: Want): Promise<number> {
    const key = latestKey(toUrlKey(url));
    const outcome = (await read({ keys: [key], want, signal: within(20_000) })).get(key);
    if (outcome?.kind === 'failed') throw outcome.error;
    if (outcome?.kind !== 'found' || outcome.value.success === null) throw new Error('nothing was found');
    const record = outcome.value.success;
    expect([...record.failed]).toEqual([]);
    const numbers = new Set<number>();
    for (const name of carriers) {
      if ((want.groups & groupOf(name)) !== 0) numbers.add(numberOf(await storedField(record, name)));
    }
    expect([...numbers]).toHaveLength(1);
    return [...numbers][0] ?? 0;
  }

  it('gives a reader one result or the next', async () => {
    const url = 'https://reader.example/loop';
    const last = rounds(layout === 'document' ? 15 : 60);
    await world.put(generation(url, 1, large[layout]));
    let acknowledged = 1;
    let reads = 0;
    const readers = Array.from({ length: 3 }, async () => {
      for (let seen = 1; acknowledged < last; reads += 1) {
        const since = acknowledged;
        const number = await generationOf(world.read, url, someWant());
        expect(number).toBeGreaterThanOrEqual(Math.max(seen, since));
        seen = number;
      }
    });
    for (let number = 2; number <= last; number += 1) {
      expect((await world.put(generation(url, number, large[layout])))[0]).toMatchObject({ kind: 'done' });
      // A failure beside it must not disturb the success, whoever replaces what.
      if (number % 3 === 0) await world.put(failed(url, number + 1, { html: 'rest '.repeat(500) }));
      acknowledged = number;
    }
    await Promise.all(readers);
    expect(reads).toBeGreaterThan(last / 2);
  });

  it('answers nothing older than an acknowledged write through the memory tier', async () => {
    const tier = createMemoryTier<ResultKey, StoredResult>({
      next: world.read,
      ...storedResultRules,
      maxBytes: 50_000_000,
      freshMs: 60_000,
      staleMs: 600_000,
      absentMs: 60_000,
      now: Date.now,
      bypass: () => false,
      events: { lookup: () => {}, unexpectedError: ({ error }) => world.errors.push(error) },
    });
    const url = 'https://reader.example/memory';
    const last = rounds(layout === 'document' ? 12 : 50);
    let acknowledged = 0;
    const put = tier.aroundWrites<Doc, null>(
      (doc) => latestKey(toUrlKey(doc.url)),
      async ({ inputs }) => {
        const outcomes = await world.put(...inputs);
        return outcomes.map((outcome) => (outcome.kind === 'done' ? { kind: 'done', receipt: null } : outcome));
      },
    );
    const write = async (number: number): Promise<void> => {
      const inputs = [generation(url, number, large[layout])];
      expect(await put({ inputs, signal: within(20_000) })).toMatchObject([{ kind: 'done' }]);
      acknowledged = number;
    };
    await write(1);
    const readers = Array.from({ length: 3 }, async () => {
      while (acknowledged < last) {
        const since = acknowledged;
        expect(await generationOf(tier.readMany, url, someWant())).toBeGreaterThanOrEqual(since);
        // An answer from memory needs no turn of the event loop; the writer does.
        await new Promise(setImmediate);
      }
    });
    for (let number = 2; number <= last; number += 1) await write(number);
    await Promise.all(readers);
  });
});
