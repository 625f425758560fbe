// Items as Crawl4AI's managers write them with native maps, put by the plain SDK and read through the whole bottom path.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CrawlResult } from '../../src/domain/crawl-result.js';
import { groups } from '../../src/domain/fields.js';
import { latestKey } from '../../src/domain/result-key.js';
import { toUrlKey } from '../../src/domain/url-key.js';
import type { Item } from '../../src/dynamo/table.js';
import { type EngineTables, startEngineTables } from './support/engine-tables.js';
import { batchGetOf, lookUp, readerOf, storedDocument, timeOf, wantOf } from './support/read-results.js';

let tables: EngineTables;

beforeAll(async () => {
  tables = await startEngineTables();
});

afterAll(() => tables.close());

function stored(attributes: Item): Promise<CrawlResult> {
  return storedDocument(tables, attributes);
}

const created: Item = { created_at: { S: '2025-11-23T10:11:12.123456+00:00' } };

describe('a whole item', () => {
  test('has every field under its name and nothing that is not stored', async () => {
    const record = await stored({
      ...created,
      updated_at: { S: '2025-11-23T10:11:13+00:00' },
      ttl: { N: '1800000000' },
      success: { BOOL: true },
      status_code: { N: '200' },
      html: { S: '<p>ä</p>' },
      markdown: { M: { raw_markdown: { S: '# ä' }, fit_html: { S: '<b>' }, future: { N: '1' } } },
      links: { M: { internal: { L: [{ M: { href: { S: '/a' }, total_score: { N: '0.8333333333333334' } } }] } } },
      media: { M: { tables: { L: [{ M: { headers: { L: [{ S: 'h' }] } } }] } } },
      metadata: { M: { title: { S: 'Ä' }, keywords: { NULL: true } } },
      pdf: { B: Buffer.from([1, 2, 255]) },
      downloaded_files: { L: [{ S: '/tmp/a' }] },
      session_id: { S: 's' },
      console_messages: { L: [] },
      custom: { M: { x: { N: '1' } } },
    });
    expect(record).toMatchObject({ success: true, statusCode: 200, title: 'Ä', expiresAt: 1_800_000_000 });
    expect(timeOf(record.createdAt)).toBe('2025-11-23T10:11:12.123456Z');
    expect(timeOf(record.updatedAt)).toBe('2025-11-23T10:11:13Z');
    expect(record.order).toBe(record.createdAt);
    expect(Object.fromEntries(record.fields)).toEqual({
      html: '<p>ä</p>',
      raw_markdown: '# ä',
      markdown_fit_html: '<b>',
      markdown_extra: { future: 1 },
      links: { internal: [{ href: '/a', total_score: 0.8333333333333334 }] },
      media: { tables: [{ headers: ['h'] }] },
      metadata: { title: 'Ä', keywords: null },
      pdf: 'AQL/',
      downloaded_files: ['/tmp/a'],
      session_id: 's',
      console_messages: [],
      extra: { custom: { x: 1 } },
    });
    expect(record.failed.size).toBe(0);
    expect(record.truncatedFields).toEqual([]);
  });

  test('with its key alone is a success of which nothing else is known', async () => {
    const record = await stored({});
    expect(record).toMatchObject({
      success: true,
      statusCode: null,
      createdAt: null,
      order: null,
      updatedAt: null,
      expiresAt: null,
      title: null,
      sizeBytes: 0,
      truncatedFields: [],
    });
    expect(record.fields.size + record.failed.size).toBe(0);
  });

  test('without success but with an error message is a failure', async () => {
    expect(await stored({ error_message: { S: 'no route' } })).toMatchObject({ success: false });
    expect(await stored({ error_message: { S: '' } })).toMatchObject({ success: true });
  });

  test('may hold NULL anywhere', async () => {
    const names = ['created_at', 'status_code', 'success', 'html', 'links', 'markdown', 'metadata', 'ttl', 'title'];
    const record = await stored(Object.fromEntries(names.map((name) => [name, { NULL: true as const }])));
    expect(record).toMatchObject({ success: true, statusCode: null, createdAt: null, title: null, sizeBytes: 0 });
    expect([...record.fields]).toEqual([
      ['html', null],
      ['links', null],
      ['metadata', null],
    ]);
    expect(record.failed.size).toBe(0);
  });
});

describe('a text', () => {
  test.each(['null', '[1]', '{"a": 1}', 'NaN', '', ' ', 'true'])('that reads %j stays that text', async (text) => {
    const record = await stored({ html: { S: text }, extracted_content: { S: text } });
    expect(record.fields.get('html')).toBe(text);
    expect(record.fields.get('extracted_content')).toBe(text);
    expect(record.sizeBytes).toBe(2 * text.length);
  });

  test('of markdown stands for raw_markdown, even one that begins like JSON', async () => {
    for (const text of ['# Title', '{"fit_markdown": "x"}', '{broken', '[1]', '{"raw_markdown": ']) {
      const record = await stored({ markdown: { S: text } });
      expect([...record.fields]).toEqual([['raw_markdown', text]]);
    }
  });

  test('of a pdf or a screenshot may be a binary, another may not', async () => {
    const bytes = { B: Buffer.from('bytes') };
    const record = await stored({ pdf: bytes, screenshot: bytes, html: bytes, fit_html: { S: 'kept' } });
    expect(record.fields.get('pdf')).toBe('Ynl0ZXM=');
    expect(record.fields.get('screenshot')).toBe('Ynl0ZXM=');
    expect(record.fields.get('fit_html')).toBe('kept');
    expect(record.failed.get('html')).toMatchObject({ code: 'MALFORMED_ITEM', facts: { attribute: 'html' } });
  });
});

