// A failed crawl beside the last success in one item, with or without a part for what does not fit there.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { groupOf, groups } from '../../src/domain/fields.js';
import type { Item, Table } from '../../src/dynamo/table.js';
import { CrawlgateError } from '../../src/errors.js';
import { type EngineTables, startEngineTables } from './support/engine-tables.js';
import { putPart } from './support/put-parts.js';
import { batchGetOf, readerOf, readStored } from './support/read-results.js';
import { putHead, readHead } from './support/stored-heads.js';

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

describe.each(['documents', 'versioned'] as const)('in %s', (name) => {
  let table: Table;

  beforeEach(() => {
    table = tables[name];
  });

  test('a later failure stands beside the success, each with its own order and expiry', async () => {
    const url = newUrl();
    const failure = {
      order: { N: '1763979072000001' },
      write_id: { S: 'FFFFFFFFFFFF' },
      status_code: { N: '503' },
      error_message: { S: 'gone' },
      ttl: { N: '1900000000' },
      size_bytes: { N: '4' },
    };
    await putHead(tables, table, url, {
      result_ttl: { N: '1800000000' },
      ttl: { N: '1900000000' },
      last_failure: { M: failure },
    });
    const stored = await readHead(tables, table, url);
    expect(stored.success).toMatchObject({ success: true, expiresAt: 1_800_000_000 });
    expect(stored.failure).toMatchObject({
      success: false,
      statusCode: 503,
      order: 1763979072000001,
      createdAt: 1763979072000001,
      expiresAt: 1_900_000_000,
      version: 'FFFFFFFFFFFF',
      sizeBytes: 4,
      groups: groups.all,
    });
    expect([...(stored.failure?.fields ?? [])]).toEqual([['error_message', 'gone']]);
    expect(tables.calls).toHaveLength(1);
  });

  test('a later failure that never expires keeps the success’s own expiry', async () => {
    const url = newUrl();
    await putHead(tables, table, url, {
      result_ttl: { N: '1800000000' },
      last_failure: { M: { order: { N: '1763979072000001' } } },
    });
    expect(await readHead(tables, table, url)).toMatchObject({
      success: { expiresAt: 1_800_000_000 },
      failure: { expiresAt: null },
    });
  });

  describe('a failure whose rest lies in a part', () => {
    const rest = {
      fields: { error_message: 'gone', html: '<p>', redirected_url: 'https://e/', metadata: { title: 'T' } },
      redirectedStatusCode: 302,
      marks: ['null:links'],
    };

    async function putFailure(url: string, more: Item, skip: number | null = null): Promise<void> {
      const map = { order: { N: '1763979072000001' }, error_message: { S: 'gone' }, ...more };
      const part = await putPart(tables, table, url, rest, skip);
      await putHead(tables, table, url, { last_failure: { M: { ...map, rest: part } } });
    }

    test('has it read where its head fields are asked for', async () => {
      const url = newUrl();
      await putFailure(url, {});
      const { failure } = await readHead(tables, table, url, groups.head);
      expect(Object.fromEntries(failure?.fields ?? [])).toEqual(rest.fields);
      expect(failure).toMatchObject({ redirectedStatusCode: 302, title: 'T', truncatedFields: [], groups: groups.all });
      expect([...(failure?.addedFields ?? [])]).toEqual(['null:links']);
    });

    test('has it read for a text alone where its writer says that the head is whole', async () => {
      const url = newUrl();
      await putFailure(url, { head_whole: { BOOL: true } });
      expect((await readHead(tables, table, url, groups.head)).failure?.fields.get('error_message')).toBe('gone');
      expect(tables.calls).toHaveLength(1);
      expect((await readHead(tables, table, url, groupOf('html'))).failure?.fields.get('html')).toBe('<p>');
    });

    test('loses what lay there where it is missing, and keeps what the head says', async () => {
      const url = newUrl();
      await putFailure(url, {}, 0);
      const { success, failure } = await readHead(tables, table, url);
      expect(success?.failed.size).toBe(0);
      expect(failure?.fields.get('error_message')).toBe('gone');
      expect(failure?.failed.has('error_message')).toBe(false);
      for (const name of ['html', 'redirected_url', 'title', 'redirected_status_code'] as const) {
        expect(failure?.failed.get(name)).toMatchObject({ code: 'MALFORMED_ITEM', facts: { url } });
      }
    });

    test('that could not be read fails what lay there for this answer', async () => {
      const url = newUrl();
      await putFailure(url, {});
      const batchGet = batchGetOf(tables.client);
      const error = new CrawlgateError('STORE_UNAVAILABLE', 'no answer', {});
      const down = readerOf(table, async (request) => {
        const outcomes = await batchGet(request);
        return request.bytes === null
          ? outcomes
          : new Map([...outcomes.keys()].map((key) => [key, { kind: 'failed', error }]));
      });
      const { success, failure } = await readStored(down, url, groups.head);
      expect(success?.failed.size).toBe(0);
      expect(failure?.failed.get('redirected_url')).toBe(error);
      expect(failure?.failed.has('error_message')).toBe(false);
      expect(failure?.groups).toBe(groups.size);
    });
  });
});
