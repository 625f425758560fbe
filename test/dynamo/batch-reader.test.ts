// The bottom of the lookup path on the embedded engine: what is asked of it, in how many calls, and what comes back.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FieldGroups, groupOf, groups, union } from '../../src/domain/fields.js';
import { pack } from '../../src/domain/packed-text.js';
import { healthKey, latestKey, type ResultKey, versionKey } from '../../src/domain/result-key.js';
import { toUrlKey } from '../../src/domain/url-key.js';
import { documentLayout } from '../../src/dynamo/codec/layout-document.js';
import { toBinary } from '../../src/dynamo/codec/packed-binary.js';
import { createBatchReader } from '../../src/dynamo/reading/batch-reader.js';
import { silentEvents } from '../../src/observability/events.js';
import { type EngineTables, startEngineTables } from './support/engine-tables.js';
import { batchGetOf, layoutOf, lookUp, readAt, readerOf, readStored, wantOf } from './support/read-results.js';

let tables: EngineTables;
const page = 'https://example.com/page';

beforeAll(async () => {
  tables = await startEngineTables();
  await tables.put(tables.documents, {
    url: { S: page },
    created_at: { S: '2025-11-23T10:11:12Z' },
    status_code: { N: '200' },
    html: { S: 'h'.repeat(100_000) },
    markdown: { M: { raw_markdown: { S: 'm'.repeat(50_000) } } },
    metadata: { M: { title: { S: 'T' } } },
    custom: { S: 'c'.repeat(10_000) },
  });
});

beforeEach(() => {
  tables.calls.length = 0;
});

afterAll(() => tables.close());

function reader() {
  return readerOf(tables.documents, batchGetOf(tables.client));
}

function keysAt(count: number, path: string): readonly ResultKey[] {
  return Array.from({ length: count }, (_, index) => latestKey(toUrlKey(`https://example.com/${path}/${index}`)));
}

describe('what goes over the wire', () => {
  test('for url, title and statusCode is neither HTML nor Markdown', async () => {
    const wanted = union(groups.head, groups.title);
    const { success } = await readStored(reader(), page, wanted);
    expect(success).toMatchObject({ title: 'T', statusCode: 200, sizeBytes: null, groups: wanted });
    expect(tables.calls).toHaveLength(1);
    expect(tables.calls[0]?.asked).not.toContain('html');
    expect(tables.calls[0]?.asked).not.toContain('markdown');
    expect(tables.calls[0]?.answerBytes).toBeLessThan(1000);
  });

  test.each([
    ['html', 100_000, 101_000],
    ['raw_markdown', 50_000, 51_000],
    ['links', 0, 1000],
  ] as const)('for %s is that field and the head', async (field, least, most) => {
    const { success } = await readStored(reader(), page, union(groups.head, groupOf(field)));
    expect([...(success?.fields.keys() ?? [])]).toEqual(least > 0 ? [field] : []);
    expect(tables.calls).toHaveLength(1);
    expect(tables.calls[0]?.answerBytes).toBeGreaterThan(least);
    expect(tables.calls[0]?.answerBytes).toBeLessThan(most);
  });

  test('for whether it is there at all is the key alone', async () => {
    expect(await lookUp(reader(), page, groups.none)).toMatchObject({ kind: 'found' });
    expect(tables.calls[0]?.asked).toEqual(['url']);
    expect(tables.calls[0]?.answerBytes).toBeLessThan(300);
  });

  test('for keys that no field knows is the whole item', async () => {
    const { success } = await readStored(reader(), page, groupOf('extra'));
    expect(success?.fields.get('extra')).toEqual({ custom: 'c'.repeat(10_000) });
    expect(tables.calls.map(({ asked }) => asked)).toEqual([null]);
  });
});

describe('what an item of Python cannot say by its head', () => {
  test('sizeBytes is counted from the whole item, read in a second call', async () => {
    const { success } = await readStored(reader(), page, union(groups.head, groups.size));
    expect(success?.sizeBytes).toBe(
      100_000 + 50_000 + '{"title":"T"}'.length + `{"custom":"${'c'.repeat(10_000)}"}`.length,
    );
    expect(success?.groups).toBe(groups.all);
    expect(tables.calls.map(({ asked }) => asked === null)).toEqual([false, true]);
  });

  test('truncatedFields is told from the two texts that were ever cut', async () => {
    const { success } = await readStored(reader(), page, union(groups.head, groups.truncated));
    expect(success?.truncatedFields).toEqual([]);
    expect(tables.calls).toHaveLength(2);
    expect(tables.calls[1]?.asked).toContain('html');
    expect(tables.calls[1]?.asked).toContain('cleaned_html');
    expect(tables.calls[1]?.asked).not.toContain('markdown');
  });

  test('is read in one call where the whole item is asked for anyway', async () => {
    await readStored(reader(), page, groups.all);
    expect(tables.calls).toHaveLength(1);
  });

  test('is in the head of an item of ours', async () => {
    const url = 'https://example.com/ours';
    await tables.put(tables.documents, {
      url: { S: url },
      write_id: { S: 'w' },
      size_bytes: { N: '123456789' },
      truncated_fields: { L: [{ S: 'html' }] },
    });
    const wanted = [groups.head, groups.size, groups.truncated].reduce<FieldGroups>(union, groups.none);
    const { success } = await readStored(reader(), url, wanted);
    expect(success).toMatchObject({ version: 'w', sizeBytes: 123_456_789, truncatedFields: ['html'] });
    expect(tables.calls).toHaveLength(1);
  });

  test('is never mixed from two writes: the later of two reads is the answer', async () => {
    const url = 'https://example.com/replaced';
    const put = (time: string, html: string) =>
      tables.put(tables.documents, { url: { S: url }, created_at: { S: time }, html: { S: html } });
    await put('2025-01-01T00:00:00Z', 'old');
    const batchGet = batchGetOf(tables.client);
    const racing = readerOf(tables.documents, async (request) => {
      const outcomes = await batchGet(request);
      await put('2025-01-02T00:00:00Z', 'newer');
      return outcomes;
    });
    const { success } = await readStored(racing, url, union(groups.head, groups.size));
    expect(success).toMatchObject({ sizeBytes: 5, createdAt: Date.UTC(2025, 0, 2) * 1000 });
  });
});

