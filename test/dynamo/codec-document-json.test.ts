// Items as Crawl4AI's other managers write them, maps and lists as JSON text, mixed with the maps dialect in one table.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CrawlResult } from '../../src/domain/crawl-result.js';
import { groups } from '../../src/domain/fields.js';
import { latestKey } from '../../src/domain/result-key.js';
import { toUrlKey } from '../../src/domain/url-key.js';
import type { Item } from '../../src/dynamo/table.js';
import { type EngineTables, startEngineTables } from './support/engine-tables.js';
import { batchGetOf, readerOf, storedDocument, timeOf, wantOf } from './support/read-results.js';

let tables: EngineTables;

beforeAll(async () => {
  tables = await startEngineTables();
});

afterAll(() => tables.close());

function stored(attributes: Item): Promise<CrawlResult> {
  return storedDocument(tables, attributes);
}

test('a whole item has its documents parsed and its texts as they are', async () => {
  const record = await stored({
    crawled_at: { S: '2025-11-23T10:11:12.123456' },
    stored_at: { S: '2025-11-23T10:11:13' },
    success: { N: '1' },
    html: { S: '[1]' },
    extracted_content: { S: '[{"a": 1}]' },
    markdown: { S: '{"raw_markdown": "# T", "references_markdown": null, "fit_html": "<b>", "later": [1, 2]}' },
    links: { S: '{"internal": [], "external": [{"href": "/x"}]}' },
    media: { S: '{"tables": [{"rows": []}]}' },
    metadata: { S: '{"title": "T", "description": null}' },
    response_headers: { S: '{"ETag": "x"}' },
    downloaded_files: { S: '["/tmp/a"]' },
    network_requests: { S: '[]' },
    crawl_stats: { S: '' },
  });
  expect(timeOf(record.createdAt)).toBe('2025-11-23T10:11:12.123456Z');
  expect(timeOf(record.updatedAt)).toBe('2025-11-23T10:11:13Z');
  expect(record).toMatchObject({ success: true, title: 'T', expiresAt: null });
  expect(Object.fromEntries(record.fields)).toEqual({
    html: '[1]',
    extracted_content: '[{"a": 1}]',
    raw_markdown: '# T',
    references_markdown: null,
    markdown_fit_html: '<b>',
    markdown_extra: { later: [1, 2] },
    links: { internal: [], external: [{ href: '/x' }] },
    media: { tables: [{ rows: [] }] },
    metadata: { title: 'T', description: null },
    response_headers: { ETag: 'x' },
    downloaded_files: ['/tmp/a'],
    network_requests: [],
    crawl_stats: null,
  });
  expect(record.failed.size).toBe(0);
});

test('sizeBytes counts a document as compact JSON, however it was spaced', async () => {
  const record = await stored({ links: { S: '{"internal":  [],\n "external": []}' }, html: { S: '€' } });
  expect(record.sizeBytes).toBe('{"internal":[],"external":[]}'.length + 3);
});

describe('what Python writes and JSON does not know', () => {
  test('NaN and the infinities are null, except inside strings', async () => {
    const record = await stored({
      metadata: { S: '{"title": "NaN \\" -Infinity", "a": NaN, "b": [Infinity, -Infinity], "NaN": 1}' },
      media: { S: 'NaN' },
    });
    expect(record.fields.get('metadata')).toEqual({ title: 'NaN " -Infinity', a: null, b: [null, null], NaN: 1 });
    expect(record.fields.get('media')).toBeNull();
    expect(record.failed.size).toBe(0);
  });

  test('whole numbers of any length are their digits', async () => {
    const text =
      '{"id":12345678901234567890, "list": [ -9007199254740993,1],"same": "12345678901234567890", "score":0.8333333333333334}';
    const { fields } = await stored({ metadata: { S: text } });
    expect(fields.get('metadata')).toEqual({
      id: '12345678901234567890',
      list: ['-9007199254740993', 1],
      same: '12345678901234567890',
      score: 0.8333333333333334,
    });
  });
});

describe('a text that is no JSON, or not the right kind of it,', () => {
  test.each([
    ['links', '{"internal": ['],
    ['links', '[]'],
    ['media', '"text"'],
    ['metadata', 'title'],
    ['response_headers', '3'],
    ['network_requests', "[{'single': 'quotes'}]"],
    ['crawl_stats', '{"a": nan}'],
    ['dispatch_result', '\\"'.repeat(100_000)],
    ['js_execution_result', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
  ] as const)('spoils %s alone', async (name, text) => {
    const record = await stored({ [name]: { S: text }, html: { S: 'kept' } });
    expect(record.failed.get(name)).toMatchObject({
      code: 'MALFORMED_ITEM',
      facts: { url: record.url, attribute: name },
    });
    expect(record.fields.get('html')).toBe('kept');
    expect(record.sizeBytes).toBe(4);
  });
});

test('markdown as JSON text needs raw_markdown, and texts inside of it', async () => {
  const plain = '{"fit_markdown": "# a"}';
  expect([...(await stored({ markdown: { S: plain } })).fields]).toEqual([['raw_markdown', plain]]);
  const record = await stored({ markdown: { S: '{"raw_markdown": 7, "fit_markdown": "kept"}' } });
  expect([...record.failed.keys()]).toEqual(['raw_markdown']);
  expect(record.fields.get('fit_markdown')).toBe('kept');
});

test('keys named __proto__ are keys like any other', async () => {
  const record = await stored({
    metadata: { S: '{"__proto__": {"title": "no"}, "a": 1}' },
    markdown: { S: '{"raw_markdown": "x", "__proto__": 1}' },
  });
  expect(JSON.stringify(record.fields.get('metadata'))).toBe('{"__proto__":{"title":"no"},"a":1}');
  expect(JSON.stringify(record.fields.get('markdown_extra'))).toBe('{"__proto__":1}');
  expect(record.title).toBeNull();
});

test('both dialects in one table come back from one batch', async () => {
  const items: readonly Item[] = [
    { links: { S: '{"internal": []}' }, crawled_at: { S: '2025-11-23T10:11:12' } },
    { links: { M: { internal: { L: [] } } }, created_at: { S: '2025-11-23T10:11:12Z' } },
  ];
  const keys = items.map((_, index) => latestKey(toUrlKey(`https://example.com/mixed/${index}`)));
  for (const [index, key] of keys.entries()) await tables.put(tables.documents, { url: { S: key }, ...items[index] });
  tables.calls.length = 0;
  const reader = readerOf(tables.documents, batchGetOf(tables.client));
  const outcomes = await reader({ keys, want: wantOf(groups.all), signal: new AbortController().signal });
  const records = keys.map((key) => {
    const outcome = outcomes.get(key);
    return outcome?.kind === 'found' ? outcome.value.success : null;
  });
  expect(tables.calls).toHaveLength(1);
  expect(records.map((record) => record?.fields.get('links'))).toEqual([{ internal: [] }, { internal: [] }]);
  expect(records[0]?.order).toBe(records[1]?.order);
});
