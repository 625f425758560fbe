// What the address bar says and what the search box takes: both ways, and what is no filter of ours.
import { describe, expect, it } from 'vitest';
import {
  addressOf,
  feedFilterOf,
  noFilters,
  readAddress,
  readSearch,
  resultAddress,
  similarUrls,
} from '../../src/page/address.js';

const odd = 'https://a.example/päth/?q=1&url=x#frag ment%20+';

describe('the address of a view', () => {
  it.each([
    { kind: 'home', filters: noFilters },
    { kind: 'home', filters: { ...noFilters, host: 'a.example:8080', success: 'false', status: '404', time: '7d' } },
    { kind: 'home', filters: { ...noFilters, time: 'between', from: '2026-11-01T00:00', to: '2026-11-02T12:30' } },
    { kind: 'result', url: odd, tab: 'versions', text: 'cleanedHtml' },
    { kind: 'result', url: 'raw:<p>', tab: 'markdown', text: '' },
  ] as const)('leads back to it: %j', (view) => {
    expect(readAddress(addressOf(view).slice(1))).toEqual(view);
  });

  it('is / alone for the plain view and says nothing that is not needed', () => {
    expect(addressOf({ kind: 'home', filters: noFilters })).toBe('/');
    expect(resultAddress('https://a.example/')).toBe('/?url=https%3A%2F%2Fa.example%2F');
  });

  it.each(['?success=maybe&status=9&time=1y&from=soon', '?status=abc&from=2026-01-01T00:00', '?tab=links', '?url='])(
    'that no view has is the plain list: %s',
    (search) => {
      expect(readAddress(search)).toEqual({ kind: 'home', filters: noFilters });
    },
  );

  it('with a tab that there is not opens the first', () => {
    expect(readAddress('?url=x&tab=everything')).toMatchObject({ tab: 'markdown' });
  });
});

describe('the filters', () => {
  it('are the argument of crawlFeed', () => {
    const now = Date.parse('2026-11-25T12:00:00Z');
    expect(feedFilterOf(noFilters, now)).toEqual({});
    expect(feedFilterOf({ ...noFilters, host: 'a.example', success: 'true', status: '200', time: '24h' }, now)).toEqual(
      {
        url: 'a.example',
        match: 'HOST',
        success: true,
        statusCode: 200,
        createdAfter: '2026-11-24T12:00:00.000Z',
      },
    );
    const between = { ...noFilters, time: 'between', from: '2026-11-01T00:00', to: '' } as const;
    expect(feedFilterOf(between, now)).toEqual({ createdAfter: new Date('2026-11-01T00:00').toISOString() });
  });
});

describe('what is typed into the search box', () => {
  it.each([
    ['https://a.example/x', { url: 'https://a.example/x' }],
    [' http://a.example ', { url: 'http://a.example' }],
    ['raw:<p>hello', { url: 'raw:<p>hello' }],
    ['file:///tmp/a.html', { url: 'file:///tmp/a.html' }],
    ['a.example/x?y', { url: 'https://a.example/x?y' }],
    ['localhost:3000/x', { url: 'https://localhost:3000/x' }],
    ['a.example', { host: 'a.example' }],
    ['localhost:3000', { host: 'localhost:3000' }],
    ['  ', null],
  ])('%j is %j', (typed, meant) => {
    expect(readSearch(typed)).toEqual(meant);
  });
});

describe('URLs similar to one that is not stored', () => {
  it('differ in scheme, www and the last slash, or lack query and fragment', () => {
    const near = similarUrls('https://a.example/x?y=1#z');
    expect(near).toContain('http://a.example/x?y=1#z');
    expect(near).toContain('https://www.a.example/x?y=1#z');
    expect(near).toContain('https://a.example/x');
    expect(near).not.toContain('https://a.example/x?y=1#z');
    expect(similarUrls('https://www.a.example/')).toContain('http://a.example/');
    expect(similarUrls('raw:<p>')).toEqual([]);
  });
});
