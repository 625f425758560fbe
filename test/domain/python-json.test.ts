// JSON text as Python writes it: all of JSON is read as JSON, and what is more than JSON loses nothing.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePythonJson } from '../../src/domain/python-json.js';

test('any JSON is read as JSON.parse reads it, numbers that JavaScript itself wrote included', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      expect(parsePythonJson(text)).toEqual(JSON.parse(text));
    }),
  );
  fc.assert(
    fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (number) => {
      const text = JSON.stringify({ number });
      expect(parsePythonJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

test('NaN and the infinities are null wherever a value may stand, and nothing else is', () => {
  expect(parsePythonJson('[NaN,-Infinity, Infinity ,"NaN","\\"Infinity",{"NaN":NaN}]')).toEqual([
    null,
    null,
    null,
    'NaN',
    '"Infinity',
    { NaN: null },
  ]);
  for (const text of ['nan', 'NaNa', '[+Infinity]', '{NaN: 1}', '-NaN', '"NaN'])
    expect(parsePythonJson(text)).toBeUndefined();
});

test('numbers that no double holds are their digits, in value or in list, with or without spaces', () => {
  const digits = '123456789012345678901234567890';
  expect(parsePythonJson(digits)).toBe(digits);
  expect(parsePythonJson(`[-${digits},1, ${digits}]`)).toEqual([`-${digits}`, 1, digits]);
  expect(parsePythonJson(`{"a":  0.12345678901234567890123, "b": "x,${digits}", "c": 1e2}`)).toEqual({
    a: '0.12345678901234567890123',
    b: `x,${digits}`,
    c: 100,
  });
});

test('a string that never ends is told at once, however many quotes are escaped in it', () => {
  expect(parsePythonJson(`NaN"${'\\"'.repeat(200_000)}`)).toBeUndefined();
});
