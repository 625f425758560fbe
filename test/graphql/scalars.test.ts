// The scalars as clients use them.
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../src/domain/packed-text.js';
import { createFixture, createRecordingWriters, instant } from './gateway-fixture.js';

describe('DateTime', () => {
  const inVariable = 'query ($at: DateTime) { crawlFeed(filter: { createdAfter: $at }) { edges { cursor } } }';

  it.each([
    ['2026-05-01T12:00:00Z', '2026-05-01T12:00:00Z'],
    ['2026-05-01T14:00:00.123456+02:00', '2026-05-01T12:00:00.123456Z'],
    ['2026-05-01t12:00:00.1z', '2026-05-01T12:00:00.100Z'],
    ['1685-01-01T00:00:00Z', '1685-01-01T00:00:00Z'],
    ['2254-12-31T23:59:59.999999Z', '2254-12-31T23:59:59.999999Z'],
  ])('takes %s, as a variable and in the query', async (text, same) => {
    const gateway = createFixture();
    expect((await gateway.ask(inVariable, { at: text })).errors).toBeUndefined();
    expect(
      (await gateway.ask(`{ crawlFeed(filter: { createdAfter: "${text}" }) { edges { cursor } } }`)).errors,
    ).toBeUndefined();
    expect(gateway.feedReads.map(({ filter }) => filter.createdAfter)).toEqual([instant(same), instant(same)]);
  });

  it.each([
    '2026-05-01',
    '2026-05-01T12:00:00',
    '2026-02-30T00:00:00Z',
    '2026-05-01 12:00:00Z',
    'now',
    '',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    5,
    true,
    {},
  ])('refuses %j with a sentence that says what it takes', async (at) => {
    const gateway = createFixture();
    const byVariable = await gateway.ask(inVariable, { at });
    expect(byVariable).toMatchObject({ status: 400, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    expect(byVariable.errors?.[0]?.message).toMatch(/RFC 3339 .* of the years 1685 to 2254/);
    const literal = typeof at === 'object' ? '{}' : JSON.stringify(at);
    const inQuery = await gateway.ask(`{ crawlFeed(filter: { createdAfter: ${literal} }) { edges { cursor } } }`);
    expect(inQuery).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' }, locations: [{ line: 1, column: 37 }] }],
    });
    expect(gateway.feedReads).toEqual([]);
  });
});

describe('JSON', () => {
  async function given(query: string, variables?: Record<string, unknown>): Promise<JsonValue | undefined> {
    const { calls, writers } = createRecordingWriters();
    const answer = await createFixture({ writers }).ask(query, variables);
    expect(answer.errors).toBeUndefined();
    return calls.put[0]?.inputs[0]?.fields.get('metadata') as JsonValue | undefined;
  }

  it.each(['text', '', '\ud800', 0, -1.5e300, true, null, [], {}, [null, [{}]], { '': { a: [] } }])(
    'takes %j as a variable',
    async (value) => {
      const query = `mutation ($value: JSON) { cacheCrawlResults(results: [{ url: "https://a.example/", success: true, metadata: $value }]) { stored } }`;
      expect(await given(query, { value })).toEqual(value);
    },
  );

  it.each([
    ['"text"', 'text'],
    ['{ a: [1, 2.5, null, true, "x", { b: {} }] }', { a: [1, 2.5, null, true, 'x', { b: {} }] }],
  ])('takes %s in the query', async (literal, value) => {
    const query = `mutation { cacheCrawlResults(results: [{ url: "https://a.example/", success: true, metadata: ${literal} }]) { stored } }`;
    expect(JSON.stringify(await given(query))).toBe(JSON.stringify(value));
  });

  it('takes variables within the query: one that was not given is left out of an object, and null in a list', async () => {
    const query = `mutation ($given: JSON, $gone: JSON) { cacheCrawlResults(results: [{ url: "https://a.example/", success: true, metadata: { a: $given, b: $gone, c: [$gone, { d: $gone, __proto__: $given }], e: null } }]) { stored } }`;
    const value = await given(query, { given: { x: [1] } });
    expect(JSON.stringify(value)).toBe('{"a":{"x":[1]},"c":[null,{"__proto__":{"x":[1]}}],"e":null}');
    expect(Object.keys(value as object)).toEqual(['a', 'c', 'e']);
  });

  it('keeps a key named __proto__ a key', async () => {
    const results = JSON.parse(
      '[{"url":"https://a.example/","success":true,"metadata":{"__proto__":{"polluted":1}},"__proto__":{"success":false}}]',
    );
    const { calls, writers } = createRecordingWriters();
    await createFixture({ writers }).ask(
      'mutation ($results: [JSON!]!) { cacheCrawl4aiResults(results: $results) { stored } }',
      {
        results,
      },
    );
    const input = calls.put[0]?.inputs[0];
    expect(JSON.stringify(input?.fields.get('metadata'))).toBe('{"__proto__":{"polluted":1}}');
    expect(JSON.stringify(input?.fields.get('extra'))).toBe('{"__proto__":{"success":false}}');
    expect(input?.success).toBe(true);
    expect('polluted' in {}).toBe(false);
  });
});