describe('a malformed attribute', () => {
  test.each([
    [{ SS: ['a'] }, 'links'],
    [{ NS: ['1'] }, 'media'],
    [{ B: Buffer.from('x') }, 'metadata'],
    [{ BS: [Buffer.from('x')] }, 'response_headers'],
    [{ L: [] }, 'links'],
    [{ N: '1' }, 'media'],
    [{ BOOL: true }, 'response_headers'],
    [{ SS: ['a'] }, 'console_messages'],
  ] as const)('%j spoils %s alone, naming URL and attribute', async (value, name) => {
    const record = await stored({ [name]: value as Item[string], html: { S: 'kept' }, status_code: { N: '200' } });
    expect(record.failed.get(name)).toMatchObject({
      code: 'MALFORMED_ITEM',
      facts: { url: record.url, attribute: name },
    });
    expect(record.fields.has(name)).toBe(false);
    expect(record.fields.get('html')).toBe('kept');
    expect(record.sizeBytes).toBe(4);
  });

  test('of metadata takes the title with it', async () => {
    const record = await stored({ metadata: { SS: ['a'] } });
    expect([...record.failed.keys()].sort()).toEqual(['metadata', 'title']);
  });

  test('of markdown takes its texts with it, one inside of it itself alone', async () => {
    const whole = await stored({ markdown: { SS: ['a'] } });
    expect(whole.failed.get('raw_markdown')).toMatchObject({ facts: { attribute: 'markdown' } });
    const inside = await stored({ markdown: { M: { raw_markdown: { S: 'kept' }, fit_markdown: { L: [] } } } });
    expect(inside.fields.get('raw_markdown')).toBe('kept');
    expect([...inside.failed.keys()]).toEqual(['fit_markdown']);
    expect(inside.failed.get('fit_markdown')).toMatchObject({ facts: { attribute: 'markdown.fit_markdown' } });
  });

  test('of one result spares the others of the batch', async () => {
    const urls = ['https://example.com/good', 'https://example.com/bad'];
    await tables.put(tables.documents, { url: { S: urls[0] ?? '' }, links: { M: {} } });
    await tables.put(tables.documents, { url: { S: urls[1] ?? '' }, links: { SS: ['a'] } });
    const reader = readerOf(tables.documents, batchGetOf(tables.client));
    const keys = urls.map((url) => latestKey(toUrlKey(url)));
    const outcomes = await reader({ keys, want: wantOf(groups.all), signal: new AbortController().signal });
    expect(keys.map((key) => outcomes.get(key)?.kind)).toEqual(['found', 'found']);
  });

  test('of packed bytes spoils that field alone', async () => {
    const record = await stored({
      html_packed: { B: Buffer.from('some bytes of another writer') },
      mhtml: { S: 'kept' },
    });
    expect(record.failed.get('html')).toMatchObject({ code: 'MALFORMED_ITEM', facts: { attribute: 'html_packed' } });
    expect(record.fields.get('mhtml')).toBe('kept');
  });

  test('that should name a part spoils that field alone', async () => {
    const record = await stored({ parts: { M: { html: { B: Buffer.from('short') } } }, mhtml: { S: 'kept' } });
    expect(record.failed.get('html')).toMatchObject({ code: 'MALFORMED_ITEM', facts: { attribute: 'parts.html' } });
    expect(record.fields.get('mhtml')).toBe('kept');
  });
});

describe('exact numbers of a result', () => {
  test('sizeBytes counts texts as UTF-8, other values as compact JSON, and no null', async () => {
    const record = await stored({
      html: { S: '€' },
      markdown: { M: { raw_markdown: { S: 'ab' } } },
      links: { M: { internal: { L: [] } } },
      pdf: { B: Buffer.from('abc') },
      metadata: { NULL: true },
      unknown: { N: '12' },
    });
    const expected = '€'.length * 3 + 2 + '{"internal":[]}'.length + 'YWJj'.length + '{"unknown":12}'.length;
    expect(record.sizeBytes).toBe(expected);
  });

  test('truncatedFields names what is exactly 100,000 characters and the mark of the older writers', async () => {
    const cut = `${'€'.repeat(99_998)}😀x...[TRUNCATED]`;
    const longer = `x${cut}`;
    expect(await stored({ html: { S: cut } })).toMatchObject({ truncatedFields: ['html'] });
    expect(await stored({ cleaned_html: { S: cut }, html: { S: 'x' } })).toMatchObject({
      truncatedFields: ['cleaned_html'],
    });
    expect(await stored({ html: { S: longer }, mhtml: { S: cut.slice(0, 50_000) } })).toMatchObject({
      truncatedFields: [],
    });
  });
});

test('nothing under a URL is absent', async () => {
  const reader = readerOf(tables.documents, batchGetOf(tables.client));
  expect(await lookUp(reader, 'https://example.com/never')).toEqual({ kind: 'absent' });
});
