// The made-up web: that it is there, that it hangs together, and that the example queries fit the API and the samples.
import { existsSync, readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { exampleQueries } from '../../src/samples/example-queries.js';
import type { SampleResult } from '../../src/samples/sample-result.js';
import { sampleResults } from '../../src/samples/sample-results.js';
import { sampleSessions } from '../../src/samples/sample-sessions.js';

const DAY_MS = 86_400_000;
const now = new Date('2026-11-23T08:15:00.000Z');
const results = sampleResults(now);
const successes = results.filter(({ success }) => success);
const failures = results.filter(({ success }) => !success);

describe('the sample results', () => {
  it('are a few dozen, under several hosts, each URL once but one', () => {
    const urls = results.map(({ url }) => url);
    expect(urls.length).toBeGreaterThanOrEqual(40);
    expect(urls.length).toBeLessThanOrEqual(60);
    const hosts = new Set(urls.map((url) => new URL(url).host));
    for (const host of ['www', 'journal', 'shop']) expect(hosts).toContain(`${host}.tidewater-museum.example`);
    expect(hosts).toContain('docs.lampwright.example');
    const twice = urls.filter((url, index) => urls.indexOf(url) !== index);
    expect(twice).toEqual(['https://www.tidewater-museum.example/visit/tide-times']);
  });

  it('live on names that nobody can register', () => {
    for (const { url } of results) expect(url).toMatch(/^(https?:\/\/([\w-]+\.)+example\/|file:\/\/\/)/);
  });

  it('are the same for the same time, and oldest first over about twenty days', () => {
    expect(sampleResults(now)).toEqual(results);
    const times = results.map(({ created_at }) => created_at);
    expect(times).toEqual([...times].sort());
    for (const time of times) {
      expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/);
      expect(Date.parse(time)).toBeLessThan(now.getTime());
    }
    const oldest = now.getTime() - Date.parse(times[0] ?? '');
    expect(oldest).toBeGreaterThan(18 * DAY_MS);
    expect(oldest).toBeLessThan(22 * DAY_MS);
    expect(new Set(times).size).toBe(times.length);
  });

  it('are plain JSON with every key of a Crawl4AI result', () => {
    for (const result of results) expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    expect(new Set(results.map((result) => Object.keys(result).sort().join())).size).toBe(1);
  });

  it('list the links that their HTML has, no more and no fewer', () => {
    for (const { url, redirected_url, html, links } of successes) {
      const base = new URL(redirected_url ?? url);
      const inHtml = anchors(html).map((href) => new URL(href, base).href);
      const listed = [...links.internal, ...links.external].map(({ href }) => new URL(href).href);
      expect(new Set(listed), url).toEqual(new Set(inHtml));
      expect(new Set(listed).size, url).toBe(listed.length);
    }
  });

  it('link to one another: few internal addresses lead nowhere', () => {
    const known = new Set(results.map(({ url }) => url));
    const targets = new Set(
      successes.flatMap(({ links }) => [...links.internal, ...links.external].map(({ href }) => href)),
    );
    expect(new Set([...targets].filter((href) => !known.has(href)))).toEqual(
      new Set([
        'https://www.rfc-editor.org/rfc/rfc9457',
        'https://docs.lampwright.example/files/lampwright-2.4.0.tar.gz',
        'https://docs.lampwright.example/files/harbour-steps.csv',
      ]),
    );
  });

  it('list the media and tables that their HTML has', () => {
    for (const { url, html, media, tables } of successes) {
      expect(media.images, url).toHaveLength(html.split('<img ').length - 1);
      expect(media.videos, url).toHaveLength(html.split('<video ').length - 1);
      expect(media.audios, url).toHaveLength(html.split('<audio ').length - 1);
      expect(tables, url).toHaveLength(html.split('<table ').length - 1);
      for (const { headers, rows } of tables) {
        for (const row of rows) expect(row, url).toHaveLength(headers.length);
      }
    }
    expect(successes.flatMap(({ media }) => media.videos).length).toBeGreaterThan(0);
    expect(successes.flatMap(({ media }) => media.audios).length).toBeGreaterThan(0);
  });

  it('say the same in HTML and in markdown, without leftovers of markup', () => {
    for (const { url, cleaned_html, markdown, metadata } of successes) {
      const title = String(metadata?.['og:title']);
      expect(markdown?.raw_markdown, url).toContain(`# ${title}`);
      expect(cleaned_html, url).toContain('<main>');
      expect(cleaned_html, url).not.toMatch(/class=|<script|<meta/);
      // What looks like markup in the HTML's text was not understood by the dialect.
      const text = (cleaned_html ?? '').replaceAll(/<pre>[\s\S]*?<\/pre>/g, '');
      expect(text, url).not.toMatch(/\]\(|\*\*|(^|\n)(<p>)?(\||Table:|- |## )/);
      expect(markdown?.markdown_with_citations, url).not.toMatch(/\]\(http/);
      expect(markdown?.references_markdown, url).toMatch(/^\n\n## References\n\n⟨1⟩ /);
    }
  });

  it('carry validators where the site gives them', () => {
    const lens = one('https://www.tidewater-museum.example/collection/first-order-fresnel-lens');
    expect(lens.response_headers).toMatchObject({ etag: expect.stringMatching(/^"\w+"$/) });
    expect(Date.parse(lens.response_headers?.['last-modified'] ?? '')).toBeLessThan(Date.parse(lens.created_at));
    expect(one('https://shop.tidewater-museum.example/').response_headers).not.toHaveProperty('etag');
  });

  it('hold what is rare: a huge page, redirects, a file, other scripts, extracted content, downloads, traffic', () => {
    const huge = one('https://www.tidewater-museum.example/collection/catalogue');
    expect(Buffer.byteLength(huge.html)).toBeGreaterThan(409_600);
    expect(Buffer.byteLength(huge.html)).toBeLessThan(900_000);
    expect(one('http://tidewater-museum.example/')).toMatchObject({
      redirected_url: 'https://www.tidewater-museum.example/',
      redirected_status_code: 200,
      status_code: 301,
    });
    expect(one('file:///srv/intake/lamp-room-inventory.html').response_headers).toEqual({});
    expect(one('https://www.tidewater-museum.example/ja/来館案内').html).toContain('<html lang="ja">');
    expect(one('https://www.tidewater-museum.example/ar/visit').html).toContain('dir="rtl"');
    expect(one('https://journal.tidewater-museum.example/what-you-wrote-this-summer').html).toContain('👨‍👩‍👧‍👦');
    const goods = successes.filter(({ extracted_content }) => extracted_content !== null);
    expect(goods.length).toBeGreaterThan(2);
    for (const { extracted_content } of goods) expect(JSON.parse(extracted_content ?? '')).toHaveLength(1);
    expect(results.filter(({ downloaded_files }) => downloaded_files !== null)).toHaveLength(1);
    expect(results.filter((r) => r.network_requests !== null && r.console_messages !== null)).toHaveLength(1);
    expect(results.some(({ js_execution_result }) => js_execution_result !== null)).toBe(true);
    const scored = one('https://docs.lampwright.example/').links.internal;
    expect(scored.every(({ total_score }) => total_score !== null)).toBe(true);
    expect(scored.some(({ head_data }) => head_data !== null)).toBe(true);
  });

  it('hold failures: gone, unavailable, timed out, and one after a success of the same page', () => {
    const codes = failures.map(({ status_code }) => status_code);
    for (const code of [404, 503, null]) expect(codes).toContain(code);
    for (const { error_message, url } of failures) expect(error_message, url).toBeTruthy();
    const tides = results.filter(({ url }) => url === 'https://www.tidewater-museum.example/visit/tide-times');
    expect(tides.map(({ success }) => success)).toEqual([true, false]);
  });
});

describe('the sample sessions', () => {
  const sessions = sampleSessions(now);

  it('are named by results, written without an offset and alive', () => {
    expect(sessions).toHaveLength(2);
    for (const { session_id, updated_at, ttl } of sessions) {
      const last = results.findLast((result) => result.session_id === session_id);
      expect(Date.parse(`${updated_at}Z`)).toBeGreaterThan(Date.parse(last?.created_at ?? ''));
      expect(updated_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
      expect(Date.parse(`${updated_at}Z`)).toBeLessThan(now.getTime());
      expect(Number.isInteger(ttl)).toBe(true);
      expect(ttl).toBeGreaterThan(now.getTime() / 1000);
    }
  });
});

describe('the example queries', () => {
  const source = ['schema.graphql', '../shared/contract.graphql'].find((path) => existsSync(path));

  it.each(exampleQueries.map((example) => [example.title, example] as const))('fit the API: %s', (_, { query }) => {
    const schema = buildSchema(readFileSync(source ?? 'schema.graphql', 'utf8'));
    expect(validate(schema, parse(query))).toEqual([]);
  });

  it('have names that differ, for the tabs show them', () => {
    const names = exampleQueries.map(({ query }) => /\bquery (\w+)/.exec(query)?.[1]);
    expect(names).not.toContain(undefined);
    expect(new Set(names).size).toBe(exampleQueries.length);
  });

  it('ask for URLs of the samples, and for one that is not there', () => {
    const text = exampleQueries.map(({ query, variables }) => query + JSON.stringify(variables ?? {})).join('\n');
    const asked = new Set([...text.matchAll(/"((?:https?|file):[^"]+)"/g)].map((match) => match[1]));
    const known = new Set(results.map(({ url }) => url));
    const absent = [...asked].filter((url) => !known.has(url ?? ''));
    expect(absent.sort()).toEqual([
      // The domain of a feed, not a page.
      'https://tidewater-museum.example/',
      'https://www.tidewater-museum.example/never-crawled',
    ]);
  });
});

function one(url: string): SampleResult {
  const found = results.find((result) => result.url === url);
  if (found === undefined) throw new Error(`no sample for ${url}`);
  return found;
}

function anchors(html: string): readonly string[] {
  return [...html.matchAll(/<a href="([^"]*)"/g)].map((match) => (match[1] ?? '').replaceAll('&amp;', '&'));
}
