// Storing results: what goes in comes back, newer wins, a failure never hides a success, nothing is left behind.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groups } from '../../../src/domain/fields.js';
import { itemBytes } from '../../../src/dynamo/codec/item-size.js';
import { within } from '../../support/within.js';
import { at, failed, noise, page } from './pages.js';
import { openWorld, type World } from './world.js';

describe.each([
  { layout: 'document', dialect: 'maps' },
  { layout: 'document', dialect: 'json' },
  { layout: 'versioned', dialect: 'maps' },
] as const)('writing to the $layout layout in the $dialect dialect', ({ layout, dialect }) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ layout, dialect });
  });
  afterAll(async () => {
    expect(world.errors).toEqual([]);
    await world[Symbol.asyncDispose]();
  });

  it('hands back everything that was given', async () => {
    const url = 'https://a.example/everything';
    const document = page(url, 1, {
      cleaned_html: '',
      fit_html: null,
      markdown: {
        raw_markdown: '# T',
        markdown_with_citations: '',
        references_markdown: '',
        fit_markdown: null,
        unknown: [1],
      },
      links: { internal: [{ href: '/x', text: 'x', intrinsic_score: 0.1 }], external: [] },
      media: { images: [{ src: 'a.png', width: '480', desc: null }], videos: [], audios: [] },
      metadata: { title: 'A title', 'og:image': '', deep: { a: [{ b: null }] }, tiny: 1e-200 },
      response_headers: { ETag: '"x"', 'last-modified': 'Mon, 01 Jan 2026 00:00:00 GMT' },
      tables: [],
      js_execution_result: null,
      dispatch_result: { task_id: 'x', memory_usage: 1.5 },
      extracted_content: '[1]',
      unknown_key: { a: 1 },
      lone: '\ud800',
      screenshot: '',
      session_id: 'night',
    });
    const [outcome] = await world.put(document);
    expect(outcome).toMatchObject({ kind: 'done' });
    expect(await world.document(url)).toEqual(document);
    const record = (await world.stored(url))?.success;
    expect(record).toMatchObject({ title: 'A title', statusCode: 200, truncatedFields: [] });
    expect(record?.fields.get('etag')).toBe('"x"');
  });

  it('keeps texts of any size, in pieces where it must', async () => {
    const url = 'https://a.example/large';
    const text = noise(620_000, 'large');
    const document = page(url, 1, { html: `<p>${text}\u2028é\ud83d\ude00</p>`, screenshot: text.slice(7) });
    const [outcome] = await world.put(document);
    expect(outcome).toMatchObject({ kind: 'done' });
    expect(await world.document(url)).toEqual(document);
    const items = (await world.items()).filter((item) => JSON.stringify(item).includes('a.example/large'));
    for (const item of items) expect(itemBytes(item)).toBeLessThanOrEqual(409_600);
  });

  it('never lets an older result win', async () => {
    const url = 'https://a.example/newer';
    await world.put(page(url, 20));
    const [older] = await world.put(page(url, 10));
    expect(older).toMatchObject({ kind: 'failed', error: { code: 'SUPERSEDED' } });
    expect((await world.stored(url))?.success?.fields.get('html')).toBe('<p>20</p>');
    const [newer] = await world.put(page(url, 30));
    expect(newer).toMatchObject({ kind: 'done' });
    expect((await world.stored(url))?.success?.fields.get('html')).toBe('<p>30</p>');
  });

  it('stores the very same write again and refuses another of the same moment', async () => {
    const url = 'https://a.example/same';
    expect((await world.put(page(url, 20)))[0]).toMatchObject({ kind: 'done' });
    expect((await world.put(page(url, 20)))[0]).toMatchObject({ kind: 'done' });
    expect((await world.put(page(url, 20, { html: 'other' })))[0]).toMatchObject({
      kind: 'failed',
      error: { code: 'SUPERSEDED' },
    });
  });

  it.each([
    [['s10', 'f20']],
    [['f20', 's10']],
    [['f5', 's10', 'f20']],
    [['f20', 'f5', 's10']],
    [['s1', 's10', 'f20', 'f15']],
  ])('ends with the last success and the later failure whatever the order: %j', async (order) => {
    const url = `https://a.example/order/${order.join('-')}`;
    const long = 'x'.repeat(2000);
    for (const step of order) {
      const second = Number(step.slice(1));
      await world.put(step.startsWith('s') ? page(url, second) : failed(url, second, { html: `${long}${second}` }));
    }
    expect(await world.document(url, 'success')).toEqual(page(url, 10));
    expect(await world.document(url, 'failure')).toEqual(failed(url, 20, { html: `${long}20` }));
    const head = await world.stored(url, groups.head);
    expect(head?.failure).toMatchObject({ statusCode: 503, success: false });
    expect(head?.failure?.fields.get('error_message')).toBe('down');
  });

  it('drops an older failure when a newer success comes, and its part with it', async () => {
    const url = 'https://b.example/recovered';
    await world.put(page(url, 1));
    await world.put(failed(url, 2, { html: 'y'.repeat(3000) }));
    await world.put(page(url, 3));
    expect(await world.stored(url)).toMatchObject({ failure: null });
    const keys = (await world.items()).filter((item) => JSON.stringify(item).includes('b.example/recovered'));
    expect(keys).toHaveLength(1);
  });

  it('reads a failure beside a success with the head alone, unless the head needs more of it', async () => {
    const url = 'https://a.example/heads';
    await world.put(page(url, 1));
    await world.put(failed(url, 2, { html: 'z'.repeat(3000) }));
    const before = world.units.read;
    expect((await world.stored(url, groups.head))?.failure?.fields.get('error_message')).toBe('down');
    expect(world.units.read - before).toBe(1);
    await world.put(failed(url, 3, { session_id: 'night' }));
    expect((await world.stored(url, groups.head))?.failure?.fields.get('session_id')).toBe('night');
  });

  it('takes one URL twice in a call in the order of createdAt', async () => {
    const url = 'https://a.example/twice';
    const outcomes = await world.put(page(url, 9), page(url, 3));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['done', 'done']);
    expect((await world.stored(url))?.success?.fields.get('html')).toBe('<p>9</p>');
  });

  it('removes everything of an invalidated URL', async () => {
    const url = 'https://c.example/gone';
    const before = (await world.items()).length;
    await world.put(page(url, 1, { html: noise(620_000, 'gone') }));
    await world.put(failed(url, 2, { html: noise(5000, 'gone too') }));
    expect((await world.items()).length).toBeGreaterThan(before + 1);
    const key = (await world.stored(url))?.success?.url;
    if (key === undefined) throw new Error('not stored');
    const signal = within(10_000);
    expect(await world.writers.invalidate({ inputs: [key], signal })).toEqual([
      { kind: 'done', receipt: { removed: true } },
    ]);
    expect((await world.items()).length).toBe(before);
    expect(await world.writers.invalidate({ inputs: [key], signal })).toEqual([
      { kind: 'done', receipt: { removed: false } },
    ]);
  });

  it('touches the success alone when the origin confirmed it', async () => {
    const url = 'https://a.example/confirmed';
    await world.put(page(url, 1, { response_headers: { etag: '"1"' } }));
    const before = (await world.stored(url))?.success;
    await world.put(failed(url, 2));
    if (before === null || before === undefined) throw new Error('not stored');
    const input = { url: before.url, etag: '"2"', lastModified: null, headFingerprint: 'f' };
    const signal = within(10_000);
    expect((await world.writers.revalidate({ inputs: [input], signal }))[0]).toMatchObject({ kind: 'done' });
    const after = await world.stored(url);
    expect(after?.success).toMatchObject({ expiresAt: before.expiresAt, validatedAt: world.now * 1000 });
    expect(after?.success?.fields.get('etag')).toBe('"2"');
    expect(after?.failure?.statusCode).toBe(503);
    const nowhere = { ...input, url: `${before.url}/nowhere` as typeof before.url };
    expect((await world.writers.revalidate({ inputs: [nowhere], signal }))[0]).toMatchObject({
      kind: 'failed',
      error: { code: 'NOT_STORED' },
    });
  });

  it('replaces an item that a Python crawler put and is replaced by it', async () => {
    const url = 'https://a.example/python';
    const key: Record<string, { S: string }> =
      layout === 'document' ? { url: { S: url } } : { pk: { S: `URL#${url}` }, sk: { S: 'LATEST' } };
    const { PutItemCommand } = await import('@aws-sdk/client-dynamodb');
    const putPython = (second: number): Promise<unknown> =>
      world.client.send(
        new PutItemCommand({
          TableName: world.table.name,
          Item: { ...key, html: { S: `python ${second}` }, success: { BOOL: true }, created_at: { S: at(second) } },
        }),
      );
    await putPython(10);
    expect((await world.put(page(url, 5)))[0]).toMatchObject({ error: { code: 'SUPERSEDED' } });
    expect((await world.put(page(url, 15)))[0]).toMatchObject({ kind: 'done' });
    await putPython(20);
    expect((await world.stored(url))?.success?.fields.get('html')).toBe('python 20');
    expect((await world.put(failed(url, 25)))[0]).toMatchObject({ kind: 'done' });
    expect(await world.stored(url)).toMatchObject({ failure: { statusCode: 503 }, success: { success: true } });
  });
});
