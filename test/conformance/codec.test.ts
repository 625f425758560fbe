// What goes in comes back equal on every engine, on both layouts and in both dialects, at every limit of DynamoDB's.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonValue } from '../../src/domain/packed-text.js';
import { itemBytes, maxItemBytes } from '../../src/dynamo/codec/item-size.js';
import type { Item } from '../../src/dynamo/table.js';
import { type Doc, noise, page } from '../dynamo/writing/pages.js';
import { within } from '../support/within.js';
import { engines, isEngine } from './engines.js';
import { openWorld, type World } from './world.js';

/** A value `levels` deep, an empty list at the bottom. */
function nested(levels: number): JsonValue {
  let value: JsonValue = [];
  for (let level = 1; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

const numbers = [
  ...[0, 1, -1, 0.1, -0.5, 1.5e-7, 100, 1e21, 123456789012345680000, 9007199254740991, 9007199254740992],
  ...[1e-129, 1e-130, 9e-131, 1e-200, 5e-324, 9.98e125, 9.99e125, 1e126, -1e126, 1.7976931348623157e308],
  ...[0.30000000000000004, 1 / 3, -123456.789e-10],
];

const reserved = [
  'name',
  'size',
  'data',
  'value',
  'status',
  'ttl',
  'order',
  'a.b',
  '#a',
  ':v',
  'a b',
  'ключ',
  '"',
  '[0]',
];

const documents: Readonly<Record<string, Omit<Doc, 'url'>>> = {
  'every kind of field': {
    success: true,
    status_code: 200,
    html: '<p>x</p>',
    cleaned_html: '',
    fit_html: null,
    markdown: {
      ...{ raw_markdown: '# T', markdown_with_citations: '', references_markdown: '', fit_markdown: null },
      unknown: [1],
    },
    links: { internal: [{ href: '/x', text: '', intrinsic_score: 0.1 }], external: [] },
    media: { images: [{ src: 'a.png', width: '480', desc: null }], videos: [], audios: [] },
    metadata: { title: 'A title', 'og:image': '', deep: { a: [{ b: null }] }, empty: {}, none: null },
    response_headers: { ETag: '"x"', 'last-modified': 'Mon, 01 Jan 2026 00:00:00 GMT', 'x-empty': '' },
    tables: [],
    js_execution_result: null,
    dispatch_result: { task_id: 'x', memory_usage: 1.5, error_message: '' },
    extracted_content: '[1]',
    unknown_key: { a: 1 },
    screenshot: '',
    session_id: 'night',
    redirected_status_code: 301,
  },
  'empty texts everywhere': {
    success: true,
    html: '',
    cleaned_html: '',
    markdown: {
      raw_markdown: '',
      markdown_with_citations: '',
      references_markdown: '',
      fit_markdown: '',
      fit_html: '',
    },
    extracted_content: '',
    error_message: '',
    session_id: '',
    redirected_url: '',
    metadata: { '': '', a: '' },
    response_headers: {},
  },
  'numbers of every size': { success: true, html: '', metadata: { numbers }, crawl_stats: { least: 5e-324 } },
  'names that expressions reserve': {
    success: true,
    html: '',
    metadata: Object.fromEntries(reserved.map((name) => [name, name])),
    ...Object.fromEntries(reserved.map((name) => [name, { [name]: 1 }])),
  },
  'any Unicode': {
    success: true,
    html: 'e\u0301 é \u0000 \u2028 \ud83d\ude00 \uffff',
    metadata: { 'e\u0301': 'é', é: 'e\u0301', lone: '\udfff', '\ud800': 1 },
    extracted_content: 'cut \ud83d',
  },
  'values 29 levels deep': { success: true, html: '', metadata: { deep: nested(28) }, tables: [nested(28)] },
  'values 30 levels deep': { success: true, html: '', metadata: { deep: nested(29) }, tables: [nested(29)] },
  'values 31 levels deep': { success: true, html: '', metadata: { deep: nested(30) }, tables: [nested(30)] },
  'values 200 levels deep': { success: true, html: '', metadata: { deep: nested(199) }, unknown: nested(200) },
  'a name of 70,000 bytes': { success: true, html: '', metadata: { ['x'.repeat(70_000)]: 1 } },
  'lists of mixed kinds': { success: true, html: '', tables: [1, 'a', null, true, [], {}, [[1]], { a: [] }] },
  'texts that fill the item': { success: true, html: noise(380_000, 'a'), cleaned_html: noise(12_000, 'b') },
  'texts that fill many items': {
    success: true,
    html: noise(900_000, 'c'),
    screenshot: noise(1_300_000, 'd'),
    metadata: { long: noise(500_000, 'e') },
    links: { internal: Array.from({ length: 4000 }, (_, index) => ({ href: noise(60, `f${index}`) })), external: [] },
  },
};

describe.each(engines)('results on $name', (engine) => {
  describe.each([
    { layout: 'document', dialect: 'maps' },
    { layout: 'document', dialect: 'json' },
    { layout: 'versioned', dialect: 'maps' },
  ] as const)('in the $layout layout, $dialect', (options) => {
    let world: World;
    beforeAll(async () => {
      world = await openWorld(engine, options);
    });
    afterAll(async () => {
      expect(world.errors).toEqual([]);
      await world[Symbol.asyncDispose]();
    });

    it.each(Object.keys(documents))('keep %s', async (what) => {
      const document = { url: `https://a.example/${encodeURIComponent(what)}`, ...documents[what] };
      expect(await world.put(document)).toMatchObject([{ kind: 'done' }]);
      const back = await world.document(document.url);
      expect(back).toEqual(document);
    });

    it('are never NULL at the top, and never larger than an item may be', async () => {
      for (const item of await world.items()) {
        expect(Object.entries(item).filter(([, value]) => value.NULL !== undefined)).toEqual([]);
        expect(itemBytes(item)).toBeLessThanOrEqual(maxItemBytes);
      }
    });

    it('have URLs up to the longest key, listed by their first 1,024 bytes', async () => {
      const host = 'https://long.example/';
      const longest = world.access.maxUrlBytes;
      const urls = [longest, longest - 1, 1100, 1024].map((bytes) => host + 'é'.repeat(3) + 'x'.repeat(bytes - 27));
      for (const url of urls) {
        expect(await world.put(page(url, 1, { html: noise(500_000, url) }))).toMatchObject([{ kind: 'done' }]);
        expect(await world.document(url)).toMatchObject({ url });
      }
      expect(await world.access.writers.invalidate({ inputs: urls as never, signal: within(20_000) })).toEqual(
        urls.map(() => ({ kind: 'done', receipt: { removed: true } })),
      );
    });
  });
});

describe.each(engines)('an item of 409,600 bytes by our count, on $name,', (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine, { layout: 'document' });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const shapes: Readonly<Record<string, Item>> = {
    text: { html: { S: 'é' } },
    binary: { html_packed: { B: Buffer.alloc(10_001) } },
    numbers: {
      n: {
        L: numbers
          .filter((n) => Math.abs(n) < 1e126 && (n === 0 || Math.abs(n) >= 1e-130))
          .map((n) => ({ N: String(n) })),
      },
      digits: {
        L: ['12345678901234567890123456789012345678', '-0.12345678901234567890123456789012345678', '1e125'].map(
          (N) => ({ N }),
        ),
      },
    },
    'maps and lists': {
      m: {
        M: Object.fromEntries(
          Array.from({ length: 2000 }, (_, i) => [`k${i}`, { L: [{ M: {} }, { L: [] }, { S: '' }] }]),
        ),
      },
    },
    'small values': {
      b: { L: Array.from({ length: 3000 }, (_, i) => (i % 2 === 0 ? { BOOL: true } : { NULL: true })) },
      s: { SS: ['a', 'bb'] },
      n: { NS: ['1', '-2.5'] },
      y: { BS: [Buffer.from('a')] },
    },
  };

  it.each(Object.keys(shapes))('is taken: %s', async (shape) => {
    const item: Item = { url: { S: `https://a.example/${shape}` }, ...shapes[shape] };
    // moto ends at 405,000 bytes, for safety as its source says.
    const bytes = isEngine(engine, 'moto') ? 404_000 : maxItemBytes;
    item.pad = { S: '' };
    item.pad = { S: 'x'.repeat(bytes - itemBytes(item)) };
    expect(itemBytes(item)).toBe(bytes);
    await world.putItem(item);
  });

  it('is refused with one byte more of plain text', async () => {
    const item: Item = { url: { S: 'https://a.example/over' }, pad: { S: '' } };
    item.pad = { S: 'x'.repeat(maxItemBytes - itemBytes(item) + 1) };
    await expect(world.putItem(item)).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
