// Documents as Crawl4AI prints them: what is read from them, and that all of it comes back.
import { describe, expect, it } from 'vitest';
import { newResultOfCrawl4ai } from '../../src/domain/crawl4ai-input.js';
import { crawl4aiOf } from '../../src/domain/crawl4ai-output.js';
import { formatInstant } from '../../src/domain/instant.js';
import { type JsonValue, pack } from '../../src/domain/packed-text.js';
import { shapeMarks } from '../../src/domain/shape-marks.js';
import { recordOfNewResult, requiredMarkdown } from './stored-record.js';

const url = 'https://a.example/';
const nowMs = Date.UTC(2026, 4, 1, 12);
const options = { nowMs, ttlDays: 30, maxUrlBytes: 2048 };

const read = (doc: { [key: string]: JsonValue }) => newResultOfCrawl4ai({ url, success: true, ...doc }, options);
const throughStore = (doc: { [key: string]: JsonValue }) => crawl4aiOf(recordOfNewResult(read(doc)));

describe('a document', () => {
  it('gives its fields, its status codes and its unknown keys', () => {
    const result = read({
      html: '<p>',
      markdown: { raw_markdown: '# A', fit_html: '<i>', mystery: 1 },
      links: { internal: [] },
      status_code: 200,
      redirected_status_code: 301,
      session_id: 's',
      unknown: { deep: [null] },
    });
    expect(result).toMatchObject({ url, success: true, statusCode: 200, redirectedStatusCode: 301, ttlDays: 30 });
    expect(result.fields).toEqual(
      new Map<string, JsonValue>([
        ['html', '<p>'],
        ['raw_markdown', '# A'],
        ['markdown_fit_html', '<i>'],
        ['markdown_extra', { mystery: 1 }],
        ['links', { internal: [] }],
        ['session_id', 's'],
        ['extra', { unknown: { deep: [null] } }],
      ]),
    );
  });

  it.each([
    [5, 'JSON object'],
    [null, 'JSON object'],
    [[], 'JSON object'],
    [{ success: true }, 'url'],
    [{ url: 5, success: true }, 'url'],
    [{ url: '', success: true }, 'URL'],
    [{ url: 'nonsense', success: true }, 'URL'],
    [{ url: 'crawlgate-part:1', success: true }, 'crawlgate-'],
    [{ url }, 'success'],
    [{ url, success: 'true' }, 'success'],
    [{ url, success: true, created_at: '2026-05-01T12:05:00.000001Z' }, '5 minutes'],
    [{ url, success: true, cached_at: 1e13 }, '5 minutes'],
  ])('like %j is refused', (doc: JsonValue, word) => {
    const refuse = () => newResultOfCrawl4ai(doc, options);
    expect(refuse).toThrow(word);
    expect(refuse).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  });

  it.each<[{ [key: string]: JsonValue }, string]>([
    [{}, '2026-05-01T12:00:00Z'],
    [{ created_at: '2026-05-01T12:05:00Z' }, '2026-05-01T12:05:00Z'],
    [{ created_at: '2026-04-01T00:00:00.123456' }, '2026-04-01T00:00:00.123456Z'],
    [{ created_at: 'nonsense', crawled_at: '2026-04-01T02:00:00+02:00' }, '2026-04-01T00:00:00Z'],
    [{ created_at: null, cached_at: 1_775_001_600.5 }, '2026-04-01T00:00:00.500Z'],
    [{ created_at: 0, crawled_at: -1, cached_at: 0 }, '2026-05-01T12:00:00Z'],
    [{ created_at: '2026-04-01T00:00:00Z', cached_at: 1 }, '2026-04-01T00:00:00Z'],
  ])('with %j is from %s, and its times come back as they were', async (times, expected) => {
    expect(formatInstant(read(times).createdAt)).toBe(expected);
    expect(await throughStore(times)).toEqual({ url, success: true, html: '', ...times });
  });

  it('is from the moment that the caller names, whatever it says itself', () => {
    const createdAt = read({ created_at: '2026-03-01T00:00:00Z' }).createdAt;
    const doc = { url, success: true, created_at: '2026-04-01T00:00:00Z' };
    expect(newResultOfCrawl4ai(doc, { ...options, createdAt }).createdAt).toBe(createdAt);
  });

  it.each<{ [key: string]: JsonValue }>([
    { html: 5 },
    { status_code: '200' },
    { status_code: 0 },
    { status_code: 200.5 },
    { status_code: 2 ** 31 },
    { redirected_status_code: false },
    { etag: ['x'] },
    { markdown: 5 },
    { markdown: [] },
    { markdown: false },
  ])('with a value of the wrong type, %j, keeps it apart and gives it back', async (doc) => {
    const result = read(doc);
    expect(result.fields).toEqual(new Map([['extra', doc]]));
    expect(result.statusCode).toBeNull();
    expect(await throughStore(doc)).toEqual({ url, success: true, html: '', ...doc });
  });

  it.each<JsonValue>(['text', 1, false, [], {}, { internal: 5 }])('may have %j in a JSON field', async (value) => {
    expect(read({ links: value }).fields).toEqual(new Map([['links', value]]));
    expect(await throughStore({ links: value })).toEqual({ url, success: true, html: '', links: value });
  });

  it('keeps keys that only look like fields: they are not top-level keys of Crawl4AI', async () => {
    const doc = { raw_markdown: 'x', extra: { a: 1 }, markdown_extra: null, ttl: 5, version: 'v' };
    expect(read(doc).fields).toEqual(new Map([['extra', doc]]));
    expect(await throughStore(doc)).toEqual({ url, success: true, html: '', ...doc });
  });
});

