// The page over a table of many results: what it asks of the store does not grow with the table. PAGE_RESULTS says how many.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type StartedGateway, startGateway } from '../support/gateway.js';
import { describeWithChromium } from './chromium.js';
import { type Visitor, visit } from './page-world.js';

const count = Number(process.env.PAGE_RESULTS ?? 400);
const hosts = 50;
const perRequest = 100;

// Filling the table takes the time; a few milliseconds a result.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 + count * 60 });

const urlOf = (index: number): string => `https://h${index % hosts}.example/${index}`;

interface Stored {
  readonly url: string;
  readonly stored: boolean;
  readonly error: { readonly code: string } | null;
}

/** A try whose answer came late may have been the one that stored it. */
const isStored = ({ stored, error }: Stored): boolean => stored || error?.code === 'SUPERSEDED';

describeWithChromium(`the page over ${count} results`, (launch) => {
  let browser: Browser;
  let gateway: StartedGateway;
  let visitor: Visitor;

  beforeAll(async () => {
    gateway = await startGateway();
    const start = Date.now() - 3_600_000;
    for (let first = 0; first < count; first += perRequest) {
      const results = Array.from({ length: Math.min(perRequest, count - first) }, (_, at) => {
        const index = first + at;
        const createdAt = new Date(start - (count - index) * 1000).toISOString();
        return { url: urlOf(index), success: index % 100 !== 0, statusCode: index % 100 === 0 ? 500 : 200, createdAt };
      });
      await store(results);
    }
    browser = await launch();
    visitor = await visit(browser, gateway);
  });
  afterAll(async () => {
    await browser?.close();
    await gateway?.[Symbol.asyncDispose]();
  });

  /** On a busy machine the deadline may pass first: what was not stored is stored again. */
  async function store(results: readonly { readonly url: string }[]): Promise<void> {
    let left = results;
    for (let tries = 0; left.length > 0; tries += 1) {
      const { data, errors } = await gateway.ask(
        'mutation ($results: [CrawlResultInput!]!) { cacheCrawlResults(results: $results) { url stored error { code } } }',
        { results: left },
      );
      const answers = (data?.cacheCrawlResults ?? []) as readonly Stored[];
      const stored = new Set(answers.filter(isStored).map(({ url }) => url));
      left = left.filter(({ url }) => !stored.has(url));
      if (tries === 20) throw new Error(JSON.stringify([errors, answers.find((answer) => !isStored(answer))]));
    }
  }

  /** Does something and says what it took: calls of the store exactly, the time as it was. */
  async function calls(what: string, act: () => Promise<void>): Promise<number> {
    const before = gateway.calls.length;
    const at = performance.now();
    await act();
    const made = gateway.calls.length - before;
    const ms = (performance.now() - at).toFixed(0);
    process.stdout.write(`  figure: ${count} results, ${what}: ${made} calls of the store, ${ms} ms\n`);
    return made;
  }

  it('lists the newest and goes on, with as many calls as for a small table', async () => {
    const titles = visitor.page.locator('.results .url');
    const opened = await calls('opening the page', async () => {
      await visitor.open('/');
      await titles.nth(19).waitFor();
    });
    expect(opened).toBeLessThan(40);
    expect(await titles.first().innerText()).toBe(urlOf(count - 1));
    const more = await calls('twenty more', async () => {
      await visitor.page.getByRole('button', { name: 'Show more' }).click();
      await titles.nth(39).waitFor();
    });
    expect(more).toBeLessThan(40);
  });

  it('narrows it to a host, and suggests that host', async () => {
    const search = visitor.page.getByRole('combobox', { name: 'URL or host to look up' });
    await search.fill('h7.exam');
    await visitor.page.getByRole('option', { name: 'h7.example' }).first().waitFor();
    const narrowed = await calls('one host of fifty', async () => {
      await visitor.page.getByRole('option', { name: 'h7.example' }).first().click();
      await visitor.page.locator('.results .url', { hasText: 'https://h7.example/' }).first().waitFor();
    });
    expect(narrowed).toBeLessThan(80);
    const urls = await visitor.page.locator('.results .url').allInnerTexts();
    expect(urls.filter((url) => !url.startsWith('https://h7.example/'))).toEqual([]);
    expect(visitor.complaints).toEqual([]);
  });
});
