// What may be a key: a URL exactly as it was given.
import { describe, expect, test } from 'vitest';
import { toUrlKey } from '../../src/domain/url-key.js';
import { CrawlgateError } from '../../src/errors.js';

describe('a URL is taken byte for byte', () => {
  test.each([
    'https://example.com',
    'https://example.com/',
    'https://EXAMPLE.com/%7Euser/../a?b=c&b=c#fragment',
    'HTTP://example.com:80/',
    'file:///tmp/page.html',
    'raw:<html>',
    'https://example.com/ä€😀',
    'https://example.com/a b',
    'https://example.com/trailing ',
  ])('%s', (url) => {
    expect(toUrlKey(url)).toBe(url);
  });
});

describe('refused as BAD_USER_INPUT, naming the argument, is', () => {
  test.each([
    ['an empty one', ''],
    ['a relative one', '/path'],
    ['one without a scheme', 'example.com'],
    ['one that only a parser would trim', ' https://example.com/'],
    ['one that begins with a control character', '\u0000https://example.com/'],
    ['a lone surrogate', 'https://example.com/\ud800'],
    ['a key of the gateway', 'crawlgate-part:00'],
    ['what is no URL', 'https://'],
  ])('%s', (_, url) => {
    expect(refusalOf(() => toUrlKey(url))).toMatchObject({ code: 'BAD_USER_INPUT', facts: { argument: 'url' } });
  });

  test('one longer in UTF-8 than a key, which a layout may make shorter', () => {
    const longest = `https://example.com/${'€'.repeat(676)}`;
    expect(Buffer.byteLength(longest)).toBe(2048);
    expect(toUrlKey(longest)).toBe(longest);
    expect(refusalOf(() => toUrlKey(`${longest}x`))?.message).toContain('2049');
    expect(refusalOf(() => toUrlKey(longest, 2044))?.message).toContain('2044');
  });
});

function refusalOf(act: () => unknown): CrawlgateError | null {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof CrawlgateError) return error;
    throw error;
  }
}
