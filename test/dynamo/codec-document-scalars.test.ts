// Times and numbers as the writers of the document layout have them, and what is none of them.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CrawlResult } from '../../src/domain/crawl-result.js';
import type { Item } from '../../src/dynamo/table.js';
import { type EngineTables, startEngineTables } from './support/engine-tables.js';
import { storedDocument, timeOf } from './support/read-results.js';

let tables: EngineTables;

beforeAll(async () => {
  tables = await startEngineTables();
});

afterAll(() => tables.close());

function stored(attributes: Item): Promise<CrawlResult> {
  return storedDocument(tables, attributes);
}

describe('a time', () => {
  test.each([
    ['2025-11-23T10:11:12.123456+00:00', '2025-11-23T10:11:12.123456Z'],
    ['2025-11-23T10:11:12.123456', '2025-11-23T10:11:12.123456Z'],
    ['2025-11-23T10:11:12Z', '2025-11-23T10:11:12Z'],
    ['2025-11-23T12:11:12.5+02:00', '2025-11-23T10:11:12.500Z'],
    ['2025-11-23 10:11:12', '2025-11-23T10:11:12Z'],
  ])('%s is %s', async (text, expected) => {
    const { createdAt, order } = await stored({ created_at: { S: text } });
    expect(timeOf(createdAt)).toBe(expected);
    expect(order).toBe(createdAt);
  });

  test('may be a number of seconds', async () => {
    const { createdAt } = await stored({ created_at: { N: '1763892672.123456' } });
    expect(timeOf(createdAt)).toBe('2025-11-23T10:11:12.123456Z');
  });

  test.each([{ S: 'yesterday' }, { S: '2025-11-31T00:00:00Z' }, { N: '1e30' }, { BOOL: true }])(
    'that is none (%j) spoils created_at alone',
    async (value) => {
      const record = await stored({ created_at: value, html: { S: 'kept' } });
      expect(record.createdAt).toBeNull();
      expect([...record.failed.keys()]).toEqual(['created_at']);
      expect(record.fields.get('html')).toBe('kept');
    },
  );
});

describe('a number', () => {
  test('of status 0 means that there was no answer', async () => {
    expect(await stored({ status_code: { N: '0' }, redirected_status_code: { N: '0' } })).toMatchObject({
      statusCode: null,
      redirectedStatusCode: null,
    });
  });

  test('may be written as text where a whole number is expected', async () => {
    expect(await stored({ status_code: { S: '404' } })).toMatchObject({ statusCode: 404 });
    expect(await stored({ status_code: { S: '200.0' } })).toMatchObject({ statusCode: 200 });
  });

  test.each([{ N: '9007199254740993' }, { N: '200.5' }, { S: '0x10' }, { S: ' ' }, { S: 'OK' }, { L: [] }])(
    'that is no 32-bit whole number (%j) spoils status_code alone',
    async (value) => {
      const record = await stored({ status_code: value, success: { BOOL: true } });
      expect(record.statusCode).toBeNull();
      expect([...record.failed.keys()]).toEqual(['status_code']);
    },
  );

  test('beyond JavaScript’s precision is its digits', async () => {
    const digits = '12345678901234567890123456789012345678';
    const record = await stored({
      metadata: { M: { id: { N: digits }, near: { N: '9007199254740993' }, exact: { N: '9007199254740992' } } },
      ssl_certificate: { M: { tiny: { N: '1E-130' }, tenth: { N: '0.1' }, small: { N: '0.0000001' } } },
    });
    expect(record.fields.get('metadata')).toEqual({ id: digits, near: '9007199254740993', exact: 9007199254740992 });
    expect(record.fields.get('ssl_certificate')).toEqual({ tiny: 1e-130, tenth: 0.1, small: 1e-7 });
    expect(record.failed.size).toBe(0);
  });

  test.each([
    [{ N: '1800000000' }, 1_800_000_000],
    [{ N: '1800000000.9' }, 1_800_000_000],
    [{ S: '1800000000' }, 1_800_000_000],
    [{ S: '' }, null],
  ])('of ttl %j is %j', async (ttl, expected) => {
    const record = await stored({ ttl });
    expect(record.expiresAt).toBe(expected);
    expect(record.failed.size).toBe(0);
  });

  test.each([{ S: ' ' }, { S: 'never' }, { BOOL: false }])(
    'of ttl that is none (%j) is MALFORMED_ITEM',
    async (ttl) => {
      const record = await stored({ ttl });
      expect(record.expiresAt).toBeNull();
      expect([...record.failed.keys()]).toEqual(['ttl']);
    },
  );
});
