// JSON values as native attributes: what is native comes back equal, and what DynamoDB cannot hold is told beforehand.
import { type AttributeValue, GetItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonValue } from '../../src/domain/packed-text.js';
import { attributeOf, isNative, jsonOf } from '../../src/dynamo/codec/attribute-json.js';
import { type EngineTables, startEngineTables } from './support/engine-tables.js';

let tables: EngineTables;

beforeAll(async () => {
  tables = await startEngineTables();
});

afterAll(() => tables.close());

async function throughEngine(value: AttributeValue): Promise<AttributeValue> {
  const key = { url: { S: 'https://example.com/' } };
  await tables.put(tables.documents, { ...key, value });
  const command = new GetItemCommand({ TableName: tables.documents.name, Key: key, ConsistentRead: true });
  const answered = (await tables.client.send(command)).Item?.value;
  if (answered === undefined) throw new Error('the engine lost the value');
  return answered;
}

const numbers = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(1e-130, 9.9e125, 1e21, 1e-7, 5e-324, -0),
);
const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
);
const values = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.constantFrom(null, true, false),
    numbers,
    texts,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.oneof(fc.constantFrom('', '__proto__', 'constructor', 'S', 'N'), texts), tie('value'), {
      maxKeys: 5,
    }),
  ),
})).value;

test('any value that is native survives the engine', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      values.filter((value) => isNative(value)),
      async (value) => {
        // As JSON text, for which minus zero is zero, but without regard to the order of keys: DynamoDB keeps none.
        expect(jsonOf(await throughEngine(attributeOf(value)))).toEqual(JSON.parse(JSON.stringify(value)));
      },
    ),
    { numRuns: 400 },
  );
});

test('asking whether a value is native never throws, whatever the value', () => {
  fc.assert(fc.property(values, (value) => typeof isNative(value) === 'boolean'));
});

describe('a value is not native', () => {
  test.each<[string, JsonValue]>([
    ['with a lone surrogate', { a: ['\ud800'] }],
    ['with a lone surrogate in a name', { '\udc00': 1 }],
    ['with an empty name', { '': 1 }],
    ['with a name of 64 KB', { ['x'.repeat(65_536)]: 1 }],
    ['with a name that a plain object cannot hold', JSON.parse('{"__proto__": 1}')],
    ['with a number too large', [1e126]],
    ['with a number too small', [1e-131]],
    ['with no number', [Number.NaN]],
    ['31 levels deep', nested(31)],
  ])('%s', (_, value) => {
    expect(isNative(value)).toBe(false);
  });

  test('but 30 levels are', async () => {
    expect(isNative(nested(30))).toBe(true);
    expect(jsonOf(await throughEngine(attributeOf(nested(30))))).toEqual(nested(30));
  });
});

test('sets are lists, binaries are base64, and what no double holds is its digits', () => {
  expect(jsonOf({ SS: ['b', 'a'] })).toEqual(['b', 'a']);
  expect(jsonOf({ NS: ['1', '9007199254740993'] })).toEqual([1, '9007199254740993']);
  expect(jsonOf({ B: Uint8Array.of(255) })).toBe('/w==');
  expect(jsonOf({ BS: [Uint8Array.of(255)] })).toEqual(['/w==']);
  expect(jsonOf({ M: { a: { N: '0.10000000000000000555' }, b: { N: '-0' }, c: { N: '1E+2' } } })).toEqual({
    a: '0.10000000000000000555',
    b: -0,
    c: 100,
  });
});

function nested(levels: number): JsonValue {
  let value: JsonValue = 'x';
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}
