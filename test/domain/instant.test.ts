// Moments as Python and RFC 3339 write them, to the microsecond.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatInstant, instantOfMillis, instantOfSeconds, parseInstant } from '../../src/domain/instant.js';

const base = Date.UTC(2025, 10, 23, 10, 11, 12) * 1000;

describe('a text', () => {
  test.each([
    ['2025-11-23T10:11:12Z', base],
    ['2025-11-23T10:11:12z', base],
    ['2025-11-23t10:11:12', base],
    ['2025-11-23 10:11:12', base],
    ['2025-11-23T10:11:12+00:00', base],
    ['2025-11-23T10:11:12-00:00', base],
    ['2025-11-23T10:11:12.1', base + 100_000],
    ['2025-11-23T10:11:12,123456', base + 123_456],
    ['2025-11-23T10:11:12.123456+00:00', base + 123_456],
    ['2025-11-23T10:11:12.123456789Z', base + 123_456],
    ['2025-11-23T15:41:12.000001+05:30', base + 1],
    ['2025-11-23T02:11:12-0800', base],
    ['2025-11-23T10:11:12+00:00:30', base - 30_000_000],
    ['1969-12-31T23:59:59.5Z', -500_000],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29) * 1000],
  ])('%s is a moment', (text, expected) => {
    expect(parseInstant(text)).toBe(expected);
  });

  test.each([
    '',
    '2025-11-23',
    '2025-11-31T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2025-13-01T00:00:00Z',
    '2025-00-01T00:00:00Z',
    '2025-11-23T24:00:00Z',
    '2025-11-23T10:60:00Z',
    '2025-11-23T23:59:60Z',
    '2025-11-23T10:11:12+24:00',
    '2025-11-23T10:11:12+01:60',
    '2025-11-23T10:11:12.Z',
    '0099-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    ' 2025-11-23T10:11:12Z',
    '2025-11-23T10:11:12Z\n',
    '1763892672',
  ])('%j is none', (text) => {
    expect(parseInstant(text)).toBeNull();
  });
});

describe('a moment is written', () => {
  test.each([
    [base, '2025-11-23T10:11:12Z', '2025-11-23T10:11:12.000000Z'],
    [base + 120_000, '2025-11-23T10:11:12.120Z', '2025-11-23T10:11:12.120000Z'],
    [base + 1, '2025-11-23T10:11:12.000001Z', '2025-11-23T10:11:12.000001Z'],
    [-1, '1969-12-31T23:59:59.999999Z', '1969-12-31T23:59:59.999999Z'],
  ])('%d with as many digits as it needs, or with six', (micros, needed, six) => {
    const instant = instantOfSeconds(0);
    const moment = (instant + micros) as typeof instant;
    expect(formatInstant(moment)).toBe(needed);
    expect(formatInstant(moment, 'six')).toBe(six);
  });

  test('and read as the same, and those with six digits sort as texts as they do in time', () => {
    const year2255 = 8_993_548_800_000_000;
    const moments = fc.integer({ min: -year2255, max: year2255 });
    fc.assert(
      fc.property(moments, moments, (a, b) => {
        const zero = instantOfSeconds(0);
        const texts = [a, b].map((micros) => formatInstant((zero + micros) as typeof zero, 'six'));
        expect(texts.map(parseInstant)).toEqual([a, b]);
        expect(parseInstant(formatInstant((zero + a) as typeof zero))).toBe(a);
        expect(Math.sign(a - b)).toBe(texts[0] === texts[1] ? 0 : (texts[0] ?? '') < (texts[1] ?? '') ? -1 : 1);
      }),
    );
  });
});

describe('a moment is written as Date writes it', () => {
  const zero = instantOfSeconds(0);
  /** Of whole seconds Date's own text, and after it the microseconds. */
  function expected(micros: number): string {
    const seconds = Math.floor(micros / 1_000_000);
    const fraction = micros - seconds * 1_000_000;
    return `${new Date(seconds * 1000).toISOString().slice(0, -5)}.${String(fraction).padStart(6, '0')}Z`;
  }
  function expectAsDate(micros: number): void {
    const six = expected(micros);
    const needed = six.endsWith('000000Z') ? six.replace('.000000', '') : six.replace(/(\.\d{3})000Z$/, '$1Z');
    expect(formatInstant((zero + micros) as typeof zero, 'six')).toBe(six);
    expect(formatInstant((zero + micros) as typeof zero)).toBe(needed);
  }
  const dayMicros = 86_400_000_000;

  test('at any moment that is a safe integer, in any order', () => {
    const any = fc.maxSafeInteger();
    const nearMidnight = fc
      .tuple(fc.integer({ min: -104_249, max: 104_249 }), fc.integer({ min: -2_000_001, max: 2_000_001 }))
      .map(([day, micros]) => day * dayMicros + micros);
    const wholeMillis = fc.integer({ min: -9_007_199_254_740, max: 9_007_199_254_740 }).map((millis) => millis * 1000);
    fc.assert(fc.property(fc.oneof(any, nearMidnight, wholeMillis), expectAsDate), { numRuns: 2_000 });
  });

  test('in whole milliseconds of the years 1 to 9999, as an expiry far away is', () => {
    const first = Date.parse('0001-01-01T00:00:00Z');
    const last = Date.parse('9999-12-31T23:59:59.999Z');
    fc.assert(
      fc.property(fc.integer({ min: first, max: last }), (millis) => {
        const seconds = Math.floor(millis / 1000);
        const date = new Date(seconds * 1000).toISOString();
        expect(formatInstant(instantOfSeconds(seconds))).toBe(date.replace('.000', ''));
      }),
      { numRuns: 2_000, examples: [[first], [last], [0], [-1]] },
    );
  });

  test('and what is no moment is refused, without a trace in what is written after it', () => {
    expect(() => formatInstant((zero + Number.NaN) as typeof zero)).toThrow(RangeError);
    expect(() => formatInstant((zero + 9e18) as typeof zero)).toThrow(RangeError);
    expectAsDate(1);
    expectAsDate(-1);
  });
});

test('seconds of Python’s time.time() and milliseconds of JavaScript’s clock become moments', () => {
  expect(instantOfSeconds(1763892672.123456)).toBe(1_763_892_672_123_456);
  expect(instantOfMillis(1763892672123.456)).toBe(1_763_892_672_123_456);
});
