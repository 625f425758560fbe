// The fields of CrawlResult: stored values in the API's shapes, and one field's fault spoiling that field alone.
import { describe, expect, it } from 'vitest';
import type { CrawlResult, FieldValue, ScalarName } from '../../src/domain/crawl-result.js';
import type { FieldName } from '../../src/domain/fields.js';
import { type JsonValue, PackedText, pack } from '../../src/domain/packed-text.js';
import { CrawlgateError } from '../../src/errors.js';
import { createFixture, instant, recordOf } from './gateway-fixture.js';

const url = 'https://a.example/page';

async function answerOf(selection: string, given: Partial<CrawlResult>) {
  const gateway = createFixture();
  gateway.store(recordOf(url, given));
  const answer = await gateway.ask(`{ crawlResult(url: "${url}") { ${selection} } }`);
  return { ...answer, result: answer.data.crawlResult };
}

const withFields = (fields: Partial<Record<FieldName, FieldValue>>): Partial<CrawlResult> => ({
  fields: new Map(Object.entries(fields) as [FieldName, FieldValue][]),
});

const malformed = (attribute: FieldName | ScalarName): Partial<CrawlResult> => ({
  failed: new Map([[attribute, new CrawlgateError('MALFORMED_ITEM', `${attribute} is a set`, { url, attribute })]]),
});

describe('a stored text', () => {
  it('is answered as it is, empty texts too, and null where none is stored', async () => {
    const { result } = await answerOf(
      'html cleanedHtml fitHtml',
      withFields({ html: 'null', cleaned_html: '', fit_html: null }),
    );
    expect(result).toEqual({ html: 'null', cleanedHtml: '', fitHtml: null });
    expect((await answerOf('html pdf', {})).result).toEqual({ html: null, pdf: null });
  });

  it('is unpacked where it is packed', async () => {
    const text = 'é\ud800"\\'.repeat(1000);
    const { result } = await answerOf(
      'html metadata',
      withFields({ html: await pack(text), metadata: await pack({ a: [1] }) }),
    );
    expect(result).toEqual({ html: text, metadata: { a: [1] } });
  });

  it('is MALFORMED_ITEM where its packed bytes are damaged', async () => {
    const { deflated, length } = await pack('text');
    const { result, errors } = await answerOf('html url', withFields({ html: new PackedText(deflated, 0, length) }));
    expect(result).toEqual({ html: null, url });
    expect(errors).toMatchObject([
      { path: ['crawlResult', 'html'], extensions: { code: 'MALFORMED_ITEM', url, attribute: 'html' } },
    ]);
  });

  it('is null where the writer put it for other readers only', async () => {
    const fields = withFields({ html: '', raw_markdown: '', markdown_with_citations: '', references_markdown: '' });
    const addedFields = new Set(['html', 'raw_markdown', 'markdown_with_citations', 'references_markdown', 'markdown']);
    const { result } = await answerOf('html markdown { rawMarkdown }', { ...fields, addedFields });
    expect(result).toEqual({ html: null, markdown: null });
  });
});

describe('small attributes', () => {
  it('come with their microseconds, and expiry as a moment', async () => {
    const { result } = await answerOf('createdAt updatedAt validatedAt expiresAt redirectedStatusCode etag sessionId', {
      createdAt: instant('2026-01-01T00:00:00.000001Z'),
      updatedAt: instant('2026-01-01T00:00:00.120Z'),
      validatedAt: null,
      expiresAt: 1_800_000_000,
      redirectedStatusCode: 301,
      ...withFields({ etag: '"x"', session_id: 's1' }),
    });
    expect(result).toEqual({
      createdAt: '2026-01-01T00:00:00.000001Z',
      updatedAt: '2026-01-01T00:00:00.120Z',
      validatedAt: null,
      expiresAt: '2027-01-15T08:00:00Z',
      redirectedStatusCode: 301,
      etag: '"x"',
      sessionId: 's1',
    });
  });

  it('are null without an error where no API value can hold them', async () => {
    const { result, errors } = await answerOf('expiresAt statusCode', { expiresAt: 1e14, statusCode: 2 ** 40 });
    expect(result).toEqual({ expiresAt: null, statusCode: null });
    expect(errors).toBeUndefined();
  });

  it('of a file have no domain', async () => {
    const gateway = createFixture();
    gateway.store(recordOf('file:///tmp/a.html'));
    const { data } = await gateway.ask('{ crawlResult(url: "file:///tmp/a.html") { domain } }');
    expect(data.crawlResult).toEqual({ domain: null });
  });
});

