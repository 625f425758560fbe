// Storing over HTTP, through the whole gateway: what is refused leaves nothing, what is asked for alone is read alone.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { startGateway } from './support/gateway.js';

const url = 'https://a.example/page';
const write = `mutation ($results: [CrawlResultInput!]!) {
  cacheCrawlResults(results: $results) { stored storedBytes items error { code } }
}`;

/** Text that does not compress to less than three quarters. */
function noise(bytes: number): string {
  let text = '';
  for (let block = 0; text.length < bytes; block += 1) {
    text += createHash('sha512').update(String(block)).digest('base64');
  }
  return text.slice(0, bytes);
}

describe.each(['document', 'versioned'])('a result in the %s layout', (layout) => {
  it('that is too large is refused by code, and nothing of it is left behind', async () => {
    await using started = await startGateway({
      CRAWLGATE_LAYOUT: layout,
      CRAWLGATE_MAX_RESULT_BYTES: '2000',
    });
    const before = started.calls.length;
    const results = [{ url, success: true, html: noise(2001) }];
    expect((await started.ask(write, { results })).data).toEqual({
      cacheCrawlResults: [{ stored: false, storedBytes: null, items: null, error: { code: 'RESULT_TOO_LARGE' } }],
    });
    expect(started.calls.slice(before).filter(({ operation }) => operation !== 'BatchGetItem')).toEqual([]);
    expect(await started.ask(`{ crawlResult(url: "${url}") { url } }`)).toEqual({ data: { crawlResult: null } });
  });

  it('comes back over HTTP as it was given, unchanged by another write of an older one', async () => {
    await using started = await startGateway({ CRAWLGATE_LAYOUT: layout });
    const html = `${noise(700_000)}\u2028é\u{1f600}`;
    const newer = { url, success: true, html, createdAt: '2026-01-02T00:00:00.000001Z' };
    const older = { ...newer, html: 'older', createdAt: '2026-01-02T00:00:00Z' };
    const answers = (await started.ask(write, { results: [newer] })).data;
    expect(answers).toMatchObject({ cacheCrawlResults: [{ stored: true, error: null }] });
    expect((await started.ask(write, { results: [older] })).data).toMatchObject({
      cacheCrawlResults: [{ stored: false, error: { code: 'SUPERSEDED' } }],
    });
    const { data } = await started.ask(`{ crawlResult(url: "${url}") { html createdAt truncatedFields } }`);
    expect(data).toEqual({
      crawlResult: { html, createdAt: '2026-01-02T00:00:00.000001Z', truncatedFields: [] },
    });
  });
});

describe('a query for Markdown alone', () => {
  it('reads the head and the part of that text, and no part of the HTML', async () => {
    await using started = await startGateway({ CRAWLGATE_LAYOUT: 'versioned' });
    const rawMarkdown = noise(30_000);
    const results = [{ url, success: true, html: noise(900_000), markdown: { rawMarkdown } }];
    await started.ask(write, { results });
    const before = started.calls.length;
    const { data } = await started.ask(`{ crawlResult(url: "${url}") { markdown { rawMarkdown } } }`);
    expect(data).toEqual({ crawlResult: { markdown: { rawMarkdown } } });
    const calls = started.calls.slice(before);
    expect(calls.map(({ operation, keys }) => [operation, keys])).toEqual([
      ['BatchGetItem', 1],
      ['BatchGetItem', 1],
    ]);
    // Read strongly, so shortly after the write: a unit for the head, one for each 4 KB of the text's part.
    expect(calls.reduce((sum, { readUnits }) => sum + readUnits, 0)).toBeLessThanOrEqual(1 + 8);
  });
});
