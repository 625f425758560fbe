// The page while DynamoDB is away: it is answered from the gateway's memory, says what is wrong, and finds its way back.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type FaultWorld, startFaultWorld, urlsOf } from '../faults/fault-world.js';
import type { StartedGateway } from '../support/gateway.js';
import { describeWithChromium } from './chromium.js';
import { type Visitor, visit } from './page-world.js';

vi.setConfig({ testTimeout: 120_000 });

const [warm = '', cold = ''] = urlsOf('known', 2);
const sourceOf = (url: string): string => `/?url=${encodeURIComponent(url)}&tab=source&text=html`;
const eventually = <Value>(read: () => Promise<Value>) => expect.poll(read, { timeout: 40_000 });

describeWithChromium('the page during an outage', (launch) => {
  let browser: Browser;
  let world: FaultWorld;
  let gateway: StartedGateway;
  let visitor: Visitor;

  beforeAll(async () => {
    world = await startFaultWorld();
    gateway = await world.gateway({ CRAWLGATE_MEMORY_FRESH_SECONDS: '0', CRAWLGATE_DEADLINE_MS: '20000' });
    const put = async (url: string): Promise<void> => {
      const answer = await gateway.ask(
        'mutation ($results: [CrawlResultInput!]!) { cacheCrawlResults(results: $results) { stored } }',
        { results: [{ url, success: true, html: '<p>Kept.</p>' }] },
      );
      expect(answer.data?.cacheCrawlResults).toEqual([{ stored: true }]);
    };
    await put(warm);
    browser = await launch();
    visitor = await visit(browser, gateway);
    await visitor.open(sourceOf(warm));
    await visitor.page.locator('pre.source').waitFor();
    await visitor.open('/');
    await visitor.page.locator('.state').getByText('Healthy').waitFor();
    await visitor.page.locator('.results a').waitFor();
    // Stored after the list was read: memory knows that it was written, and nothing of what it says.
    await put(cold);
    await world.proxy.refuse();
  });
  afterAll(async () => {
    await browser?.close();
    await gateway?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });

  it('says so by itself, in words: the store, the circuit, and what that means', async () => {
    const state = visitor.page.locator('.state');
    await eventually(() => state.innerText()).toMatch(/Degraded/);
    await eventually(() => state.innerText()).toMatch(/Open for .*: calls are not sent/);
    const words = await state.innerText();
    expect(words).toContain('What memory holds is still answered, marked stale');
    expect(words).toMatch(/Does not answer: .*\. It last answered (just now|\d+ (second|minute)s? ago)\./);
    // A screen reader hears of it too.
    expect(await visitor.page.locator('#said').textContent()).toContain('Degraded');
  });

  it('is there when it is opened anew, and says what cannot be listed', async () => {
    await visitor.open('/');
    await visitor.page.locator('.state').getByText('Degraded').waitFor();
    const note = visitor.page.getByRole('alert');
    await note.waitFor();
    expect(await note.innerText()).toMatch(/The list could not be read\.\s+The store does not answer/);
    await visitor.page.locator('.plot canvas').nth(5).waitFor();
    expect(await visitor.audit()).toEqual([]);
  });

  it('answers from memory what memory holds, and says that it is stale', async () => {
    await visitor.open(sourceOf(warm));
    await visitor.page.locator('pre.source').waitFor();
    expect(await visitor.page.locator('.answer').first().innerText()).toMatch(
      /From the gateway's memory, stale, read .* ago\..* may be out of date\./,
    );
    expect(await visitor.audit()).toEqual([]);
  });

  it('does not call absent what could not be looked up', async () => {
    await visitor.open(`/?url=${encodeURIComponent(cold)}`);
    await visitor.page.getByRole('heading', { level: 1, name: 'Not looked up' }).waitFor();
    const note = await visitor.page.getByRole('alert').innerText();
    expect(note).toContain('STORE_UNAVAILABLE');
    expect(note).toContain('Try again');
  });

  it('shows what it could not show before once the store is back, when asked again', async () => {
    await world.proxy.accept();
    await eventually(async () => {
      const again = visitor.page.getByRole('button', { name: 'Try again' });
      if (await again.isVisible()) await again.click();
      return visitor.page.locator('.result h1').innerText();
    }).toBe('Without a title');
    await visitor.open('/');
    await visitor.page.locator('.state').getByText('Healthy').waitFor();
    await visitor.page.locator('.results a').nth(1).waitFor();
  });

  it('says that the gateway itself is gone, and loses nothing of what is on the screen', async () => {
    await gateway[Symbol.asyncDispose]();
    await visitor.page.locator('.state').getByText('The gateway does not answer.').waitFor();
    expect(await visitor.page.locator('.results a').count()).toBe(2);
  });
});
