// Whatever document goes in comes out: any key, any JSON, any Unicode.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { newResultOfCrawl4ai } from '../../src/domain/crawl4ai-input.js';
import { crawl4aiOf } from '../../src/domain/crawl4ai-output.js';
import type { JsonValue } from '../../src/domain/packed-text.js';
import { recordOfNewResult, requiredMarkdown } from './stored-record.js';

const url = 'https://a.example/';

// Any UTF-16, lone surrogates included; `__proto__` and our own words more often than chance would have them.
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
  fc.constantFrom('', '__proto__', 'null', '[1]', '\ud800', 'null:html'),
);
const json = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<JsonValue>(null, true, false, 0, {}, []),
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(text, tie('value')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  ),
})).value;

const known = [
  ...[
    'html',
    'cleaned_html',
    'fit_html',
    'extracted_content',
    'screenshot',
    'pdf',
    'mhtml',
    'links',
    'media',
    'tables',
  ],
  ...['metadata', 'response_headers', 'downloaded_files', 'js_execution_result', 'ssl_certificate', 'dispatch_result'],
  ...['network_requests', 'console_messages', 'crawl_stats', 'error_message', 'redirected_url', 'session_id', 'etag'],
  ...[
    'last_modified',
    'head_fingerprint',
    'status_code',
    'redirected_status_code',
    'markdown',
    'extra',
    'raw_markdown',
  ],
  ...['markdown_extra', 'title', 'ttl', 'order', 'version', 'then', 'toJSON', '__proto__', 'constructor'],
];
const inMarkdown = [
  'raw_markdown',
  'markdown_with_citations',
  'references_markdown',
  'fit_markdown',
  'fit_html',
  '__proto__',
];

const objectOf = (names: readonly string[], value: fc.Arbitrary<JsonValue>) =>
  fc
    .array(
      fc.tuple(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: text }), value),
    )
    .map((entries) => Object.fromEntries(entries));

const document = fc
  .tuple(
    objectOf(known, fc.oneof(json, text, fc.integer({ min: -1, max: 600 }))),
    fc.option(fc.oneof(objectOf(inMarkdown, fc.oneof(json, text)), json), { nil: undefined }),
    fc.boolean(),
  )
  .map(([doc, markdown, success]) =>
    Object.fromEntries([
      ...Object.entries(doc),
      ...(markdown === undefined ? [] : [['markdown', markdown] as const]),
      ['url', url] as const,
      ['success', success] as const,
    ]),
  );

/** What is expected back: the document with the required texts where they were absent. */
function completed(doc: Readonly<Record<string, JsonValue>>): JsonValue {
  const { markdown } = doc;
  const isObject = typeof markdown === 'object' && markdown !== null && !Array.isArray(markdown);
  return Object.fromEntries([
    ['html', ''],
    ...Object.entries(doc),
    ...(isObject
      ? [['markdown', Object.fromEntries([...Object.entries(requiredMarkdown), ...Object.entries(markdown)])] as const]
      : []),
  ]);
}

/** Compared as sorted JSON text: `toEqual` does not see own keys named `__proto__`. */
function canonical(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join()}}`;
}

it('every document comes back from the store as it was given', async () => {
  await fc.assert(
    fc.asyncProperty(document, async (doc) => {
      const result = newResultOfCrawl4ai(doc, { nowMs: Date.UTC(2255, 0, 1), ttlDays: 30, maxUrlBytes: 2048 });
      expect(canonical(await crawl4aiOf(recordOfNewResult(result)))).toBe(canonical(completed(doc)));
    }),
    { numRuns: 2000 },
  );
});
