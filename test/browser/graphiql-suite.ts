// What a person in GraphiQL must find, for whatever server answers: a tiny one of the test, or the whole gateway.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithChromium } from './chromium.js';

/** A server under test and what is known about its data and schema. */
export interface GraphiqlTarget {
  /** Starts the server; `url` is the GraphiQL page. */
  readonly start: () => Promise<{ readonly url: string; readonly close: () => Promise<void> }>;
  /** An operation on one line, and a text that its answer holds. */
  readonly query: string;
  readonly answer: string;
  /** Text in the tab bar that shows that the examples were opened. */
  readonly exampleTab: string;
  /** A field of Query and a piece of its description. */
  readonly documented: { readonly field: string; readonly description: string };
  /** Where to leave a picture of the page at the end; nowhere if not given. */
  readonly screenshot?: string | undefined;
}

/** Runs the suite against one server. */
export function describeGraphiql(name: string, target: GraphiqlTarget): void {
  describeWithChromium(name, (launch) => {
    let browser: Browser;
    let context: BrowserContext;
    let page: Page;
    let url: string;
    let close: () => Promise<void>;
    const requests: URL[] = [];
    const complaints: string[] = [];

    beforeAll(async () => {
      ({ url, close } = await target.start());
      browser = await launch();
      context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
      context.on('request', (request) => requests.push(new URL(request.url())));
      context.on('console', (message) => {
        if (message.type() === 'error' || /content security policy/i.test(message.text()))
          complaints.push(message.text());
      });
      context.on('weberror', (error) => complaints.push(String(error.error())));
      page = await context.newPage();
      await page.goto(url);
      await page.getByRole('button', { name: /execute query/i }).waitFor();
    });

    afterAll(async () => {
      if (target.screenshot !== undefined) await page?.screenshot({ path: target.screenshot });
      await browser?.close();
      await close?.();
    });

    it('opens with the example queries', async () => {
      await page.getByRole('tab', { name: target.exampleTab }).waitFor();
      await expect.poll(() => shownText(page, '.graphiql-editor')).toMatch(/^#/);
    });

    it('comes back with no more tabs when it is loaded again before anything was typed', async () => {
      const tabs = await page.getByRole('tab').count();
      await page.reload();
      await page.getByRole('button', { name: /execute query/i }).waitFor();
      expect(await page.getByRole('tab').count()).toBe(tabs);
      await expect.poll(() => shownText(page, '.graphiql-editor')).toMatch(/^#/);
    });

    it('shows the data of the first example as it stands', async () => {
      await page.getByRole('button', { name: /execute query/i }).click();
      await expect.poll(() => shownText(page, '.graphiql-response'), { timeout: 10_000 }).toContain('"data"');
      expect(await shownText(page, '.graphiql-response')).not.toContain('"errors"');
    });

    it('shows the data of a query that was typed and run', async () => {
      await page.getByRole('button', { name: /new tab/i }).click();
      const editor = page.locator('.graphiql-editor .monaco-editor').first();
      await editor.click();
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.press('Delete');
      await page.keyboard.type(target.query);
      // The list of suggestions would take the run key for itself.
      await page.keyboard.press('Escape');
      await expect.poll(() => shownText(page, '.graphiql-editor')).toBe(target.query);
      await page.getByRole('button', { name: /execute query/i }).click();
      await expect.poll(() => shownText(page, '.graphiql-response'), { timeout: 10_000 }).toContain(target.answer);
    });

    it('shows descriptions in the documentation panel', async () => {
      await page.getByRole('button', { name: /show documentation explorer/i }).click();
      const panel = page.locator('.graphiql-doc-explorer');
      await panel.getByRole('link', { name: 'Query', exact: true }).click();
      await panel.getByRole('link', { name: target.documented.field, exact: true }).waitFor();
      expect(await panel.textContent()).toContain(target.documented.description);
    });

    it('complains about nothing, its content security policy least of all', () => {
      expect(complaints).toEqual([]);
    });

    it('runs its editor workers', async () => {
      await expect.poll(() => page.workers().length).toBeGreaterThan(0);
    });

    it('asked no other host for anything', () => {
      const ownHost = new URL(url).host;
      const overNetwork = requests.filter(({ protocol }) => protocol !== 'blob:' && protocol !== 'data:');
      expect(overNetwork.length).toBeGreaterThanOrEqual(3);
      expect(overNetwork.filter(({ host }) => host !== ownHost).map(String)).toEqual([]);
    });

    it('is revalidated without a body when it is opened again', async () => {
      const again = await context.request.get(url, { headers: { accept: 'text/html' } });
      const { etag = '' } = again.headers();
      const held = await context.request.get(url, { headers: { accept: 'text/html', 'if-none-match': etag } });
      expect(held.status()).toBe(304);
    });
  });
}

/** What a Monaco editor shows, its non-breaking spaces as plain ones. */
async function shownText(page: Page, selector: string): Promise<string> {
  const texts = await page.locator(`${selector} .view-lines`).allTextContents();
  return texts.join('\n').replaceAll('\u00a0', ' ').trim();
}
