// What the memory tier knows of results.
import { describe, expect, it } from 'vitest';
import type { CrawlResult, FieldValue, StoredResult } from '../../src/domain/crawl-result.js';
import { type FieldName, groupOf, groups, union } from '../../src/domain/fields.js';
import { instantOfMillis } from '../../src/domain/instant.js';
import { PackedText } from '../../src/domain/packed-text.js';
import { plainWant, type Want } from '../../src/domain/read-many.js';
import { toUrlKey } from '../../src/domain/url-key.js';
import { coversWant, isAcceptableStored, sizeOfStored } from '../../src/gateway/stored-result-rules.js';

const nowMs = Date.UTC(2026, 10, 23);

function record(changed: Partial<CrawlResult> = {}): CrawlResult {
  return {
    url: toUrlKey('https://a.example/'),
    version: '1',
    order: null,
    success: true,
    statusCode: 200,
    redirectedStatusCode: null,
    createdAt: instantOfMillis(nowMs - 60_000),
    updatedAt: null,
    validatedAt: null,
    expiresAt: null,
    title: null,
    sizeBytes: null,
    truncatedFields: null,
    groups: groups.head,
    fields: new Map(),
    failed: new Map(),
    addedFields: new Set(),
    ...changed,
  };
}

function stored(success: CrawlResult | null, failure: CrawlResult | null = null): StoredResult {
  return { success, failure };
}

function wantOf(changed: Partial<Want> = {}): Want {
  return { ...plainWant, groups: groups.head, ...changed };
}

describe('the size of a result in memory', () => {
  const sizeWith = (name: FieldName, value: FieldValue) =>
    sizeOfStored(stored(record({ fields: new Map([[name, value]]) }))) - sizeOfStored(stored(record()));

  it('counts a text at two bytes a letter and a packed one as its bytes', () => {
    expect(sizeWith('html', 'x'.repeat(10_000))).toBeGreaterThanOrEqual(20_000);
    const packed = new PackedText(Buffer.alloc(500), 0, 10_000);
    expect(sizeWith('html', packed)).toBeGreaterThanOrEqual(500);
    expect(sizeWith('html', packed)).toBeLessThan(1_000);
  });

  it('counts what is inside a JSON value', () => {
    const links = { internal: Array.from({ length: 100 }, (_, index) => ({ href: `https://a.example/${index}` })) };
    expect(sizeWith('links', links)).toBeGreaterThan(2 * JSON.stringify(links).length);
  });

  it('is a positive whole number for every kind of value', () => {
    for (const value of [null, true, 1.5, '', [], {}]) {
      const bytes = sizeOfStored(stored(record({ fields: new Map([['extra', value]]) }), record()));
      expect(bytes).toSatisfy((size: number) => Number.isInteger(size) && size > 0);
    }
  });
});

describe('a remembered result', () => {
  it('answers a question when each of its records has all that is wanted', () => {
    const html = groupOf('html');
    const full = record({ groups: union(groups.head, html) });
    expect(coversWant(stored(record()), wantOf())).toBe(true);
    expect(coversWant(stored(record()), wantOf({ groups: html }))).toBe(false);
    expect(coversWant(stored(full, record()), wantOf({ groups: html }))).toBe(false);
    expect(coversWant(stored(full, full), wantOf({ groups: html }))).toBe(true);
  });

  it('is acceptable up to the age that is wanted, counted from the later of its two times', () => {
    expect(isAcceptableStored(stored(record()), wantOf({ maxAge: 60 }), nowMs)).toBe(true);
    expect(isAcceptableStored(stored(record()), wantOf({ maxAge: 59 }), nowMs)).toBe(false);
    const confirmed = record({ validatedAt: instantOfMillis(nowMs - 1_000) });
    expect(isAcceptableStored(stored(confirmed), wantOf({ maxAge: 1 }), nowMs)).toBe(true);
  });

  it('is judged by the record that answers', () => {
    const old = record({ createdAt: instantOfMillis(nowMs - 3_600_000) });
    const both = stored(old, record({ success: false }));
    expect(isAcceptableStored(both, wantOf({ maxAge: 100 }), nowMs)).toBe(true);
    expect(isAcceptableStored(both, wantOf({ maxAge: 100, outcome: 'SUCCESS' }), nowMs)).toBe(false);
  });

  it('is not acceptable once it has expired: something newer may be stored', () => {
    const expired = record({ expiresAt: nowMs / 1000 });
    expect(isAcceptableStored(stored(expired), wantOf(), nowMs)).toBe(false);
    expect(isAcceptableStored(stored(expired), wantOf(), nowMs - 1)).toBe(true);
  });

  it('answers that there is no success where only failures are stored', () => {
    const failure = record({ success: false });
    expect(isAcceptableStored(stored(null, failure), wantOf({ outcome: 'SUCCESS' }), nowMs)).toBe(true);
    expect(isAcceptableStored(stored(null, record({ expiresAt: 0 })), wantOf(), nowMs)).toBe(false);
  });
});
