// Two readings of one key: completed where they are of the same write, never mixed where they are not.
import { describe, expect, test } from 'vitest';
import type { CrawlResult, StoredResult } from '../../src/domain/crawl-result.js';
import { type FieldName, groupOf, groups, union } from '../../src/domain/fields.js';
import { mergeStored } from '../../src/domain/merge-results.js';
import { toUrlKey } from '../../src/domain/url-key.js';
import { CrawlgateError } from '../../src/errors.js';

const malformed = new CrawlgateError('MALFORMED_ITEM', 'malformed', { url: 'u', attribute: 'a' });

function reading(names: readonly FieldName[], changed: Partial<CrawlResult> = {}): StoredResult {
  const success: CrawlResult = {
    url: toUrlKey('https://example.com/'),
    version: 'v1',
    order: null,
    success: true,
    statusCode: null,
    redirectedStatusCode: null,
    createdAt: null,
    updatedAt: null,
    validatedAt: null,
    expiresAt: null,
    title: null,
    sizeBytes: null,
    truncatedFields: null,
    groups: names.map(groupOf).reduce(union, groups.head),
    fields: new Map(names.map((name) => [name, name])),
    failed: new Map(),
    addedFields: new Set(),
    ...changed,
  };
  return { success, failure: null };
}

test('two readings of one write know together what each of them knows', () => {
  const older = reading(['html'], { title: 'T', groups: [groups.head, groups.title, groupOf('html')].reduce(union) });
  const merged = mergeStored(older, reading(['mhtml'], { sizeBytes: 5 })).success;
  expect(merged).toMatchObject({ title: 'T', sizeBytes: 5 });
  expect([...(merged?.fields.keys() ?? [])].sort()).toEqual(['html', 'mhtml']);
  expect(merged?.groups).toBe([groups.head, groups.title, groupOf('html'), groupOf('mhtml')].reduce(union));
});

test('readings of different writes are never mixed: the newer is the answer', () => {
  const newer = reading(['mhtml'], { version: 'v2' });
  expect(mergeStored(reading(['html']), newer)).toEqual(newer);
  expect(mergeStored(reading(['html']), { success: null, failure: null }).success).toBeNull();
  expect(mergeStored({ success: null, failure: null }, newer)).toEqual(newer);
});

describe('a field that could not be read', () => {
  test('stays failed where the newer reading did not ask for it', () => {
    const older = reading(['html'], { fields: new Map(), failed: new Map([['html', malformed]]) });
    expect(mergeStored(older, reading(['mhtml'])).success?.failed.get('html')).toBe(malformed);
  });

  test('is no longer failed where the newer reading has it', () => {
    const older = reading(['html'], { failed: new Map([['html', malformed]]), fields: new Map() });
    expect(mergeStored(older, reading(['html', 'mhtml'])).success?.failed.size).toBe(0);
  });

  test('is what the older reading has where the newer one lost it on the way', () => {
    const lost = new CrawlgateError('STORE_THROTTLED', 'lost', {});
    const newer = reading(['mhtml'], { failed: new Map([['html', lost]]) });
    const merged = mergeStored(reading(['html']), newer).success;
    expect(merged?.failed.size).toBe(0);
    expect(merged?.fields.get('html')).toBe('html');
  });
});

test('a head that was read without its marks leaves those that a whole record has', () => {
  const older = reading(['html'], { addedFields: new Set(['html']), groups: groups.all });
  expect(mergeStored(older, reading([])).success?.addedFields).toEqual(new Set(['html']));
  const marked = reading([], { addedFields: new Set(['markdown']) });
  expect(mergeStored(older, marked).success?.addedFields).toEqual(new Set(['markdown']));
});
