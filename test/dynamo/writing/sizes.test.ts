// At the limits: items as large as an item can be, the longest URLs, the deepest JSON, texts of many megabytes.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groups } from '../../../src/domain/fields.js';
import type { JsonValue } from '../../../src/domain/packed-text.js';
import type { UrlKey } from '../../../src/domain/url-key.js';
import { itemBytes, maxItemBytes } from '../../../src/dynamo/codec/item-size.js';
import type { Item } from '../../../src/dynamo/table.js';
import { within } from '../../support/within.js';
import { audit, sound } from './audit.js';
import { at, failed, noise, page } from './pages.js';
import { openWorld, type World } from './world.js';

function nested(levels: number): JsonValue {
  let value: JsonValue = ['', { '': '' }];
  for (let level = 1; level < levels; level += 1) value = level % 2 === 0 ? [value, ''] : { a: value, empty: '' };
  return value;
}

describe.each([
  { layout: 'document', keepVersions: 0, maxUrl: 2048 },
  { layout: 'versioned', keepVersions: 0, maxUrl: 2044 },
  { layout: 'versioned', keepVersions: 3, maxUrl: 2044 },
] as const)('the $layout layout keeping $keepVersions', ({ layout, keepVersions, maxUrl }) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ layout, keepVersions });
  });
  afterAll(async () => {
    expect(world.errors).toEqual([]);
    for (const item of await world.items()) expect(itemBytes(item)).toBeLessThanOrEqual(maxItemBytes);
    const { missing, orphans } = await audit(world);
    expect({ missing, orphans: keepVersions > 0 ? [] : orphans }).toEqual(sound);
    await world[Symbol.asyncDispose]();
  });

  /** An item of a Python manager that is exactly as large as an item may be. */
  async function putFull(url: string, more: Item = {}): Promise<number> {
    const item: Item = {
      ...(layout === 'document' ? { url: { S: url } } : { pk: { S: `URL#${url}` }, sk: { S: 'LATEST' } }),
      success: { BOOL: true },
      created_at: { S: at(10) },
      updated_at: { S: at(11) },
      ttl: { N: '1900000000' },
      status_code: { N: '200' },
      links: { M: { internal: { L: [] }, external: { L: [{ M: { href: { S: 'x' } } }] } } },
      something_else: { S: 'kept' },
      html: { S: '' },
      ...more,
    };
    item.html = { S: noise(maxItemBytes - itemBytes(item), url) };
    expect(itemBytes(item)).toBe(maxItemBytes);
    await world.client.send(new PutItemCommand({ TableName: 'results', Item: item }));
    return item.html.S?.length ?? 0;
  }

  it('a full item of another writer is read and superseded', async () => {
    const url = 'https://full.example/replaced';
    const length = await putFull(url);
    expect(await world.document(url)).toMatchObject({ html: noise(length, url), something_else: 'kept' });
    expect((await world.put(page(url, 20)))[0]).toMatchObject({ kind: 'done' });
    expect(await world.document(url)).toEqual(page(url, 20));
  });

  it('a full item takes a later failure, and its success stays what it was', async () => {
    const url = 'https://full.example/failure';
    await putFull(url, { validated_at: { S: at(12) } });
    const before = (await world.stored(url))?.success;
    const document = await world.document(url);
    expect((await world.put(failed(url, 20)))[0]).toMatchObject({ kind: 'done' });
    expect(await world.document(url, 'failure')).toEqual(failed(url, 20));
    expect(await world.document(url, 'success')).toEqual(document);
    const after = (await world.stored(url))?.success;
    for (const name of [
      'order',
      'createdAt',
      'updatedAt',
      'validatedAt',
      'expiresAt',
      'statusCode',
      'title',
    ] as const) {
      expect([name, after?.[name]]).toEqual([name, before?.[name]]);
    }
    expect([after?.sizeBytes, after?.truncatedFields]).toEqual([before?.sizeBytes, before?.truncatedFields]);
    expect((await world.put(failed(url, 30, { html: noise(9000, 'rest') })))[0]).toMatchObject({ kind: 'done' });
    expect(await world.document(url, 'success')).toEqual(document);
    expect((await world.put(page(url, 25)))[0]).toMatchObject({ kind: 'done' });
    expect(await world.document(url, 'failure')).toEqual(failed(url, 30, { html: noise(9000, 'rest') }));
  });

  it('a full item is confirmed, and stays what it was', async () => {
    const url = 'https://full.example/confirmed';
    await putFull(url, { last_failure: { M: { order: { N: '1890000000000000' }, write_id: { S: 'x' } } } });
    const document = await world.document(url, 'success');
    const input = { url: url as UrlKey, etag: '"e"', lastModified: null, headFingerprint: 'f'.repeat(1000) };
    const [outcome] = await world.writers.revalidate({ inputs: [input], signal: within(10_000) });
    expect(outcome).toMatchObject({ kind: 'done' });
    const stored = await world.stored(url);
    expect(stored?.success).toMatchObject({ validatedAt: world.now * 1000, expiresAt: 1_900_000_000 });
    expect(stored?.success?.fields.get('etag')).toBe('"e"');
    expect(stored?.failure).not.toBeNull();
    expect(await world.document(url, 'success')).toMatchObject(document as object);
  });

  it('values that DynamoDB cannot hold come back as they were', async () => {
    const url = 'https://full.example/values';
    const doc = page(url, 1, {
      html: 'e\u0301 \u00e9 \ud800 \udc00\ud800',
      metadata: { title: 'half \udfff', deep: nested(31), '': '', tiny: 1e-200, huge: 1e200, long: 0.1 + 0.2 },
      links: { internal: nested(29), external: [] },
      crawl_stats: nested(60),
      media: { images: [''], videos: [{ '': { '': [''] } }], audios: [] },
      tables: [[[['']]], {}, ''],
      markdown: { raw_markdown: '\ud83d', markdown_with_citations: '', references_markdown: '', fit_markdown: '' },
    });
    expect((await world.put(doc))[0]).toMatchObject({ kind: 'done' });
    expect(await world.document(url)).toEqual(doc);
    expect((await world.stored(url, groups.title))?.success?.title).toBe('half \udfff');
  });

  it('fields that say the same are stored once', async () => {
    const url = 'https://full.example/same';
    const text = noise(700_000, 'same');
    const doc = page(url, 1, { html: text, cleaned_html: text, fit_html: text });
    expect((await world.put(doc))[0]).toMatchObject({ kind: 'done' });
    expect(await world.document(url)).toEqual(doc);
    expect((await world.put(failed(url, 2, { html: text, cleaned_html: text })))[0]).toMatchObject({ kind: 'done' });
    expect(await world.document(url, 'failure')).toMatchObject({ cleaned_html: text });
  });

  it('the longest URL is a key like any other', async () => {
    const url = `https://${'long.'.repeat(45)}example/${'ü'.repeat(850)}`;
    const longest = url + 'x'.repeat(maxUrl - Buffer.byteLength(url));
    const doc = page(longest, 1, { html: noise(700_000, 'url'), cleaned_html: 'c'.repeat(5000) });
    expect((await world.put(doc))[0]).toMatchObject({ kind: 'done' });
    expect((await world.put(failed(longest, 2, { html: 'h'.repeat(5000) })))[0]).toMatchObject({ kind: 'done' });
    expect(await world.document(longest, 'success')).toEqual(doc);
    expect(await world.invalidate(longest)).toMatchObject({ receipt: { removed: true } });
    expect(() => world.put(page(`${longest}x`, 1))).toThrow('a key is at most');
  });

  it('12 MB of HTML and a screenshot of 5 MB go in and come back, and others have their turn meanwhile', async () => {
    const url = 'https://full.example/huge';
    const article = `<p>${noise(900, 'p')}</p>\n`.repeat(20) + '\ud83d\ude00 é "quoted" \\ '.repeat(100);
    const html = article.repeat(Math.ceil(12_000_000 / article.length));
    const doc = page(url, 1, { html, screenshot: noise(5_000_000, 'screenshot') });
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    expect((await world.put(doc))[0]).toMatchObject({ kind: 'done' });
    delay.disable();
    process.stdout.write(`  12 MB + 5 MB written; longest turn ${Math.round(delay.max / 1e6)} ms, engine included\n`);
    const stored = await world.document(url);
    expect(stored).toEqual(doc);
  });
});
