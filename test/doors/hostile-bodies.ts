// Bodies that no client of good will sends: each is to be turned away before a field is resolved or a key is read.

/** A body, and the codes that may answer it; null where any refusal will do. */
export interface HostileBody {
  readonly name: string;
  readonly body: string;
  readonly code: string | null;
}

const url = 'https://a.example/';
const one = `crawlResult(url: "${url}")`;
const json = (value: object): string => JSON.stringify(value);

function query(name: string, code: string | null, text: string, variables?: object): HostileBody {
  return { name, code, body: json({ query: text, variables }) };
}

function sizes(...counts: readonly number[]): readonly number[] {
  return counts;
}

function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `n${index}`);
}

/** Fragments in a circle of `length`. */
function circle(length: number): string {
  const fragments = names(length).map(
    (name, index) => `fragment ${name} on CrawlResult { url ...n${(index + 1) % length} }`,
  );
  return `{ ${one} { ...n0 } } ${fragments.join(' ')}`;
}

/** Fragments of which each spreads the next `width` times, through a field of its own each time. */
function laughs(levels: number, width: number): string {
  const versions = (inside: string): string => `versions { edges { node { ${inside} } } }`;
  const fragments = names(levels).map((name, index) => {
    const next = index + 1 === levels ? 'html' : `...n${index + 1}`;
    return `fragment ${name} on CrawlResult { ${names(width)
      .map((alias) => `${alias}: ${versions(next)}`)
      .join(' ')} }`;
  });
  return `{ ${one} { ...n0 } } ${fragments.join(' ')}`;
}

function nested(levels: number, open = '[', close = ']'): string {
  return open.repeat(levels) + close.repeat(levels);
}

function introspection(levels: number): string {
  return `{ __schema { types { ${'fields { type { '.repeat(levels)} name ${'} } '.repeat(levels)} } } }`;
}

