// Earlier results of a URL: listed newest first or nearest to a moment, kept up to a number, gone with an invalidation.
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crawl4aiOf } from '../../../src/domain/crawl4ai-output.js';
import type { VersionsRequest } from '../../../src/domain/feed.js';
import { groups } from '../../../src/domain/fields.js';
import { inParallel } from '../../../src/domain/in-parallel.js';
import { formatInstant, type Instant, parseInstant } from '../../../src/domain/instant.js';
import type { JsonValue } from '../../../src/domain/packed-text.js';
import { plainWant } from '../../../src/domain/read-many.js';
import { versionKey } from '../../../src/domain/result-key.js';
import type { UrlKey } from '../../../src/domain/url-key.js';
import { noVersions } from '../../../src/dynamo/feed/versions.js';
import { within } from '../../support/within.js';
import { audit, sound } from './audit.js';
import { between } from './between.js';
import { at, failed, noise, page } from './pages.js';
import { openWorld, type World } from './world.js';

function moment(second: number): Instant {
  const instant = parseInstant(at(second));
  if (instant === null) throw new Error('no moment');
  return instant;
}

describe('a table that keeps five versions', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ layout: 'versioned', keepVersions: 5 });
  });
  afterAll(async () => {
    expect(world.errors).toEqual([]);
    expect((await audit(world)).missing).toEqual([]);
    await world[Symbol.asyncDispose]();
  });

  async function list(url: string, request: Partial<VersionsRequest> = {}) {
    const signal = within(10_000);
    const plain = { first: 20, after: null, before: null, closest: null };
    return world.readVersions({ url: url as UrlKey, ...plain, signal, ...request });
  }

  const seconds = (page: Awaited<ReturnType<typeof list>>): readonly number[] =>
    page.entries.map(({ createdAt }) => (createdAt - moment(0)) / 1_000_000);

  async function version(url: string, versionId: string): Promise<JsonValue> {
    const key = versionKey(url as UrlKey, versionId);
    const want = { ...plainWant, groups: groups.all };
    const outcome = (await world.read({ keys: [key], want, signal: within(10_000) })).get(key);
    if (outcome?.kind !== 'found') throw new Error(outcome?.kind ?? 'nothing');
    const record = outcome.value.success ?? outcome.value.failure;
    if (record === null) throw new Error('empty');
    return crawl4aiOf(record);
  }

  it('lists them newest first, each whole, the newest ones besides the head', async () => {
    const url = 'https://version.example/listed';
    const docs = [1, 2, 3, 4, 5, 6, 7, 8].map((second) => page(url, second, { html: noise(5000, `${second >> 1}`) }));
    for (const doc of docs) expect((await world.put(doc))[0]).toMatchObject({ kind: 'done' });
    const all = await list(url);
    expect(seconds(all)).toEqual([8, 7, 6, 5, 4, 3]);
    expect(all.hasNextPage).toBe(false);
    for (const [index, { versionId }] of all.entries.entries()) {
      expect(await version(url, versionId)).toEqual(docs[7 - index]);
    }
  });

  it('goes on after a cursor, whatever is asked besides', async () => {
    const url = 'https://version.example/pages';
    for (const second of [10, 20, 30, 40, 50]) await world.put(page(url, second));
    const found: number[] = [];
    let after: string | null = null;
    do {
      const next: Awaited<ReturnType<typeof list>> = await list(url, { first: 2, after });
      found.push(...seconds(next));
      after = next.hasNextPage ? (next.entries.at(-1)?.cursor ?? null) : null;
    } while (after !== null);
    expect(found).toEqual([50, 40, 30, 20, 10]);
    expect(seconds(await list(url, { before: moment(30) }))).toEqual([20, 10]);
    const { entries } = await list(url, { first: 1 });
    expect(seconds(await list(url, { before: moment(40), after: entries[0]?.cursor ?? null }))).toEqual([30, 20, 10]);
    await expect(list(url, { after: 'yesterday' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('finds the nearest to a moment, and goes on from there', async () => {
    const url = 'https://version.example/closest';
    for (const second of [10, 20, 30, 40, 50]) await world.put(page(url, second));
    expect(seconds(await list(url, { closest: moment(31), first: 3 }))).toEqual([30, 40, 20]);
    expect(seconds(await list(url, { closest: moment(25), first: 5 }))).toEqual([30, 20, 40, 10, 50]);
    expect(seconds(await list(url, { closest: moment(50), first: 1 }))).toEqual([50]);
    expect(seconds(await list(url, { closest: moment(0), first: 2 }))).toEqual([10, 20]);
    const { entries, hasNextPage } = await list(url, { closest: moment(31), first: 2 });
    expect(hasNextPage).toBe(true);
    expect(seconds(await list(url, { closest: moment(31), after: entries[1]?.cursor ?? null }))).toEqual([20, 50, 10]);
    expect(seconds(await list(url, { closest: moment(50), before: moment(20), first: 2 }))).toEqual([10]);
    expect(seconds(await list(url, { closest: moment(59), before: moment(50), first: 1 }))).toEqual([40]);
  });

  it('keeps what was superseded, whole, and what failed', async () => {
    const url = 'https://version.example/superseded';
    const html = noise(5000, 'same');
    await world.put(page(url, 30, { html }));
    expect((await world.put(page(url, 10, { html })))[0]).toMatchObject({ error: { code: 'SUPERSEDED' } });
    await world.put(failed(url, 40, { html }));
    expect(seconds(await list(url))).toEqual([40, 30, 10]);
    const [failure, , superseded] = (await list(url)).entries;
    expect(await version(url, superseded?.versionId ?? '')).toEqual(page(url, 10, { html }));
    expect(await version(url, failure?.versionId ?? '')).toEqual(failed(url, 40, { html }));
    expect(await world.document(url, 'success')).toEqual(page(url, 30, { html }));
  });

  it('lists no result that was not stored after all', async () => {
    const url = 'https://version.example/failed';
    await world.put(page(url, 10, { html: noise(5000, 'a') }));
    const client = between(world.client, async ({ operation, input }, send) => {
      if (operation === 'PutItem' && JSON.stringify(input).includes('"LATEST"')) {
        throw Object.assign(new Error('no'), { name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } });
      }
      return send();
    });
    const outcome = await world.station({ client }).put(page(url, 20, { html: noise(5000, 'b') }));
    expect(outcome).toMatchObject([{ error: { code: 'STORE_FORBIDDEN' } }]);
    expect(seconds(await list(url))).toEqual([10]);
    expect((await audit(world, url)).orphans).toEqual([]);
  });

  it.each([
    ['where nothing was', [] as number[]],
    ['where something was', [5]],
  ])('puts no head that names what an invalidation removed meanwhile, %s', async (where, before) => {
    const url = `https://version.example/meanwhile/${encodeURIComponent(where)}`;
    const html = noise(5000, where);
    for (const second of before) await world.put(page(url, second, { html: 'before' }));
    let times = 0;
    const client = between(world.client, async ({ operation, input }, send) => {
      const isHead = operation === 'PutItem' && /"LATEST"/.test(JSON.stringify(input));
      // Twice: the second attempt has nothing before it either.
      if (isHead && JSON.stringify(input).includes('"html"') && times < 2) {
        times += 1;
        await world.invalidate(url);
      }
      return send();
    });
    expect(await world.station({ client }).put(page(url, 20, { html }))).toMatchObject([{ kind: 'done' }]);
    expect(times).toBe(2);
    expect(await world.document(url)).toEqual(page(url, 20, { html }));
    expect(await audit(world, url)).toEqual(sound);
    expect(seconds(await list(url))).toEqual([20]);
  });

  it('keeps versions whole that a gateway keeping none writes after', async () => {
    const url = 'https://version.example/setting';
    const docs = [10, 20, 30].map((second) =>
      page(url, second, { html: noise(5000, 'same'), session_id: `${second}` }),
    );
    await world.put(docs[0] ?? '');
    const none = world.station({ keepVersions: 0 });
    for (const doc of docs.slice(1)) expect((await none.put(doc))[0]).toMatchObject({ kind: 'done' });
    await none.put(page(url, 40));
    const { entries } = await list(url);
    expect(await version(url, entries[0]?.versionId ?? '')).toEqual(docs[0]);
  });

  it('says why a version could not be removed, and does not try it fifty times', async () => {
    const url = 'https://version.example/kept';
    for (const second of [10, 20]) await world.put(page(url, second));
    let deletes = 0;
    const client = between(world.client, async ({ operation, input }, send) => {
      if (operation !== 'DeleteItem' || !JSON.stringify(input).includes('"VERSION#')) return send();
      deletes += 1;
      throw Object.assign(new Error('no'), { name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } });
    });
    const outcome = await world.station({ client }).invalidate(url);
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'STORE_FORBIDDEN' } });
    expect(deletes).toBe(1);
    expect(seconds(await list(url))).toEqual([20, 10]);
    expect(await world.invalidate(url)).toMatchObject({ receipt: { removed: true } });
    expect(await audit(world, url)).toEqual(sound);
  });

  it.each([
    ['is longer than a key', `${formatInstant(moment(20), 'six')}#${'x'.repeat(2000)}`],
    ['holds half a surrogate pair', `${formatInstant(moment(20), 'six')}#\ud800`],
    ['is no moment', 'x'],
  ])('refuses a cursor that %s', async (_, after) => {
    const refused = expect.objectContaining({ code: 'BAD_USER_INPUT' });
    const url = 'https://version.example/cursor';
    await expect(list(url, { after })).rejects.toEqual(refused);
    await expect(list(url, { after, closest: moment(1) })).rejects.toEqual(refused);
  });

  it('reads past a page of the store', async () => {
    const url = 'https://version.example/many';
    await world.put(page(url, 1000));
    const head = await world.client.send(
      new GetItemCommand({ TableName: 'results', Key: { pk: { S: `URL#${url}` }, sk: { S: 'LATEST' } } }),
    );
    // A page of the store ends at 1 MB of items.
    const earlier = Array.from({ length: 329 }, (_, second) => second);
    await inParallel(earlier, 16, async (second) => {
      const sk = { S: `VERSION#${formatInstant(moment(second), 'six')}#00000000` };
      const Item = { ...head.Item, sk, extracted_content: { S: noise(3300, 'x') } };
      await world.client.send(new PutItemCommand({ TableName: 'results', Item }));
    });
    expect(seconds(await list(url, { first: 400 }))).toHaveLength(330);
    expect(await world.invalidate(url)).toMatchObject({ receipt: { removed: true } });
    expect((await list(url)).entries).toEqual([]);
    expect((await world.items()).filter(({ pk }) => pk?.S === `URL#${url}`)).toEqual([]);
  });
});

it('the document layout keeps none', async () => {
  await using world = await openWorld({ layout: 'document', keepVersions: 5 });
  const url = 'https://version.example/document';
  for (const second of [1, 2, 3]) await world.put(page(url, second));
  expect(await world.items()).toHaveLength(1);
  const request = { url: url as UrlKey, first: 10, after: null, before: null, closest: null };
  expect((await noVersions({ ...request, signal: within(1000) })).entries).toEqual([]);
});
