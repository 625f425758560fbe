// The routing function is for ever: these numbers were worked out elsewhere (Python's hashlib) and must not change.
import { describe, expect, it } from 'vitest';
import { toUrlKey } from '../../src/domain/url-key.js';
import { bucketOf, homeOf } from '../../src/migration/route.js';

describe('the bucket of a URL', () => {
  it.each([
    ['https://example.com/', 36],
    ['https://example.com', 13],
    ['https://example.com/é?a=1#b', 16],
    ['https://www.tidewater-museum.example/visit/tide-times', 76],
    ['http://a.b/c', 62],
  ])('%s is %i', (url, bucket) => {
    expect(bucketOf(url)).toBe(bucket);
  });

  it('spreads URLs evenly', () => {
    const counts = new Map<number, number>();
    for (let index = 0; index < 20_000; index += 1) {
      const bucket = bucketOf(`https://example.com/page/${index}`);
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
    }
    expect(counts.size).toBe(100);
    expect(Math.min(...counts.values())).toBeGreaterThan(120);
    expect(Math.max(...counts.values())).toBeLessThan(290);
  });
});

describe('the home of a URL', () => {
  const urls = Array.from({ length: 500 }, (_, index) => toUrlKey(`https://example.com/${index}`));

  it('is SQLite for all at 0 and DynamoDB for all at 100 per cent', () => {
    expect(urls.every((url) => homeOf(url, 0) === 'sqlite')).toBe(true);
    expect(urls.every((url) => homeOf(url, 100) === 'dynamodb')).toBe(true);
  });

  it('never goes back to SQLite when the percentage is raised, and is DynamoDB where the bucket is below it', () => {
    for (let pct = 0; pct < 100; pct += 1) {
      for (const url of urls) {
        expect(homeOf(url, pct)).toBe(bucketOf(url) < pct ? 'dynamodb' : 'sqlite');
        if (homeOf(url, pct) === 'dynamodb') expect(homeOf(url, pct + 1)).toBe('dynamodb');
      }
    }
  });
});
