// Bytes of items as DynamoDB counts them: exact where that is documented, never too few.
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { itemBytes, maxItemBytes, valueBytes } from '../../src/dynamo/codec/item-size.js';
import type { Item } from '../../src/dynamo/table.js';
import { type EngineTables, startEngineTables } from './support/engine-tables.js';

describe('bytes', () => {
  test('of texts are those of UTF-8, names counted', () => {
    expect(itemBytes({ ä: { S: '€😀' } })).toBe(2 + 3 + 4);
    expect(itemBytes({})).toBe(0);
  });

  test('of small values are 1', () => {
    expect(valueBytes({ BOOL: false })).toBe(1);
    expect(valueBytes({ NULL: true })).toBe(1);
  });

  test('of binaries are their own, of sets 3 more than their elements', () => {
    expect(valueBytes({ B: new Uint8Array(7) })).toBe(7);
    expect(valueBytes({ SS: ['ab', 'c'] })).toBe(3 + 3);
    expect(valueBytes({ BS: [new Uint8Array(4)] })).toBe(3 + 4);
    expect(valueBytes({ NS: ['1', '22'] })).toBe(3 + 3 + 3);
  });

  test('of maps and lists are 3, and 1 for each element beside it and its name', () => {
    expect(valueBytes({ M: {} })).toBe(3);
    expect(valueBytes({ L: [{ S: 'a' }, { L: [] }] })).toBe(3 + 2 + 4);
    expect(valueBytes({ M: { ab: { S: 'c' } } })).toBe(3 + 1 + 2 + 1);
  });

  test.each([
    ['0', 2],
    ['1', 2],
    ['12', 3],
    ['123', 3],
    ['-123', 4],
    ['1.234', 4],
    ['-1.234', 5],
    ['1800000000', 6],
    ['12345678901234567890123456789012345678', 20],
    ['1e+21', 3],
  ])('of the number %s are at least %d', (digits, least) => {
    expect(valueBytes({ N: digits })).toBeGreaterThanOrEqual(least);
    expect(valueBytes({ N: digits })).toBeLessThanOrEqual(least + 2);
  });
});

describe('the largest item', () => {
  let tables: EngineTables;

  beforeAll(async () => {
    tables = await startEngineTables();
  });

  afterAll(() => tables.close());

  const url = 'https://example.com/';

  function filledTo(bytes: number): Item {
    const item: Item = { url: { S: url }, success: { BOOL: true }, ttl: { N: '1800000000' }, html: { S: '' } };
    return { ...item, html: { S: 'x'.repeat(bytes - itemBytes(item)) } };
  }

  test('by our count is taken, as is any change of it that leaves the count', async () => {
    await tables.put(tables.documents, filledTo(maxItemBytes - 1));
    const change = new UpdateItemCommand({
      TableName: tables.documents.name,
      Key: { url: { S: url } },
      UpdateExpression: 'SET success = :no',
      ExpressionAttributeValues: { ':no': { BOOL: false } },
    });
    await expect(tables.client.send(change)).resolves.toBeDefined();
  });

  test('and a few bytes is refused', async () => {
    await expect(tables.put(tables.documents, filledTo(maxItemBytes + 8))).rejects.toThrow('Item size has exceeded');
  });
});