test('a title inside packed metadata comes without a second call', async () => {
  const url = 'https://example.com/packed-metadata';
  const metadata = { title: 'Packed', text: 'x'.repeat(1000) };
  await tables.put(tables.documents, {
    url: { S: url },
    write_id: { S: 'w' },
    metadata: { S: '' },
    metadata_packed: { B: toBinary(await pack(metadata)) },
  });
  for (const wanted of [groups.title, union(groups.title, groupOf('metadata'))]) {
    expect((await readStored(reader(), url, wanted)).success).toMatchObject({ title: 'Packed' });
  }
  expect(tables.calls).toHaveLength(2);
});

describe('a long list', () => {
  test('of 250 keys makes 3 calls', async () => {
    const keys = keysAt(250, 'many');
    for (const key of keys.slice(0, 30)) await tables.put(tables.documents, { url: { S: key } });
    const outcomes = await reader()({
      keys: [...keys, ...keys.slice(0, 50)],
      want: wantOf(groups.head),
      signal: live(),
    });
    expect(tables.calls.map((call) => call.keys.length)).toEqual([100, 100, 50]);
    expect(keys.filter((key) => outcomes.get(key)?.kind === 'found')).toEqual(keys.slice(0, 30));
    expect(outcomes.size).toBe(250);
  });

  test('of 20 items of 200 KB comes back all 20 from an engine that cuts batches, as asked in every round', async () => {
    const keys = keysAt(20, 'large');
    for (const [index, key] of keys.entries()) {
      await tables.put(tables.documents, {
        url: { S: key },
        html: { S: `${index}`.padEnd(200_000, 'x') },
        mhtml: { S: 'not asked' },
      });
    }
    const want = wantOf(groupOf('html'), { consistency: 'STRONG' });
    const outcomes = await reader()({ keys, want, signal: live() });
    for (const [index, key] of keys.entries()) {
      const outcome = outcomes.get(key);
      const html = outcome?.kind === 'found' ? outcome.value.success?.fields.get('html') : outcome;
      expect(html === `${index}`.padEnd(200_000, 'x')).toBe(true);
    }
    // 4 MB in answers of at most 1.4 MB.
    expect(tables.calls.map((call) => call.keys.length)).toEqual([20, 13, 6]);
    for (const call of tables.calls) {
      expect(call.consistent).toBe(true);
      expect(call.asked).toEqual(tables.calls[0]?.asked);
      expect(call.asked).toContain('html');
      expect(call.asked).not.toContain('mhtml');
    }
  });
});

describe('a key', () => {
  test('of a version or of the health probe is read like any other, and nothing there is absent', async () => {
    for (const table of [tables.documents, tables.versioned]) {
      const keys = [healthKey, versionKey(toUrlKey(page), '2025-01-01T00:00:00.000000Z#12345678')];
      const outcomes = await readerOf(
        table,
        batchGetOf(tables.client),
      )({ keys, want: wantOf(groups.none), signal: live() });
      expect(keys.map((key) => outcomes.get(key))).toEqual([{ kind: 'absent' }, { kind: 'absent' }]);
    }
    expect(tables.calls).toHaveLength(2);
  });

  test('found says that it was read at the moment before it was asked for', async () => {
    expect(await lookUp(reader(), page, groups.head)).toMatchObject({
      provenance: { source: 'DYNAMODB', status: 'FRESH', readAt },
    });
  });

  test('whose item trips the codec is failed, spares the others, and its cause is told once', async () => {
    const errors: unknown[] = [];
    const [bad, good] = keysAt(2, 'codec');
    if (bad === undefined || good === undefined) throw new Error('two keys');
    for (const key of [bad, good]) await tables.put(tables.documents, { url: { S: key } });
    const cause = new Error('a bug');
    const broken = createBatchReader({
      batchGet: batchGetOf(tables.client),
      table: tables.documents,
      layout: {
        ...layoutOf(tables.documents),
        decode(key, item, wanted) {
          if (key === bad) throw cause;
          return documentLayout.decode(key, item, wanted);
        },
      },
      events: { ...silentEvents, unexpectedError: ({ error }) => errors.push(error) },
      now: () => readAt,
    });
    const outcomes = await broken({ keys: [bad, good], want: wantOf(groups.head), signal: live() });
    expect(outcomes.get(good)?.kind).toBe('found');
    expect(outcomes.get(bad)).toMatchObject({ kind: 'failed', error: { code: 'INTERNAL_SERVER_ERROR', cause } });
    expect(errors).toEqual([cause]);
  });
});

function live(): AbortSignal {
  return new AbortController().signal;
}