describe('a malformed attribute', () => {
  it.each([
    ['html', 'html'],
    ['links { internal { href } }', 'links'],
    ['metadata', 'metadata'],
    ['title', 'title'],
    ['statusCode', 'status_code'],
    ['createdAt', 'created_at'],
    ['expiresAt', 'ttl'],
    ['tables', 'media'],
    ['errorMessage', 'error_message'],
  ] as const)('spoils only { %s }', async (selection, attribute) => {
    const { result, errors } = await answerOf(`url success pdf ${selection}`, malformed(attribute));
    const name = selection.split(' ')[0] ?? '';
    expect(result).toEqual({ url, success: true, pdf: null, [name]: null });
    expect(errors).toMatchObject([
      { path: ['crawlResult', name], extensions: { code: 'MALFORMED_ITEM', url, attribute } },
    ]);
  });

  it('of markdown spoils one text of it', async () => {
    const { result, errors } = await answerOf('markdown { rawMarkdown fitMarkdown }', {
      ...withFields({ fit_markdown: 'fit' }),
      ...malformed('raw_markdown'),
    });
    expect(result).toEqual({ markdown: { rawMarkdown: null, fitMarkdown: 'fit' } });
    expect(errors).toMatchObject([{ path: ['crawlResult', 'markdown', 'rawMarkdown'] }]);
  });

  it('spoils the whole of crawl4ai, since half a document would be taken for a whole', async () => {
    const { result, errors } = await answerOf('crawl4ai', malformed('pdf'));
    expect(result).toBeNull();
    expect(errors).toMatchObject([{ path: ['crawlResult', 'crawl4ai'], extensions: { code: 'MALFORMED_ITEM' } }]);
  });

  it('without which there is no result nulls the result', async () => {
    const { result, errors } = await answerOf('sizeBytes', { sizeBytes: null });
    expect(result).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'MALFORMED_ITEM', attribute: 'size_bytes' } }]);
  });
});

describe('links', () => {
  const selection =
    'links { internal { href text title baseDomain headData intrinsicScore contextualScore totalScore } external { href } }';

  it('come with their scores as numbers, whoever wrote them as text', async () => {
    const links: JsonValue = {
      internal: [
        {
          href: '/x',
          text: 'X',
          title: '',
          base_domain: 'a.example',
          head_data: { title: 'X' },
          intrinsic_score: '5.5',
          contextual_score: 0.25,
          total_score: 'high',
        },
        'https://b.example/',
        7,
        null,
      ],
    };
    const { result, errors } = await answerOf(selection, withFields({ links }));
    expect(errors).toBeUndefined();
    expect(result.links.internal).toEqual([
      {
        href: '/x',
        text: 'X',
        title: '',
        baseDomain: 'a.example',
        headData: { title: 'X' },
        intrinsicScore: 5.5,
        contextualScore: 0.25,
        totalScore: null,
      },
      {
        href: 'https://b.example/',
        text: null,
        title: null,
        baseDomain: null,
        headData: null,
        intrinsicScore: null,
        contextualScore: null,
        totalScore: null,
      },
    ]);
    expect(result.links.external).toEqual([]);
  });

  it.each([[undefined], [null], ['junk'], [[1]]])('are null where %j is stored', async (links) => {
    const { result, errors } = await answerOf(selection, links === undefined ? {} : withFields({ links }));
    expect([result.links, errors]).toEqual([null, undefined]);
  });
});

describe('media', () => {
  it.each([
    ['480', 480],
    [480, 480],
    ['480.0', 480],
    ['100%', null],
    ['48.5', null],
    [4_000_000_000, null],
    ['', null],
    [null, null],
    [true, null],
  ])('has for a width of %j the width %j and no error', async (width, expected) => {
    const media = { images: [{ src: '/a.png', width, score: '3', group_id: '2' }] };
    const { result, errors } = await answerOf(
      'media { images { src width score groupId } videos { src } }',
      withFields({ media }),
    );
    expect(errors).toBeUndefined();
    expect(result.media).toEqual({ images: [{ src: '/a.png', width: expected, score: 3, groupId: 2 }], videos: [] });
  });

  it('gives tables where they are not stored by themselves', async () => {
    const media = { images: [], tables: [{ headers: ['a'] }] };
    expect((await answerOf('tables', withFields({ media }))).result.tables).toEqual([{ headers: ['a'] }]);
    expect((await answerOf('tables', withFields({ media, tables: [] }))).result.tables).toEqual([]);
    expect((await answerOf('tables', withFields({ media: {} }))).result.tables).toBeNull();
  });
});

describe('markdown', () => {
  it('is null where none of the texts asked for is stored, and an object where one is', async () => {
    const fields = withFields({ raw_markdown: '# A' });
    expect((await answerOf('markdown { fitMarkdown }', fields)).result.markdown).toBeNull();
    expect((await answerOf('markdown { fitMarkdown rawMarkdown }', fields)).result.markdown).toEqual({
      fitMarkdown: null,
      rawMarkdown: '# A',
    });
    expect((await answerOf('markdown { __typename }', fields)).result.markdown).toEqual({ __typename: 'Markdown' });
    expect((await answerOf('markdown { __typename }', {})).result.markdown).toBeNull();
  });
});

describe('JSON fields', () => {
  it.each([[{ a: null }], [[]], ['text'], [0], [false], [JSON.parse('{"__proto__":{"x":1},"then":2,"toJSON":3}')]])(
    'come back as they are: %j',
    async (value: JsonValue) => {
      const { result } = await answerOf('jsExecutionResult', withFields({ js_execution_result: value }));
      expect(JSON.stringify(result.jsExecutionResult)).toBe(JSON.stringify(value));
    },
  );

  it('downloadedFiles is a list of texts, whatever else lies there', async () => {
    const of = async (value: JsonValue) =>
      (await answerOf('downloadedFiles', withFields({ downloaded_files: value }))).result;
    expect(await of(['/a', 5, '/b'])).toEqual({ downloadedFiles: ['/a', '/b'] });
    expect(await of('/a')).toEqual({ downloadedFiles: null });
  });
});

describe('figures', () => {
  it('are those of the record', async () => {
    const { result } = await answerOf('sizeBytes truncatedFields', { sizeBytes: 12, truncatedFields: ['html'] });
    expect(result).toEqual({ sizeBytes: 12, truncatedFields: ['html'] });
  });
});
