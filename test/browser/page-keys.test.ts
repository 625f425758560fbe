// The page of a gateway that wants keys: it asks for one, keeps it for its tab, and shows nothing without.
import { createHash } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type StartedGateway, startGateway } from '../support/gateway.js';
import { describeWithChromium } from './chromium.js';
import { type Visitor, visit } from './page-world.js';

vi.setConfig({ testTimeout: 120_000 });

const key = 'a-key-that-may-read';

describeWithChromium('the page of a gateway that wants keys', (launch) => {
  let browser: Browser;
  let gateway: StartedGateway;
  let visitor: Visitor;

  beforeAll(async () => {
    const digest = createHash('sha256').update(key).digest('hex');
    gateway = await startGateway({ CRAWLGATE_API_KEYS: `reader:read:${digest}` });
    browser = await launch();
    visitor = await visit(browser, gateway);
  });
  afterAll(async () => {
    await browser?.close();
    await gateway?.[Symbol.asyncDispose]();
  });

  it('asks for one and shows nothing else', async () => {
    await visitor.open('/');
    await visitor.page.getByRole('heading', { level: 1, name: 'This gateway asks for a key' }).waitFor();
    expect(await visitor.page.locator('.state, .results, .plot').count()).toBe(0);
    expect(await visitor.page.evaluate(() => document.activeElement?.id)).toBe('key');
    expect(await visitor.audit()).toEqual([]);
  });

  it('says that it is the wrong one', async () => {
    await visitor.page.getByLabel('Key').fill('wrong');
    await visitor.page.keyboard.press('Enter');
    await visitor.page.getByRole('alert').getByText('The gateway does not know this key.').waitFor();
  });

  it('goes on to what was asked for, and keeps the key until the tab is closed', async () => {
    await visitor.page.getByLabel('Key').fill(key);
    await visitor.page.keyboard.press('Enter');
    await visitor.page.locator('.state').getByText('Healthy').waitFor();
    await visitor.page.locator('.plot canvas').nth(5).waitFor();
    await visitor.open('/?url=https%3A%2F%2Fnowhere.example%2F');
    await visitor.page.getByRole('heading', { level: 1, name: 'Nothing is stored under this URL' }).waitFor();
    expect(visitor.page.url()).not.toContain(key);
    expect(await visitor.context.cookies()).toEqual([]);
    expect(await visitor.page.evaluate('localStorage.length')).toBe(0);

    await using other = await visit(browser, gateway);
    await other.open('/?url=https%3A%2F%2Fnowhere.example%2F');
    await other.page.getByRole('heading', { level: 1, name: 'This gateway asks for a key' }).waitFor();
  });

  it('asks for one again where it is revoked while a result is open', async () => {
    await using other = await visit(browser, gateway);
    const absent =
      'title statusCode errorMessage createdAt updatedAt expiresAt validatedAt redirectedUrl etag lastModified';
    const nulls = Object.fromEntries(
      [...absent.split(' '), 'sessionId', 'markdown', 'html', 'links', 'media'].map((name) => [name, null]),
    );
    const head = {
      ...nulls,
      url: 'https://a.example/',
      success: true,
      cache: { source: 'MEMORY', status: 'FRESH', age: 1 },
    };
    let isRevoked = false;
    await other.page.route('**/graphql', (route) =>
      isRevoked
        ? route.fulfill({ status: 401, json: { errors: [{ message: 'no' }] } })
        : route.fulfill({ json: { data: { success: head, newest: head, crawlResult: head } } }),
    );
    await other.open('/?url=https%3A%2F%2Fa.example%2F');
    await other.page.getByText('No Markdown is stored.').waitFor();
    isRevoked = true;
    await other.page.getByRole('tab', { name: 'Links' }).click();
    await other.page.getByRole('heading', { level: 1, name: 'This gateway asks for a key' }).waitFor();
  });

  it('has no history for those without one', async () => {
    const history = await fetch(`${visitor.origin}/page/history.json`);
    expect(history.status).toBe(401);
    const known = await fetch(`${visitor.origin}/page/history.json`, { headers: { authorization: `Bearer ${key}` } });
    expect(known.status).toBe(200);
    expect(Object.keys(await known.json())).toContain('p99');
  });
});
