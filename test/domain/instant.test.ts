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

test('seconds of Python’s time.time() and milliseconds of JavaScript’s clock become moments', () => {
  expect(instantOfSeconds(1763892672.123456)).toBe(1_763_892_672_123_456);
  expect(instantOfMillis(1763892672123.456)).toBe(1_763_892_672_123_456);
});
