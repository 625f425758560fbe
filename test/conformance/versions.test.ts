// Earlier results of a URL on every engine: kept, listed, found by moment, read, pruned and invalidated.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crawl4aiOf } from '../../src/domain/crawl4ai-output.js';
import { groups } from '../../src/domain/fields.js';
import { parseInstant } from '../../src/domain/instant.js';
import { plainWant } from '../../src/domain/read-many.js';
import { versionKey } from '../../src/domain/result-key.js';
import { toUrlKey } from '../../src/domain/url-key.js';
import { at, noise, page } from '../dynamo/writing/pages.js';
import { within } from '../support/within.js';
import { readingEngines } from './engines.js';
import { openWorld, type World } from './world.js';

describe.each(readingEngines)('versions on $name', (engine) => {
  const url = toUrlKey('https://v.example/history');
  const documents = [10, 20, 30, 40, 50, 60].map((second) => page(url, second, { html: noise(20_000, `${second}`) }));
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine, { layout: 'versioned', keepVersions: 3 });
    for (const document of documents) await world.put(document);
  });
  afterAll(async () => {
    expect(world.errors).toEqual([]);
    await world[Symbol.asyncDispose]();
  });

  const list = (more: object = {}) =>
    world.access.readVersions({
      ...{ url, first: 10, after: null, before: null, closest: null },
      ...{ signal: within(10_000), ...more },
    });
  const micros = (second: number): number => parseInstant(at(second)) ?? 0;

  it('are listed newest first, as many as are kept besides the latest', async () => {
    const { entries, hasNextPage } = await list({ before: micros(60) });
    expect(entries.map(({ createdAt }) => createdAt)).toEqual([50, 40, 30].map(micros));
    expect(hasNextPage).toBe(false);
  });

  it('are listed page by page', async () => {
    const first = await list({ first: 1, before: micros(60) });
    expect(first.hasNextPage).toBe(true);
    const second = await list({ first: 2, before: micros(60), after: first.entries[0]?.cursor });
    expect(second.entries.map(({ createdAt }) => createdAt)).toEqual([40, 30].map(micros));
  });

  it('are found by their moment', async () => {
    const { entries } = await list({ first: 2, before: micros(60), closest: micros(38) });
    expect(entries.map(({ createdAt }) => createdAt)).toEqual([40, 30].map(micros));
  });

  it('are read whole', async () => {
    const { entries } = await list({ before: micros(60) });
    const keys = entries.map(({ versionId }) => versionKey(url, versionId));
    const want = { ...plainWant, groups: groups.all, consistency: 'STRONG' as const };
    const outcomes = await world.access.read({ keys, want, signal: within(10_000) });
    for (const [index, key] of keys.entries()) {
      const outcome = outcomes.get(key);
      const record = outcome?.kind === 'found' ? outcome.value.success : null;
      expect(record === null ? outcome : await crawl4aiOf(record)).toEqual(documents[4 - index]);
    }
  });

  it('go with their URL when it is invalidated', async () => {
    const signal = within(20_000);
    expect(await world.access.writers.invalidate({ inputs: [url], signal })).toMatchObject([{ kind: 'done' }]);
    expect((await list()).entries).toEqual([]);
    expect((await world.items()).filter(({ sk }) => !sk?.S?.startsWith('PART#'))).toEqual([]);
  });
});
