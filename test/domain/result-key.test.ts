// One name for each stored thing: no two share one, and each can be taken apart.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { healthKey, latestKey, partsOfKey, versionKey } from '../../src/domain/result-key.js';
import { toUrlKey } from '../../src/domain/url-key.js';
import { documentLayout } from '../../src/dynamo/codec/layout-document.js';
import { versionedLayout } from '../../src/dynamo/codec/layout-versioned.js';
import { CrawlgateError } from '../../src/errors.js';

const urls = fc.string({ unit: 'grapheme' }).map((path) => toUrlKey(`https://example.com/${path}`));
const versionIds = fc.stringMatching(/^[0-9TZ.:-]{1,27}#[0-9a-f]{8}$/);

test('a key says what it was made of', () => {
  fc.assert(
    fc.property(urls, versionIds, (url, versionId) => {
      expect(partsOfKey(latestKey(url))).toEqual({ kind: 'latest', url });
      expect(partsOfKey(versionKey(url, versionId))).toEqual({ kind: 'version', url, versionId });
    }),
  );
  expect(partsOfKey(healthKey)).toEqual({ kind: 'health' });
});

test('different things have different keys, in memory and in the table', () => {
  const a = toUrlKey('https://example.com/a');
  const b = toUrlKey('https://example.com/b');
  const keys = [
    healthKey,
    latestKey(a),
    latestKey(b),
    versionKey(a, '1#0'),
    versionKey(a, '2#0'),
    versionKey(b, '1#0'),
  ];
  expect(new Set(keys).size).toBe(keys.length);
  for (const layout of [documentLayout, versionedLayout]) {
    expect(new Set(keys.map((key) => JSON.stringify(layout.headKey(key)))).size).toBe(keys.length);
  }
});

test('no URL can be the key of what is the gateway’s own', () => {
  for (const key of [healthKey, versionKey(toUrlKey('https://example.com/'), '1#0')]) {
    expect(() => toUrlKey(key)).toThrow(CrawlgateError);
    expect(() => toUrlKey(documentLayout.headKey(key).url?.S ?? '')).toThrow(CrawlgateError);
  }
});