describe('explicit nulls and empty texts', () => {
  it('come back', async () => {
    const doc = {
      html: null,
      cleaned_html: '',
      links: null,
      status_code: null,
      redirected_status_code: null,
      error_message: null,
      etag: null,
      markdown: { raw_markdown: null, markdown_with_citations: '', references_markdown: '', fit_markdown: null },
      unknown: null,
    };
    expect(await throughStore(doc)).toEqual({ url, success: true, ...doc });
  });
});

describe('html and markdown', () => {
  it('are completed as CrawlResult(**value) needs them', async () => {
    expect(await throughStore({})).toEqual({ url, success: true, html: '' });
    expect(await throughStore({ markdown: {} })).toEqual({ url, success: true, html: '', markdown: requiredMarkdown });
    expect(await throughStore({ markdown: { fit_markdown: 'f', x: 1 } })).toEqual({
      url,
      success: true,
      html: '',
      markdown: { ...requiredMarkdown, fit_markdown: 'f', x: 1 },
    });
  });

  it.each<JsonValue>(['# A', '', null])('that is %j comes back as that', async (markdown) => {
    expect(await throughStore({ markdown })).toEqual({ url, success: true, html: '', markdown });
  });

  it('lose a fit_html that is a printed property', async () => {
    const fit_html = '<property object at 0x7f3a2c1b9e40>';
    expect(await throughStore({ fit_html, markdown: { fit_html } })).toEqual({
      url,
      success: true,
      html: '',
      markdown: requiredMarkdown,
    });
    expect(read({ fit_html: `${fit_html} ` }).fields.get('fit_html')).toBe(`${fit_html} `);
    expect(read({ html: fit_html }).fields.get('html')).toBe(fit_html);
  });
});

describe('validators', () => {
  it('are taken from the response headers, whatever their case, and are not handed back', async () => {
    const response_headers = { ETag: '"x"', 'LAST-modified': 'Fri, 01 May 2026 00:00:00 GMT' };
    const result = read({ response_headers });
    expect(result.fields.get('etag')).toBe('"x"');
    expect(result.fields.get('last_modified')).toBe('Fri, 01 May 2026 00:00:00 GMT');
    expect(result.derivedFields).toEqual(new Set(['etag', 'last_modified']));
    expect(await throughStore({ response_headers })).toEqual({ url, success: true, html: '', response_headers });
  });

  it('stand where they were given, and a given null comes back though one was derived', async () => {
    const response_headers = { etag: '"header"' };
    const doc = { etag: '"given"', response_headers };
    expect(read(doc).fields.get('etag')).toBe('"given"');
    expect(await throughStore(doc)).toEqual({ url, success: true, html: '', ...doc });
    expect(read({ etag: null, response_headers }).fields.get('etag')).toBe('"header"');
    expect(await throughStore({ etag: null, response_headers })).toMatchObject({ etag: null });
  });

  it.each<JsonValue>([5, '', null, ['x']])('are not made of a header that is %j', (etag) => {
    expect(read({ response_headers: { etag } }).fields.has('etag')).toBe(false);
  });
});

describe('the marks of a result', () => {
  it('say what was added, what was null and what the markdown was', () => {
    expect(
      shapeMarks(
        read({ html: '', markdown: { raw_markdown: '', markdown_with_citations: '', references_markdown: '' } }),
      ),
    ).toEqual(new Set());
    expect(shapeMarks(read({ markdown: 'x', status_code: null, pdf: null }))).toEqual(
      new Set([
        'html',
        'markdown_with_citations',
        'references_markdown',
        'markdown-is-text',
        'null:status_code',
        'null:pdf',
      ]),
    );
    expect(shapeMarks(read({ response_headers: { etag: 'x' } }))).toEqual(
      new Set(['html', 'raw_markdown', 'markdown_with_citations', 'references_markdown', 'markdown', 'etag']),
    );
    expect(shapeMarks(read({ markdown: null }))).toContain('null:markdown');
    expect(shapeMarks(read({ markdown: null }))).not.toContain('markdown');
  });
});

describe('a record that others wrote', () => {
  it('shows what is stored, packed or not', async () => {
    const record = recordOfNewResult(read({ html: '<p>', markdown: { raw_markdown: 'x' }, status_code: 404 }));
    const others = {
      ...record,
      addedFields: new Set<string>(),
      fields: new Map([...record.fields, ['html', await pack('<p>')] as const]),
    };
    expect(await crawl4aiOf(others)).toEqual({
      url,
      success: true,
      html: '<p>',
      status_code: 404,
      markdown: { ...requiredMarkdown, raw_markdown: 'x' },
    });
    expect(await crawl4aiOf({ ...others, fields: new Map(), statusCode: null })).toEqual({
      url,
      success: true,
      html: '',
    });
  });
});
