// A stored result as bytes and back: nothing is lost on the way to disk.
import { describe, expect, it } from 'vitest';
import type { CrawlResult, StoredResult } from '../../src/domain/crawl-result.js';
import { newResultOfCrawl4ai } from '../../src/domain/crawl4ai-input.js';
import type { FieldName } from '../../src/domain/fields.js';
import { pack, unpack } from '../../src/domain/packed-text.js';
import { storedResultCodec } from '../../src/domain/stored-result-codec.js';
import { CrawlgateError } from '../../src/errors.js';
import { recordOfNewResult } from './stored-record.js';

function record(document: object): CrawlResult {
  const options = { nowMs: Date.UTC(2026, 0, 1), ttlDays: 30, maxUrlBytes: 2048 };
  return recordOfNewResult(newResultOfCrawl4ai({ url: 'https://a.example/', success: true, ...document }, options));
}

function throughBytes(stored: StoredResult): StoredResult {
  return storedResultCodec.decode(Buffer.concat(storedResultCodec.encode(stored)));
}

describe('a stored result', () => {
  it('comes back as it was: success, failure, both, or neither', () => {
    const success = record({ html: '<p>ä\u{1f600}</p>', links: { internal: [{ href: '/' }] }, status_code: 200 });
    const failure = record({ success: false, error_message: 'timeout', html: '' });
    for (const stored of [
      { success, failure },
      { success, failure: null },
      { success: null, failure },
      { success: null, failure: null },
    ]) {
      expect(throughBytes(stored)).toEqual(stored);
    }
  });

  it('keeps what JSON alone would lose: lone surrogates, packed texts, sets, errors of fields', async () => {
    const packed = await pack('<p>'.repeat(10_000));
    const other = await pack({ tables: ['\ud800', 1e300, null] });
    const fields = new Map(record({ html: '' }).fields).set('html', packed).set('metadata', other);
    fields.set('fit_html', 'a\ud800b');
    const error = new CrawlgateError('MALFORMED_ITEM', 'not there', { url: 'https://a.example/', attribute: 'pdf' });
    const success: CrawlResult = {
      ...record({}),
      fields,
      failed: new Map([['pdf' as FieldName, error]]),
      addedFields: new Set(['html', 'null:etag']),
    };
    const back = throughBytes({ success, failure: null }).success;
    expect(back).toEqual(success);
    const html = back?.fields.get('html');
    expect(await unpack(html as typeof packed)).toBe('<p>'.repeat(10_000));
    expect(back?.failed.get('pdf')).toBeInstanceOf(CrawlgateError);
  });

  it('is refused where bytes are missing', async () => {
    const fields = new Map(record({}).fields).set('html', await pack('x'.repeat(1_000)));
    const bytes = Buffer.concat(storedResultCodec.encode({ success: { ...record({}), fields }, failure: null }));
    expect(() => storedResultCodec.decode(bytes.subarray(0, bytes.length - 1))).toThrow(RangeError);
    expect(() => storedResultCodec.decode(bytes.subarray(0, 3))).toThrow(RangeError);
  });
});
