// The write protocol on every engine: newer wins, a failure never hides a success, races lose nothing, nothing is left behind.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newResultOfCrawl4ai } from '../../src/domain/crawl4ai-input.js';
import { groups } from '../../src/domain/fields.js';
import { toUrlKey } from '../../src/domain/url-key.js';
import type { ResultWriters } from '../../src/domain/write-many.js';
import { itemBytes, maxItemBytes } from '../../src/dynamo/codec/item-size.js';
import type { Item } from '../../src/dynamo/table.js';
import { at, failed, noise, page } from '../dynamo/writing/pages.js';
import { within } from '../support/within.js';
import { engines, isEngine } from './engines.js';
import { openWorld, type World } from './world.js';

const soon = (): AbortSignal => within(30_000);

describe.each(engines)('writing on $name', (engine) => {
  describe.each([
    { layout: 'document', dialect: 'maps', keepVersions: 0 },
    { layout: 'document', dialect: 'json', keepVersions: 0 },
    { layout: 'versioned', dialect: 'maps', keepVersions: 0 },
    { layout: 'versioned', dialect: 'maps', keepVersions: 2 },
  ] as const)('to $layout, $dialect, keeping $keepVersions versions', (options) => {
    const keepsVersions = options.keepVersions > 0;
    let world: World;
    beforeAll(async () => {
      world = await openWorld(engine, options);
    });
    afterAll(async () => {
      expect(world.errors).toEqual([]);
      await world[Symbol.asyncDispose]();
    });

    /** Items of one URL's host; parts of the document layout say only the hash of their URL. */
    async function itemsOf(host: string): Promise<readonly Item[]> {
      const owner = createHash('sha256').update(`https://${host}/`).digest('hex');
      return (await world.items()).filter(({ url, pk }) => {
        const key = `${url?.S}${pk?.S}`;
        return key.includes(`//${host}/`) || key.includes(owner);
      });
    }

    it('never lets an older result win, and stores the very same again', async () => {
      const url = 'https://newer.example/';
      expect(await world.put(page(url, 20))).toMatchObject([{ kind: 'done' }]);
      expect(await world.put(page(url, 10))).toMatchObject([{ kind: 'failed', error: { code: 'SUPERSEDED' } }]);
      expect(await world.document(url)).toEqual(page(url, 20));
      expect(await world.put(page(url, 20))).toMatchObject([{ kind: 'done' }]);
      expect(await world.put(page(url, 30))).toMatchObject([{ kind: 'done' }]);
      expect(await world.document(url)).toEqual(page(url, 30));
    });

    it.each([['s10,f20'], ['f20,s10'], ['f5,s10,f20'], ['f20,f5,s10'], ['s1,s10,f20,f15'], ['s10,f12,f20']])(
      'ends with the last success and the later failure whatever the order: %s',
      async (order) => {
        const url = `https://order.example/${order}`;
        const message = noise(3000, 'message');
        for (const step of order.split(',')) {
          const second = Number(step.slice(1));
          await world.put(step.startsWith('s') ? page(url, second) : failed(url, second, { error_message: message }));
        }
        expect(await world.document(url, 'success')).toEqual(page(url, 10));
        expect(await world.document(url, 'failure')).toEqual(failed(url, 20, { error_message: message }));
        expect((await world.stored(url, groups.head))?.failure).toMatchObject({ statusCode: 503, success: false });
        await world.put(page(url, 25));
        expect(await world.stored(url)).toMatchObject({ failure: null });
      },
    );

    it('sets a failure beside a success that fills its item', async () => {
      const url = 'https://full.example/';
      const document = page(url, 1, { html: noise(380_000, 'full'), cleaned_html: noise(12_000, 'more') });
      await world.put(document);
      const late = failed(url, 2, { error_message: noise(9000, 'why'), redirected_url: 'x' });
      expect(await world.put(late)).toMatchObject([{ kind: 'done' }]);
      expect(await world.document(url, 'success')).toEqual(document);
      expect(await world.document(url, 'failure')).toEqual(late);
    });

    // moto ends at 405,000 bytes, before the fullest item that we write.
    it.skipIf(options.layout === 'versioned' || isEngine(engine, 'moto'))(
      'has room for a failure and all validators in the fullest item that it writes',
      async () => {
        const url = 'https://fullest.example/';
        const sizeOf = async (): Promise<number> =>
          itemBytes((await itemsOf('fullest.example')).find((item) => item.url?.S === url) ?? {});
        await world.put(page(url, 1, { html: noise(400_000, 'full') }));
        const document = page(url, 2, { html: noise(400_000 + maxItemBytes - 4096 - (await sizeOf()), 'full') });
        await world.put(document);
        expect(await sizeOf()).toBe(maxItemBytes - 4096);
        expect(await world.put(failed(url, 3, { error_message: 'x'.repeat(250) }))).toMatchObject([{ kind: 'done' }]);
        const longest = 'y'.repeat(1024);
        const input = { url: toUrlKey(url), etag: longest, lastModified: longest, headFingerprint: longest };
        expect(await world.access.writers.revalidate({ inputs: [input], signal: soon() })).toMatchObject([
          { kind: 'done' },
        ]);
        expect(await sizeOf()).toBeGreaterThan(maxItemBytes - 1000);
        const stored = await world.stored(url);
        expect(stored?.success?.fields.get('html')).toBe(document.html);
        expect(stored?.failure?.fields.get('error_message')).toBe('x'.repeat(250));
      },
    );

    it('writes many in a call, each answered for itself', async () => {
      const documents = Array.from({ length: 30 }, (_, index) =>
        page(`https://many.example/${index}`, 1, { html: noise(index % 10 === 0 ? 600_000 : 2000, `${index}`) }),
      );
      const outcomes = await world.put(...documents);
      expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['done']));
      for (const document of documents) expect(await world.document(document.url)).toEqual(document);
    });

    it('counts units as the engine does', async () => {
      const url = 'https://units.example/';
      world.units.write = 0;
      await world.put(page(url, 1, { html: noise(3000, 'units') }));
      // DynamoDB Local counts nothing for an item that is not there; AWS counts a unit.
      world.units.read = 0;
      await world.stored(url);
      expect(world.units.read).toBeGreaterThan(0);
      expect(world.units.write).toBeGreaterThan(0);
    });

    it('removes everything of an invalidated URL', async () => {
      const url = 'https://gone.example/';
      for (const second of [1, 2, 3]) await world.put(page(url, second, { html: noise(600_000, `gone${second}`) }));
      await world.put(failed(url, 4, { error_message: noise(5000, 'gone') }));
      expect((await itemsOf('gone.example')).length).toBeGreaterThan(0);
      const inputs = [toUrlKey(url)];
      expect(await world.access.writers.invalidate({ inputs, signal: soon() })).toEqual([
        { kind: 'done', receipt: { removed: true } },
      ]);
      expect(await world.stored(url)).toBeNull();
      expect(await world.access.writers.invalidate({ inputs, signal: soon() })).toEqual([
        { kind: 'done', receipt: { removed: false } },
      ]);
      // Where versions are kept, parts go by their ttl alone: a version pruned meanwhile may have named them.
      const left = (await itemsOf('gone.example')).filter(({ sk }) => !keepsVersions || !sk?.S?.startsWith('PART#'));
      expect(left.map(({ pk, sk, url: key }) => [pk, sk, key])).toEqual([]);
    });

    it('revalidates the success alone, and only where one is stored', async () => {
      const url = 'https://confirmed.example/';
      await world.put(page(url, 1, { response_headers: { etag: '"1"' } }));
      const before = (await world.stored(url))?.success;
      await world.put(failed(url, 2));
      const input = { url: toUrlKey(url), etag: '"2"', lastModified: null, headFingerprint: 'f' };
      const nowhere = { ...input, url: toUrlKey('https://confirmed.example/nowhere') };
      expect(await world.access.writers.revalidate({ inputs: [input, nowhere], signal: soon() })).toMatchObject([
        { kind: 'done' },
        { kind: 'failed', error: { code: 'NOT_STORED' } },
      ]);
      const after = await world.stored(url);
      expect(after?.success).toMatchObject({ expiresAt: before?.expiresAt, validatedAt: world.now * 1000 });
      expect(after?.success?.fields.get('etag')).toBe('"2"');
      expect(after?.failure?.statusCode).toBe(503);
    });

    it('loses no race: of many writers of one URL the newest success and failure stay', async () => {
      const writers: readonly ResultWriters[] = Array.from({ length: 4 }, () => world.another().writers);
      for (let round = 0; round < 2; round += 1) {
        const url = `https://race.example/${round}`;
        const documents = Array.from({ length: 12 }, (_, index) => {
          const more = { html: noise(5000, `${round}-${index}`) };
          return index % 3 === 2 ? failed(url, index, more) : page(url, index, more);
        });
        const outcomes = await Promise.all(
          documents.map(async (document, index) => {
            const options = { nowMs: world.now, ttlDays: 30, maxUrlBytes: 2000 };
            const inputs = [newResultOfCrawl4ai(document, options)];
            const [outcome] = (await writers[index % writers.length]?.put({ inputs, signal: soon() })) ?? [];
            return outcome?.kind === 'failed' ? outcome.error.code : outcome?.kind;
          }),
        );
        expect(new Set([...outcomes, 'done', 'SUPERSEDED'])).toEqual(new Set(['done', 'SUPERSEDED']));
        expect(await world.document(url, 'success')).toEqual(documents[10]);
        expect(await world.document(url, 'failure')).toEqual(documents[11]);
      }
      if (!keepsVersions) {
        const heads = (await itemsOf('race.example')).filter(({ sk }) => sk === undefined || sk.S === 'LATEST');
        expect(heads).toHaveLength(2);
      }
    });

    it('sees what another program wrote between reading and writing', async () => {
      const url = 'https://between.example/';
      const key: Item =
        world.table.keyAttributes.length === 1 ? { url: { S: url } } : { pk: { S: `URL#${url}` }, sk: { S: 'LATEST' } };
      // As Python's managers write it: no id of the write, times alone.
      await world.putItem({ ...key, success: { BOOL: true }, html: { S: 'theirs' }, created_at: { S: at(20) } });
      expect(await world.put(page(url, 10))).toMatchObject([{ kind: 'failed', error: { code: 'SUPERSEDED' } }]);
      expect(await world.put(failed(url, 25))).toMatchObject([{ kind: 'done' }]);
      expect((await world.stored(url))?.success?.fields.get('html')).toBe('theirs');
      expect(await world.put(page(url, 30))).toMatchObject([{ kind: 'done' }]);
      expect(await world.document(url)).toEqual(page(url, 30));
    });
  });
});
