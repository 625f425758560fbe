// Lookups answered from parts made once: the same text as graphql-js's answer, the same counts, and never an old part.
import { type ExecutionResult, execute, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { type CrawlResult, isWithinAge, type StoredResult, selectRecord } from '../../src/domain/crawl-result.js';
import { pack } from '../../src/domain/packed-text.js';
import type { ReadOutcome, Recall } from '../../src/domain/read-many.js';
import { type ResultKey, versionKey } from '../../src/domain/result-key.js';
import { toUrlKey } from '../../src/domain/url-key.js';
import { CrawlgateError } from '../../src/errors.js';
import { createContextFactory } from '../../src/graphql/context.js';
import { createOperationEngine } from '../../src/graphql/operation-engine.js';
import { PreparedData } from '../../src/graphql/prepared-data.js';
import { createPreparedParts } from '../../src/graphql/prepared-parts.js';
import { createGatewaySchema } from '../../src/graphql/schema.js';
import { createFixture, found, nowMs, recordOf } from './gateway-fixture.js';
import { createRandom } from './random-operations.js';

// More by command: FUZZ_LOOKUPS=100000 FUZZ_SEED=2 npx vitest run test/graphql/prepared-lookups.test.ts
const operations = Number(process.env.FUZZ_LOOKUPS ?? 400);
const seed = Number(process.env.FUZZ_SEED ?? 1);
const schema = createGatewaySchema();
const splice = () => {
  throw new Error('nothing here is spliced');
};

/** An engine over a memory that holds what it is given; nothing is ever read. */
function createWorld({ msPerLook = 0 } = {}) {
  const memory = new Map<ResultKey, ReadOutcome<StoredResult>>();
  const counts = { found: 0, absent: 0 };
  let now = nowMs;
  const recallResults: Recall<ResultKey, StoredResult> = {
    answer(key, { outcome, maxAge }, atMs) {
      const known = memory.get(key);
      if (known?.kind !== 'found' || maxAge === null) return known;
      const record = selectRecord(known.value, outcome, atMs);
      return record === null || isWithinAge(record, maxAge, atMs) ? known : undefined;
    },
    used(found, absent) {
      counts.found += found;
      counts.absent += absent;
    },
  };
  const fixture = createFixture({
    recallResults,
    now: () => {
      now += msPerLook;
      return now;
    },
  });
  const createContext = createContextFactory(fixture);
  const engine = createOperationEngine({ runsBefore: 0 });
  return {
    memory,
    fixture,
    keep: (record: CrawlResult) => memory.set(record.url as never, found({ success: record, failure: null })),
    wait: (ms: number) => {
      now += ms;
    },
    /** Runs an operation on the engine as the lane does, or on graphql-js; the result and what it counted. */
    async run(runner: typeof engine | typeof execute, document: ReturnType<typeof parse>, variableValues: object) {
      const before = { ...counts };
      const contextValue = createContext({ splice });
      const result = (await runner({
        schema,
        document,
        contextValue,
        variableValues: { ...variableValues },
      })) as ExecutionResult;
      contextValue.release();
      const counted = [counts.found - before.found, counts.absent - before.absent];
      return { isPrepared: result.data instanceof PreparedData, text: JSON.stringify(result), counted };
    },
    engine,
  };
}

const small = ['url', 'domain', 'title', 'success', 'statusCode', 'createdAt', 'expiresAt', 'errorMessage', 'etag'];
const others = ['cache { source }', 'laterFailure { statusCode }', 'html', 'metadata'];

describe('lookups from prepared parts', () => {
  it(`answer ${operations} random operations as graphql-js does, to the byte`, {
    timeout: 60_000 + operations * 20,
  }, async () => {
    const world = createWorld();
    const random = createRandom(seed);
    const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
    const urls = Array.from({ length: 12 }, (_, index) => `https://${index}.example/`);
    for (const [index, url] of urls.entries()) {
      const record = recordOf(url, {
        title: pick([null, 'a', '"€"\u2028\\', '😀'.repeat(20), 'x'.repeat(3_000)]),
        expiresAt: pick([null, nowMs / 1000 + 60]),
        success: index % 4 !== 3,
        fields: new Map([
          ['error_message', index === 5 ? await pack('e'.repeat(500)) : pick(['', 'broken', null])],
          ['html', '<p>'],
        ]),
        failed: new Map(
          index === 7 ? [['title', new CrawlgateError('MALFORMED_ITEM', 'title', { url, attribute: 'title' })]] : [],
        ),
      });
      if (index % 5 === 4) world.memory.set(url as never, { kind: 'absent' });
      else if (index % 4 === 3) world.memory.set(url as never, found({ success: recordOf(url), failure: record }));
      else world.keep(record);
    }
    let prepared = 0;
    for (let index = 0; index < operations; index += 1) {
      const variables: Record<string, unknown> = { age: pick([null, 0, 1e9]), outcome: pick(['ANY', 'SUCCESS']) };
      const roots = Array.from({ length: pick([1, 1, 2, 3]) }, (_, root) => {
        const isList = random() < 0.5;
        const asked = () => (random() < 0.02 ? pick(['nonsense', '\ud800', '', '\u0000health']) : pick(urls));
        variables[`u${root}`] = isList ? Array.from({ length: pick([0, 1, 2, 7, 9]) }, asked) : asked();
        const fields = Array.from({ length: 4 }, () => pick(random() < 0.03 ? others : small));
        const more = random() < 0.2 ? pick([', maxAge: $age', ', outcome: $outcome', ', onlyIfCached: true']) : '';
        const body = pick([fields.join(' '), `...F ${fields[0]}`, `x: ${fields[0]} ... on CrawlResult { __typename }`]);
        const argument = isList ? `urls: $u${root}` : `url: $u${root}`;
        return `${pick(['', `a${root}: `])}crawlResult${isList ? 's' : ''}(${argument}${more}) { ${body} }`;
      });
      const declared = roots.map((root, place) => `$u${place}: ${root.includes('urls:') ? '[String!]!' : 'String!'}`);
      const query = `query (${declared.join(' ')} $age: Int, $outcome: Outcome! = ANY) { ${roots.join(' ')} }
        fragment F on CrawlResult { ${pick(small)} title }`;
      const document = parse(query);
      const unused = ['VariablesAreUnused', 'unused', 'never used'];
      if (validate(schema, document).some(({ message }) => !unused.some((word) => message.includes(word)))) continue;
      const expected = await world.run(execute, document, variables);
      for (let times = 0; times < 3; times += 1) {
        const given = await world.run(world.engine, document, variables);
        expect(given.text, `seed ${seed}, operation ${index}: ${query} ${JSON.stringify(variables)}`).toBe(
          expected.text,
        );
        if (given.isPrepared) expect(given.counted).toEqual(expected.counted);
        if (given.isPrepared) prepared += 1;
      }
    }
    expect(prepared).toBeGreaterThan(operations / 4);
  });

  const one = parse('query ($u: String!) { crawlResult(url: $u) { url title } }');
  const url = 'https://a.example/';

  it('follow the record: a new one, an expired one, one that memory lost', async () => {
    const { keep, run, engine, memory, wait, fixture } = createWorld();
    const titles = async () => {
      const { isPrepared, text } = await run(engine, one, { u: url });
      return [isPrepared, JSON.parse(text).data.crawlResult?.title ?? null];
    };
    keep(recordOf(url, { title: 'a', expiresAt: nowMs / 1000 + 10 }));
    expect([await titles(), await titles()]).toEqual([
      [false, 'a'],
      [true, 'a'],
    ]);
    keep(recordOf(url, { title: 'b', expiresAt: nowMs / 1000 + 10 }));
    expect([await titles(), await titles()]).toEqual([
      [false, 'b'],
      [true, 'b'],
    ]);
    wait(10_000);
    expect(await titles()).toEqual([true, null]);
    memory.clear();
    expect(fixture.reads).toEqual([]);
    expect(await titles()).toEqual([false, null]);
    expect(fixture.reads).toHaveLength(1);
  });

  it('are learnt however long the first answer took, but not of a record that expired meanwhile', async () => {
    const { keep, run, engine } = createWorld({ msPerLook: 100 });
    keep(recordOf(url, { title: 'a', expiresAt: nowMs / 1000 + 60 }));
    const runs = [await run(engine, one, { u: url }), await run(engine, one, { u: url })];
    expect(runs.map(({ isPrepared }) => isPrepared)).toEqual([false, true]);
    const late = createWorld({ msPerLook: 100 });
    // It is there at the third look, which chooses it, and gone at the fourth, which would learn it.
    late.keep(recordOf(url, { title: 'a', expiresAt: nowMs / 1000 + 0.35 }));
    expect(JSON.parse((await late.run(late.engine, one, { u: url })).text).data.crawlResult.title).toBe('a');
    expect(JSON.parse((await late.run(late.engine, one, { u: url })).text).data.crawlResult).toBeNull();
  });

  it('never answer a key that is no URL, although memory holds it', async () => {
    const { memory, run, engine } = createWorld();
    const record = recordOf(url);
    const version = versionKey(toUrlKey(url), 'v1');
    for (const key of [url, version]) memory.set(key as never, found({ success: record, failure: null }));
    await run(engine, one, { u: url });
    expect((await run(engine, one, { u: url })).isPrepared).toBe(true);
    const { isPrepared, text } = await run(engine, one, { u: version });
    expect([isPrepared, text.includes('not an absolute URL')]).toEqual([false, true]);
  });
});

describe('variables that are not coerced', () => {
  const url = 'https://a.example/';
  const long = `https://${'a'.repeat(3_000)}/`;
  const odd: readonly unknown[] = [
    ...[url, 'https://gone.example/', '', 'nonsense', '\ud800', `${url}\udc00`, long, null, undefined, 5, true, 0.1],
    ...[
      {},
      { length: 1, 0: url },
      [],
      [url],
      [url, url],
      [url, null],
      [[url]],
      [5],
      ['\ud800', url],
      Object.create(null),
    ],
    Array.from({ length: 1_001 }, (_, index) => `https://${index}.example/`),
  ];

  it.each([
    ['query ($u: String!) { crawlResult(url: $u) { url title } }', ['u']],
    ['query ($u: [String!]!) { crawlResults(urls: $u) { url title } }', ['u']],
    ['query ($u: String!, $v: String!) { crawlResults(urls: [$u, $v]) { url } }', ['u', 'v']],
    [
      'query ($u: String!, $v: [String!]!) { a: crawlResult(url: $u) { url } b: crawlResults(urls: $v) { url } }',
      ['u', 'v'],
    ],
    ['query ($u: String!) { crawlResult(url: $u, onlyIfCached: false, maxAge: 5) { url } }', ['u']],
    ['query ($toString: String!) { crawlResult(url: $toString) { url } }', ['toString']],
    ['query ($constructor: [String!]!) { crawlResults(urls: $constructor) { url } }', ['constructor']],
    ['query ($valueOf: String!) { crawlResults(urls: [$valueOf]) { url } }', ['valueOf']],
    ['query ($u: String) { a: crawlResults(urls: ["https://a.example/"]) { url } }', ['u']],
  ])('are answered and refused as graphql-js does where memory knows nothing: %s', async (query, names) => {
    const { run, engine, fixture } = createWorld();
    fixture.store(recordOf(url, { title: 'a' }));
    const document = parse(query);
    for (const first of odd) {
      for (const second of names.length === 1 ? [url] : odd.slice(0, 9)) {
        const variables: Record<string, unknown> = { extra: [first], constructor: 'extra' };
        for (const [place, value] of [first, second].entries()) {
          const name = names[place];
          if (name !== undefined && value !== undefined) variables[name] = value;
          else if (name === 'constructor') Reflect.deleteProperty(variables, name);
        }
        const before = structuredClone(variables);
        const [given, expected] = [await run(engine, document, variables), await run(execute, document, variables)];
        expect(given.text).toBe(expected.text);
        expect(structuredClone(variables)).toEqual(before);
      }
    }
    expect(fixture.reads.length).toBeGreaterThan(0);
  });
});

describe('prepared parts', () => {
  it('are kept for two selections of a record', () => {
    const parts = createPreparedParts(10_000);
    const record = recordOf('https://a.example/');
    const [first, second, third] = [{}, {}, {}];
    for (const selection of [first, second, third]) parts.keep(record, selection, '{}');
    const { selection, otherSelection } = parts.of(record) ?? {};
    expect([selection === third, otherSelection === second]).toEqual([true, true]);
  });

  it('take no more than their bytes, those that are asked for staying longest', () => {
    const parts = createPreparedParts(20_000);
    const records = Array.from({ length: 1_000 }, (_, index) => recordOf(`https://${index}.example/`));
    const [first] = records;
    for (const record of records) {
      parts.keep(record, parts, '{"title":"x"}');
      if (first !== undefined) parts.of(first);
    }
    const kept = records.filter((record) => parts.of(record) !== undefined);
    expect(kept[0]).toBe(first);
    expect(kept.length * 200).toBeLessThan(20_000);
  });
});