function listOfUrls(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${url}${index}`);
}

const writeJson = 'mutation ($r: [JSON!]!) { cacheCrawl4aiResults(results: $r) { stored } }';
const writeMetadata = `mutation ($m: JSON) {
  cacheCrawlResults(results: [{ url: "${url}", success: true, metadata: $m }]) { stored } }`;

/** Some of each kind that is known. */
export const hostileBodies: readonly HostileBody[] = [
  ...sizes(4001, 10_000, 100_000).map((count) =>
    query(`${count} tokens`, 'TOO_MANY_TOKENS', `{ ${'__typename '.repeat(count)} }`),
  ),
  query('tokens in a list of URLs', 'TOO_MANY_TOKENS', `{ crawlResults(urls: [${'"u" '.repeat(5000)}]) { url } }`),
  query('brackets only', null, '{'.repeat(3000)),
  query('a list in a list in a list', null, `{ crawlResults(urls: ${nested(1500)}) { url } }`),
  query('an object in an object', null, `{ crawlFeed(filter: ${nested(900, '{ a: ', ' }')}) { edges { cursor } } }`),
  ...sizes(1001, 1900, 3900).map((count) =>
    query(`the same field ${count} times`, 'TOO_MANY_FIELDS', `{ ${'__typename '.repeat(count)} }`),
  ),
  ...sizes(101, 500, 1200).map((count) =>
    query(
      `${count} aliases of nothing`,
      'TOO_MANY_ALIASES',
      `{ ${names(count)
        .map((name) => `${name}: __typename`)
        .join(' ')} }`,
    ),
  ),
  ...sizes(101, 200, 290).map((count) =>
    query(
      `${count} lookups by aliases`,
      'TOO_MANY_ALIASES',
      `{ ${names(count)
        .map((name) => `${name}: ${one} { url }`)
        .join(' ')} }`,
    ),
  ),
  query(
    'aliases through a fragment',
    'TOO_MANY_ALIASES',
    `{ ${names(20)
      .map((name) => `${name}: ${one} { ...F }`)
      .join(' ')} }
    fragment F on CrawlResult { ${names(10)
      .map((name) => `${name}: url`)
      .join(' ')} }`,
  ),
  ...sizes(51, 200, 500).map((count) =>
    query(`${count} directives`, 'TOO_MANY_DIRECTIVES', `{ __typename ${'@include(if: true) '.repeat(count)} }`),
  ),
  ...sizes(51, 1500).map((count) =>
    query(`${count} directives that are none`, 'TOO_MANY_DIRECTIVES', `{ __typename ${'@a '.repeat(count)} }`),
  ),
  query(
    'directives through fragments',
    'TOO_MANY_DIRECTIVES',
    `{ ${names(30)
      .map((name) => `${name}: ${one} { ...F }`)
      .join(' ')} }
    fragment F on CrawlResult { url @skip(if: false) title @skip(if: false) }`,
  ),
  query('directives on variables', 'TOO_MANY_DIRECTIVES', `query ($a: Int ${'@a '.repeat(60)}) { __typename }`),
  ...sizes(1, 2, 3, 10, 100).map((length) =>
    query(`a circle of ${length} fragments`, 'GRAPHQL_VALIDATION_FAILED', circle(length)),
  ),
  ...sizes(5, 10, 40).map((levels) => query(`fragments that double ${levels} times`, null, laughs(levels, 2))),
  query('fragments that multiply by ten', null, laughs(8, 10)),
  query(
    'fragments as Fibonacci had them',
    null,
    `{ ${one} { ...n0 } } ${names(250)
      .map(
        (name, index) =>
          `fragment ${name} on CrawlResult { html ...n${Math.min(index + 1, 249)} ...n${Math.min(index + 2, 249)} }`,
      )
      .join(' ')}`,
  ),
  ...sizes(21, 100, 400).map((levels) =>
    query(
      `${levels} levels`,
      'TOO_DEEP',
      `{ ${one} ${'{ versions { edges { node '.repeat(levels)} { url } ${'} } } '.repeat(levels)} }`,
    ),
  ),
  ...sizes(3, 4, 5).map((levels) => query(`introspection ${levels} levels deep`, null, introspection(levels))),
  query('introspection ten levels deep', 'TOO_DEEP', introspection(10)),
  query(
    'introspection of interfaces',
    'GRAPHQL_VALIDATION_FAILED',
    '{ __schema { types { interfaces { interfaces { interfaces { interfaces { name } } } } } } }',
  ),
  ...sizes(1001, 5000, 20_000).map((count) =>
    query(`${count} URLs in a list`, 'TOO_MANY_URLS', 'query ($u: [String!]!) { crawlResults(urls: $u) { url } }', {
      u: listOfUrls(count),
    }),
  ),
  ...sizes(2, 10, 50).map((count) =>
    query(
      `${count} lists of 501 URLs`,
      'TOO_MANY_URLS',
      `query ($u: [String!]!) { ${names(count)
        .map((name) => `${name}: crawlResults(urls: $u) { url }`)
        .join(' ')} }`,
      { u: listOfUrls(501) },
    ),
  ),
  query(
    'lists of URLs through a fragment',
    'TOO_MANY_URLS',
    'query ($u: [String!]!) { ...F ...G } fragment F on Query { a: crawlResults(urls: $u) { url } } fragment G on Query { b: crawlResults(urls: $u) { url } }',
    { u: listOfUrls(501) },
  ),
  query(
    'URLs as a default',
    'TOO_MANY_URLS',
    `query ($u: [String!]! = [${'"u" '.repeat(1001)}]) { crawlResults(urls: $u) { url } }`,
  ),
  query(
    'URLs behind a directive',
    'TOO_MANY_URLS',
    'query ($u: [String!]!, $yes: Boolean!) { crawlResults(urls: $u) @include(if: $yes) { url } }',
    {
      u: listOfUrls(1001),
      yes: true,
    },
  ),
  query(
    '1001 removals',
    'TOO_MANY_URLS',
    'mutation ($u: [String!]!) { invalidateCrawlResults(urls: $u) { removed } }',
    { u: listOfUrls(1001) },
  ),
  query('1001 results', 'TOO_MANY_URLS', writeJson, { r: Array(1001).fill({}) }),
  query(
    'removals by aliases',
    'TOO_MANY_URLS',
    `mutation ($u: [String!]!) { ${names(30)
      .map((name) => `${name}: invalidateCrawlResults(urls: $u) { removed }`)
      .join(' ')} }`,
    {
      u: listOfUrls(100),
    },
  ),
  query(
    'everything of a thousand pages and of a version of each',
    'TOO_COSTLY',
    'query ($u: [String!]!) { crawlResults(urls: $u) { crawl4ai versions(first: 1) { edges { node { crawl4ai } } } } }',
    { u: listOfUrls(1000) },
  ),
  query(
    'versions of a page of the feed',
    'TOO_COSTLY',
    '{ crawlFeed(first: 100) { edges { node { versions(first: 100) { edges { node { html } } } } } } }',
  ),
  query(
    'versions of versions',
    'TOO_COSTLY',
    `{ ${one} { versions(first: 100) { edges { node { versions(first: 100) { edges { node { versions(first: 100) { edges { node { url } } } } } } } } } } }`,
  ),
  query(
    'pages by variables',
    'TOO_COSTLY',
    'query ($n: Int) { crawlFeed(first: $n) { edges { node { versions(first: $n) { edges { node { html pdf } } } } } } }',
    { n: 100 },
  ),
  query(
    'feeds by aliases',
    'TOO_COSTLY',
    `{ ${names(90)
      .map((name) => `${name}: crawlFeed(first: 100) { edges { node { html pdf mhtml screenshot } } }`)
      .join(' ')} }`,
  ),
  ...sizes(102, 1000, 20_000).flatMap((levels) => [
    {
      name: `a result nested ${levels} levels`,
      code: 'TOO_DEEP',
      body: `{"query":${JSON.stringify(writeJson)},"variables":{"r":${nested(levels)}}}`,
    },
    {
      name: `metadata nested ${levels} levels`,
      code: 'TOO_DEEP',
      body: `{"query":${JSON.stringify(writeMetadata)},"variables":{"m":${nested(levels, '{"a":', '}').replace(/(?<=:)(?=})/, '1')}}}`,
    },
  ]),
  {
    name: 'a URL that is a tower',
    code: null,
    body: `{"query":"query ($u: String!) { crawlResult(url: $u) { url } }","variables":{"u":${nested(50_000)}}}`,
  },
  { name: 'nothing but a tower', code: 'BAD_REQUEST', body: nested(100_000) },
  { name: 'a tower left open', code: 'BAD_REQUEST', body: '['.repeat(100_000) },
  { name: 'a tower of objects left open', code: 'BAD_REQUEST', body: '{"a":'.repeat(50_000) },
  ...sizes(0, 1, 2, 10, 1000).map((count) => ({
    name: `a batch of ${count}`,
    code: 'BAD_REQUEST',
    body: json(Array(count).fill({ query: `{ ${one} { url } }` })),
  })),
  ...[
    '',
    ' ',
    'null',
    'true',
    '7',
    '"{ __typename }"',
    '{',
    '{}',
    '{"query":}',
    '[null]',
    'query={__typename}',
    '\u0000',
    '\ufeff',
  ].map((body) => ({ name: `the body ${JSON.stringify(body)}`, code: null, body })),
  ...[
    null,
    7,
    true,
    [],
    {},
    ['{ __typename }'],
    '',
    ' ',
    '#',
    '{',
    '}',
    '{}',
    '{ }',
    '{ a',
    '{ a }}',
    'null',
    '\u0000',
    '\ud800',
    '"',
    '"""',
    '{ __typename(',
  ].map((text) => ({ name: `the query ${JSON.stringify(text)}`, code: null, body: json({ query: text }) })),
  ...['x', 7, [], true].map((variables) => ({
    name: `the variables ${JSON.stringify(variables)}`,
    code: null,
    body: json({ query: `query ($u: String!) { crawlResult(url: $u) { url } }`, variables }),
  })),
  ...[
    { u: 7 },
    { u: null },
    { u: [] },
    { u: {} },
    { U: url },
    { __proto__: { u: url } },
    JSON.parse('{"__proto__":{"u":"x"}}'),
    { constructor: 1 },
  ].map((variables, index) =>
    query(`wrong variables ${index}`, null, 'query ($u: String!) { crawlResult(url: $u) { url } }', variables),
  ),
  ...['7', 'null', '[]', '{}', '"a" b: 1', '$u', '"a", url: "b"', 'A'].map((given) =>
    query(`the argument ${given}`, null, `{ crawlResult(url: ${given}) { url } }`),
  ),
  ...[
    'subscription { a }',
    'type Query { a: Int }',
    'extend type Query { a: Int }',
    'schema { query: Query }',
    'directive @a on FIELD',
    'fragment F on Query { __typename }',
  ].map((text) => query(`the document ${text}`, null, text)),
  ...[
    '{ __typename @defer }',
    '{ ... @defer { __typename } }',
    '{ crawlResults(urls: ["a"]) @stream { url } }',
    '{ __type(name: 7) { name } }',
    '{ __proto__ }',
    '{ constructor }',
    '{ crawlResult { toString } }',
    '{ _service { sdl } }',
    '{ _entities(representations: []) { a } }',
  ].map((text) => query(`the field ${text}`, null, text)),
  {
    name: 'two operations and no name',
    code: null,
    body: json({ query: 'query A { __typename } query B { __typename }' }),
  },
  { name: 'a name of no operation', code: null, body: json({ query: 'query A { __typename }', operationName: 'B' }) },
  { name: 'a name that is a list', code: null, body: json({ query: '{ __typename }', operationName: ['A'] }) },
  { name: 'a parameter that is none', code: 'BAD_REQUEST', body: json({ query: '{ __typename }', admin: true }) },
  {
    name: 'a persisted document where there are none',
    code: null,
    body: json({ extensions: { persistedQuery: { version: 1, sha256Hash: 'ab' } } }),
  },
];
