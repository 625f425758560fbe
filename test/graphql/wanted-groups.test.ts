// Which groups a query reads: exactly those of its fields.
import { describe, expect, it } from 'vitest';
import { type FieldGroups, type FieldName, groupOf, groups, largeFields, union } from '../../src/domain/fields.js';
import { createFixture } from './gateway-fixture.js';

const url = 'https://a.example/';

async function groupsOf(selection: string, variables?: Record<string, unknown>, rest = ''): Promise<FieldGroups> {
  const gateway = createFixture();
  const head = variables === undefined ? '' : 'query ($yes: Boolean!, $no: Boolean!)';
  const answer = await gateway.ask(`${head} { crawlResult(url: "${url}") { ${selection} } } ${rest}`, variables);
  expect(answer.errors).toBeUndefined();
  return gateway.reads[0]?.want.groups ?? groups.none;
}

const withHead = (...names: (FieldName | FieldGroups)[]): FieldGroups =>
  names.reduce<FieldGroups>((sum, one) => union(sum, typeof one === 'string' ? groupOf(one) : one), groups.head);

describe('a lookup reads', () => {
  it.each([
    ['__typename', withHead()],
    ['url domain success statusCode errorMessage createdAt cache { age } laterFailure { errorMessage }', withHead()],
    ['title', withHead(groups.title)],
    ['sizeBytes', withHead(groups.size)],
    ['truncatedFields', withHead(groups.truncated)],
    ['html cleanedHtml', withHead('html', 'cleaned_html')],
    ['markdown { rawMarkdown }', withHead('raw_markdown')],
    ['markdown { fitHtml }', withHead('markdown_fit_html')],
    ['a: markdown { rawMarkdown } b: markdown { fitMarkdown }', withHead('raw_markdown', 'fit_markdown')],
    ['tables', withHead('tables', 'media')],
    ['links { internal { href } }', withHead('links')],
    ['downloadedFiles', withHead('downloaded_files')],
    ['responseHeaders', withHead('response_headers')],
    ['versions { edges { node { html } } }', withHead()],
    ['crawl4ai', withHead(...largeFields)],
    [
      'markdown { __typename }',
      withHead('raw_markdown', 'markdown_with_citations', 'references_markdown', 'fit_markdown', 'markdown_fit_html'),
    ],
  ])('for { %s } no more than that', async (selection, expected) => {
    expect(await groupsOf(selection)).toBe(expected);
  });

  it('what fragments and inline fragments select', async () => {
    const rest = 'fragment F on CrawlResult { ...G title } fragment G on CrawlResult { markdown { fitMarkdown } }';
    expect(
      await groupsOf('... on CrawlResult { html } ... { links { internal { href } } } ...F', undefined, rest),
    ).toBe(withHead('html', 'links', groups.title, 'fit_markdown'));
  });

  it('nothing that @skip and @include leave out', async () => {
    const selection = `
      html @skip(if: true) pdf @include(if: false) mhtml @skip(if: $yes) cleanedHtml @include(if: $yes)
      ... @include(if: $no) { screenshot } ...F @skip(if: $yes) ...G`;
    const rest = `
      fragment F on CrawlResult { fitHtml } fragment G on CrawlResult { markdown { rawMarkdown @include(if: $no) fitMarkdown } }`;
    expect(await groupsOf(selection, { yes: true, no: false }, rest)).toBe(withHead('cleaned_html', 'fit_markdown'));
  });

  it('what the variables of this request say, not those of the one before', async () => {
    const gateway = createFixture();
    const query = `query ($yes: Boolean!) { crawlResult(url: "${url}") { url ...F } } fragment F on CrawlResult { html @include(if: $yes) }`;
    for (const yes of [true, false, true]) await gateway.ask(query, { yes });
    expect(gateway.reads.map(({ want }) => want.groups)).toEqual([withHead('html'), withHead(), withHead('html')]);
  });

  it('the same from a list', async () => {
    const gateway = createFixture();
    await gateway.ask(`{ crawlResults(urls: ["${url}"]) { title } }`);
    expect(gateway.reads[0]?.want.groups).toBe(withHead(groups.title));
  });
});
