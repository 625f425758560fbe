// Heads and parts as the gateway itself writes them, on both layouts.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CrawlResult } from '../../src/domain/crawl-result.js';
import { type FieldName, groupOf, groups, union } from '../../src/domain/fields.js';
import { type JsonValue, pack } from '../../src/domain/packed-text.js';
import { storedField } from '../../src/domain/record-field.js';
import { latestKey, versionKey } from '../../src/domain/result-key.js';
import { toUrlKey } from '../../src/domain/url-key.js';
import { toBinary } from '../../src/dynamo/codec/packed-binary.js';
import type { Table } from '../../src/dynamo/table.js';
import { CrawlgateError } from '../../src/errors.js';
import { type EngineTables, startEngineTables } from './support/engine-tables.js';
import { putPart } from './support/put-parts.js';
import { batchGetOf, layoutOf, readerOf, readStored, wantOf } from './support/read-results.js';
import { plainHead, putHead, readHead } from './support/stored-heads.js';

let tables: EngineTables;
let count = 0;

beforeAll(async () => {
  tables = await startEngineTables();
});

beforeEach(() => {
  tables.calls.length = 0;
});

afterAll(() => tables.close());

function newUrl(): string {
  return `https://example.com/${++count}`;
}

async function fieldOf(record: CrawlResult | null, name: FieldName): Promise<JsonValue | undefined> {
  return record === null ? undefined : await storedField(record, name);
}

// Random enough for two parts of at most 400 KB.
const long = randomBytes(500_000).toString('hex');

describe.each(['documents', 'versioned'] as const)('in %s', (name) => {
  let table: Table;

  beforeEach(() => {
    table = tables[name];
  });

  test('a packed attribute and a text in several parts come back, each asked only where it is wanted', async () => {
    const url = newUrl();
    await putHead(tables, table, url, {
      html: { S: '' },
      parts: { M: { html: await putPart(tables, table, url, long) } },
      links_packed: { B: toBinary(await pack({ internal: ['\ud800'] })) },
    });
    const whole = (await readHead(tables, table, url)).success;
    expect((await fieldOf(whole, 'html')) === long).toBe(true);
    expect(await fieldOf(whole, 'links')).toEqual({ internal: ['\ud800'] });
    expect(whole).toMatchObject({ order: 1763892672123456, version: 'AAAAAAAAAAAA', sizeBytes: 7 });
    expect(tables.calls.map((call) => call.keys.length)).toEqual([1, 2]);

    const links = (await readHead(tables, table, url, union(groups.head, groupOf('links')))).success;
    expect(links?.fields.has('html')).toBe(false);
    expect(tables.calls).toHaveLength(3);
  });

  test('a part that is missing is looked for once more, consistently, and then spoils its field alone', async () => {
    const url = newUrl();
    await putHead(tables, table, url, {
      parts: {
        M: { html: await putPart(tables, table, url, long, 1), mhtml: await putPart(tables, table, url, 'kept') },
      },
    });
    const record = (await readHead(tables, table, url)).success;
    expect(record?.failed.get('html')).toMatchObject({ code: 'MALFORMED_ITEM', facts: { url, attribute: 'html' } });
    expect(await fieldOf(record, 'mhtml')).toBe('kept');
    // Head and parts, the same consistently, and the head once more: it still names what is not there.
    expect(tables.calls.map(({ consistent }) => consistent)).toEqual([false, false, true, true, true]);
  });

  test('a head that is replaced before its parts are read is read again: never a mixture', async () => {
    const url = newUrl();
    const missing = await putPart(tables, table, url, 'old text', 0);
    await putHead(tables, table, url, { parts: { M: { html: missing } }, mhtml: { S: 'old' } });
    const batchGet = batchGetOf(tables.client);
    let isReplaced = false;
    const racing = readerOf(table, async (request) => {
      const outcomes = await batchGet(request);
      if (!isReplaced) {
        isReplaced = true;
        const part = await putPart(tables, table, url, 'new text');
        await putHead(tables, table, url, {
          write_id: { S: 'BBBBBBBBBBBB' },
          parts: { M: { html: part } },
          mhtml: { S: 'new' },
        });
      }
      return outcomes;
    });
    const record = (await readStored(racing, url)).success;
    expect(record?.version).toBe('BBBBBBBBBBBB');
    expect(await fieldOf(record, 'html')).toBe('new text');
    expect(await fieldOf(record, 'mhtml')).toBe('new');
  });

  test('a part that could not be read fails its field for this answer and spares the rest', async () => {
    const url = newUrl();
    const parts = { M: { metadata: await putPart(tables, table, url, { title: 'T' }) } };
    await putHead(tables, table, url, { parts, html: { S: 'kept' } });
    const batchGet = batchGetOf(tables.client);
    const error = new CrawlgateError('STORE_THROTTLED', 'over capacity', {});
    const throttled = readerOf(table, async (request) => {
      const outcomes = await batchGet(request);
      return request.bytes === null
        ? outcomes
        : new Map([...outcomes.keys()].map((key) => [key, { kind: 'failed', error }]));
    });
    const record = (await readStored(throttled, url)).success;
    expect([...(record?.failed ?? [])]).toEqual([
      ['metadata', error],
      ['title', error],
    ]);
    expect(await fieldOf(record, 'html')).toBe('kept');
    // Not held: whoever asks for them again has them read again.
    expect(record?.groups).toBe(groups.all & ~groupOf('metadata') & ~groups.title);
  });

  test('a title is told from metadata in a part, unless the head repeats it', async () => {
    const [told, repeated] = [newUrl(), newUrl()];
    const metadata = { title: 'T', text: 'x'.repeat(5000) };
    await putHead(tables, table, told, { parts: { M: { metadata: await putPart(tables, table, told, metadata) } } });
    const parts = { M: { metadata: await putPart(tables, table, repeated, metadata) } };
    await putHead(tables, table, repeated, { parts, title: { S: 'T' } });
    expect((await readHead(tables, table, repeated, groups.title)).success).toMatchObject({ title: 'T' });
    expect(tables.calls).toHaveLength(1);
    expect((await readHead(tables, table, told, groups.title)).success).toMatchObject({ title: 'T' });
  });

  test('a plain value beside packed bytes was written later and is the answer', async () => {
    const url = newUrl();
    const packed = { B: toBinary(await pack('old')) };
    await putHead(tables, table, url, {
      html: { S: 'new' },
      html_packed: packed,
      links: { M: { internal: { L: [] } } },
      links_packed: packed,
      media: { M: {} },
      media_packed: { B: toBinary(await pack({ images: [] })) },
    });
    const record = (await readHead(tables, table, url)).success;
    expect(await fieldOf(record, 'html')).toBe('new');
    expect(await fieldOf(record, 'links')).toEqual({ internal: [] });
    expect(await fieldOf(record, 'media')).toEqual({ images: [] });
  });
});

test('an earlier version is an item of its own', async () => {
  const url = toUrlKey(newUrl());
  const key = versionKey(url, '2025-11-23T10:11:12.123456Z#12345678');
  await tables.put(tables.versioned, { ...layoutOf(tables.versioned).headKey(key), ...plainHead, html: { S: 'v' } });
  const reader = readerOf(tables.versioned, batchGetOf(tables.client));
  const keys = [key, latestKey(url)];
  const outcomes = await reader({ keys, want: wantOf(groups.all), signal: new AbortController().signal });
  expect(outcomes.get(key)).toMatchObject({ kind: 'found', value: { success: { url } } });
  expect(outcomes.get(latestKey(url))).toEqual({ kind: 'absent' });
});
