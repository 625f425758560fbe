// Whatever a crawler hands in comes back: any fields, any Unicode, any JSON, on both layouts and in both dialects.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newResultOfCrawl4ai } from '../../../src/domain/crawl4ai-input.js';
import { topLevelFields } from '../../../src/domain/crawl4ai-names.js';
import { kindOf } from '../../../src/domain/fields.js';
import type { JsonValue } from '../../../src/domain/packed-text.js';
import { givenField } from '../../../src/domain/record-field.js';
import { audit, sound } from './audit.js';
import { at, type Doc, noise, rounds } from './pages.js';
import { openWorld, type World } from './world.js';

/** UTF-16 of any kind, lone surrogates too. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)), maxLength: 20 }),
  fc.constantFrom('', ' ', 'null', '[1]', '{"raw_markdown":"x"}', '"', '\\u0000', '\u0000', 'e\u0301', '\u2028', 'NaN'),
);

const longText = fc.oneof(
  { weight: 6, arbitrary: text },
  {
    weight: 1,
    arbitrary: fc
      .tuple(text, fc.constantFrom(300, 3000, 5000, 120_000, 450_000), fc.boolean())
      .map(([start, length, isNoise]) => start + (isNoise ? noise(length, start) : 'ab\u00e9 '.repeat(length / 4))),
  },
);

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.constantFrom(0, 1e-200, 1e200, 1e21, 123456789012345680000, 2 ** 53, 0.1 + 0.2),
);

const { json } = fc.letrec<{ json: JsonValue }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.constant(null), fc.boolean(), number, text),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(text, fc.constantFrom('__proto__', 'title', 'constructor', '')), tie('json'), {
      maxKeys: 4,
    }),
  ),
}));

const object = fc.dictionary(fc.oneof(text, fc.constantFrom('title', 'ETag', 'last-modified')), json, { maxKeys: 5 });

const fieldValue = (kind: 'text' | 'json'): fc.Arbitrary<JsonValue> =>
  kind === 'text'
    ? fc.oneof({ weight: 8, arbitrary: longText }, { weight: 1, arbitrary: fc.constant(null) })
    : fc.oneof({ weight: 6, arbitrary: object }, { weight: 2, arbitrary: json });

const markdown: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 1, arbitrary: fc.oneof(text, fc.constant(null)) },
  {
    weight: 5,
    arbitrary: fc.record(
      {
        raw_markdown: longText,
        markdown_with_citations: longText,
        references_markdown: text,
        fit_markdown: fieldValue('text'),
        fit_html: fieldValue('text'),
        other: json,
      },
      { requiredKeys: ['raw_markdown', 'markdown_with_citations', 'references_markdown'] },
    ),
  },
);

/** A document of Crawl4AI: `html` and, where there is a `markdown`, its three texts are always there. */
const document = fc
  .record(
    {
      ...Object.fromEntries(topLevelFields.map((name) => [name, fieldValue(kindOf(name))])),
      html: longText,
      status_code: fc.oneof(fc.constantFrom<JsonValue>(200, null, 0, -1, 'abc'), fc.integer()),
      redirected_status_code: fc.constantFrom(301, null),
      markdown,
      unknown: json,
      domain: text,
      ttl: json,
      lone: fc.constant('\ud800'),
    },
    { requiredKeys: ['html'] },
  )
  .map((doc): Record<string, JsonValue> => doc as Record<string, JsonValue>);

/** As it is after any way through JSON: -0 is 0. */
const throughJson = (value: JsonValue): JsonValue => JSON.parse(JSON.stringify(value)) as JsonValue;

async function checkStored(world: World, doc: Doc): Promise<void> {
  const which = doc.success === true ? 'success' : 'failure';
  expect(throughJson((await world.document(doc.url, which)) ?? null)).toEqual(throughJson(doc));
  const given = newResultOfCrawl4ai(doc, { nowMs: world.now, ttlDays: 30, maxUrlBytes: 2048 });
  const record = (await world.stored(doc.url))?.[which];
  if (record === null || record === undefined) throw new Error('not stored');
  for (const [name, value] of given.fields) {
    expect([name, throughJson(await givenField(record, name))]).toEqual([name, throughJson(value)]);
  }
  const metadata = given.fields.get('metadata');
  const title = typeof metadata === 'object' && metadata !== null && Object.hasOwn(metadata, 'title');
  const titled = title ? (metadata as Readonly<Record<string, JsonValue>>).title : null;
  expect(record.title).toBe(typeof titled === 'string' && titled !== '' && !Array.isArray(metadata) ? titled : null);
  expect(record.statusCode).toBe(given.statusCode);
}

describe.each([
  { layout: 'document', dialect: 'maps' },
  { layout: 'document', dialect: 'json' },
  { layout: 'versioned', dialect: 'maps' },
] as const)('on the $layout layout in the $dialect dialect', ({ layout, dialect }) => {
  it('what went in comes out, beside a failure and after a restart too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'crawlgate-property-'));
    const kept: Doc[] = [];
    try {
      {
        await using world = await openWorld({ layout, dialect, folder });
        let count = 0;
        await fc.assert(
          fc.asyncProperty(document, fc.boolean(), fc.boolean(), async (generated, isSuccess, hasSuccess) => {
            count += 1;
            const url = `https://property.example/${count}`;
            const doc: Doc = { ...generated, url, success: isSuccess, created_at: at(10) };
            if (!isSuccess && hasSuccess) await world.put({ url, success: true, html: 'older', created_at: at(1) });
            expect(await world.put(doc)).toMatchObject([{ kind: 'done' }]);
            await checkStored(world, doc);
            if (kept.length < 10) kept.push(doc);
          }),
          { numRuns: rounds(25) },
        );
        expect(world.errors).toEqual([]);
        expect(await audit(world)).toEqual(sound);
      }
      await using world = await openWorld({ layout, dialect, folder });
      for (const doc of kept) await checkStored(world, doc);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
