// The page at `/` over a gateway with its samples: search, results, tabs, versions, the list and its filters.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type StartedGateway, startGateway } from '../support/gateway.js';
import { describeWithChromium } from './chromium.js';
import { type Visitor, visit } from './page-world.js';

const museum = 'https://www.tidewater-museum.example';
const visitUrl = `${museum}/visit`;
const resultOf = (url: string, more = ''): string => `/?url=${encodeURIComponent(url)}${more}`;

const putQuery = `mutation ($results: [CrawlResultInput!]!) {
  cacheCrawlResults(results: $results) { stored error { message } } }`;

const searchOf = ({ page }: Visitor) => page.getByRole('combobox', { name: 'URL or host to look up' });

/** Longer than a busy machine takes, and than two looks of the page at the gateway are apart. */
const eventually = <Value>(read: () => Promise<Value> | Value) => expect.poll(read, { timeout: 20_000 });

// A browser beside an engine on a machine that does other things too takes its time.
vi.setConfig({ testTimeout: 120_000 });

describeWithChromium('the page', (launch) => {
  let browser: Browser;
  let gateway: StartedGateway;
  let visitor: Visitor;
  const page = (): Visitor['page'] => visitor.page;
  const search = () => searchOf(visitor);
  const choice = (name: string) => page().getByRole('combobox', { name, exact: true });
  const field = (name: string) => page().getByRole('textbox', { name, exact: true });

  beforeAll(async () => {
    gateway = await startGateway({
      CRAWLGATE_SAMPLES: '1',
      CRAWLGATE_LAYOUT: 'versioned',
      CRAWLGATE_KEEP_VERSIONS: '5',
    });
    const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
    const at = { url: visitUrl, statusCode: 200, metadata: { title: 'Visit us' } };
    const put = await gateway.ask(putQuery, {
      results: [
        {
          ...at,
          success: true,
          createdAt: minutesAgo(40),
          html: '<h1>Visit</h1><p>Open daily.</p>',
          markdown: { rawMarkdown: '# Visit\n\nOpen daily.\n\nBy bus.\n' },
        },
        {
          ...at,
          success: true,
          createdAt: minutesAgo(30),
          html: '<h1>Visit</h1><p>Closed.</p>',
          markdown: { rawMarkdown: '# Visit\n\nClosed on Mondays.\n\nBy bus.\n' },
          links: {
            internal: [{ href: `${museum}/about/people`, text: 'People' }],
            external: [{ href: 'javascript:alert(1)' }],
          },
          media: { images: [{ src: '/lamp.jpg', alt: 'The lamp', width: 640 }], videos: [], audios: [] },
        },
        {
          url: visitUrl,
          success: false,
          statusCode: 503,
          errorMessage: 'Service Unavailable',
          createdAt: minutesAgo(5),
        },
      ],
    });
    expect(put.errors).toBeUndefined();
    browser = await launch();
    visitor = await visit(browser, gateway);
  });
  afterAll(async () => {
    await browser?.close();
    await gateway?.[Symbol.asyncDispose]();
  });

  it('says how the gateway and what it depends on are doing', async () => {
    await visitor.open('/');
    const state = page().locator('.state');
    await state.getByText('Healthy').waitFor();
    const words = await state.innerText();
    expect(words).toMatch(/Closed for .*: calls go through\./);
    expect(words).toMatch(/embedded DynamoDB\s+Answered in [\d.]+ ms: table crawl4ai-results, versioned layout/);
    expect(words).toMatch(/Holds [\d,]+ keys? in/);
  });

  it('draws the last hour and says it in numbers', async () => {
    await page().locator('.plot canvas').nth(5).waitFor();
    expect(await page().locator('.plot h3').allInnerTexts()).toEqual([
      'Lookups a second',
      'Answered from memory',
      'Time to answer a request',
      'DynamoDB calls a second',
      'Keys a batch',
      'Read units a second',
    ]);
    await page().getByText('The same hour in numbers').click();
    const newest = page().locator('.numbers tbody tr').first();
    await eventually(async () => Number(await newest.locator('td').first().innerText())).toBeGreaterThan(0);
    expect(await page().locator('.numbers tbody tr').count()).toBe(12);
  });

  it('lists the newest results, and more when asked', async () => {
    const titles = page().locator('.results .title');
    await eventually(() => titles.count()).toBe(20);
    await page().getByRole('button', { name: 'Show more' }).click();
    await eventually(() => titles.count()).toBe(40);
    await page().getByRole('button', { name: 'Show more' }).click();
    await page()
      .getByText(/^That is all: \d+ results\.$/)
      .waitFor();
  });

  it('suggests hosts that it knows and stored URLs, to be chosen by keyboard alone', async () => {
    await visitor.open('/');
    await page().keyboard.press('/');
    await page().keyboard.type('tidewater');
    const options = page().getByRole('option');
    await options.first().waitFor();
    const texts = await options.locator('.text').allInnerTexts();
    expect(texts).toContain('www.tidewater-museum.example');
    const input = search();
    expect(await input.getAttribute('aria-expanded')).toBe('true');
    await page().keyboard.press('ArrowDown');
    const active = await input.getAttribute('aria-activedescendant');
    expect(await page().locator(`#${active}`).getAttribute('aria-selected')).toBe('true');
    await page().keyboard.press('Escape');
    expect(await input.getAttribute('aria-expanded')).toBe('false');

    await input.fill(`${museum}/about/`);
    await eventually(() => options.locator('.text').allInnerTexts()).toEqual(
      expect.arrayContaining([`${museum}/about/people`, `${museum}/about/history`]),
    );
    const people = (await options.locator('.text').allInnerTexts()).indexOf(`${museum}/about/people`);
    for (let step = 0; step <= people; step += 1) await page().keyboard.press('ArrowDown');
    await page().keyboard.press('Enter');
    await page().getByRole('heading', { level: 1, name: 'People – Tidewater Museum' }).waitFor();
    expect(new URL(page().url()).searchParams.get('url')).toBe(`${museum}/about/people`);
    // The focus is where the result begins.
    expect(await page().evaluate(() => document.activeElement?.tagName)).toBe('H1');
  });

  it('shows a result: title, status, times, where it came from, and the failure since', async () => {
    await visitor.open('/');
    await search().fill(visitUrl);
    await page().getByRole('button', { name: 'Look up' }).click();
    await page().getByRole('heading', { level: 1, name: 'Visit us' }).waitFor();
    const result = await page().locator('.result').innerText();
    expect(result).toContain('200 ok');
    expect(result).toMatch(
      /From (DynamoDB|the gateway's memory), fresh, read .*\. It cost (no call of the store|\d+ calls? for \d+ keys?, [\d.]+ read units?)\./,
    );
    expect(result).toMatch(/Crawled\s+30 minutes ago/);
    expect(result).toMatch(/Expires\s+in (29|30) days/);
    expect(await page().locator('.later-failure').innerText()).toMatch(
      /A later crawl failed 5 minutes ago with status 503: Service Unavailable/,
    );
  });

  it('shows the Markdown, the source, links and media of it, each tab in the address bar', async () => {
    await page().locator('.prose').getByText('Closed on Mondays.').waitFor();
    await page().getByRole('tab', { name: 'Markdown' }).focus();
    await page().keyboard.press('ArrowRight');
    await page().keyboard.press('ArrowRight');
    await page().locator('pre.source').waitFor();
    expect(await page().locator('pre.source').innerText()).toBe('<h1>Visit</h1><p>Closed.</p>');
    await choice('Text').selectOption({ label: 'Markdown' });
    await page().locator('pre.source', { hasText: 'Closed on Mondays.' }).waitFor();
    expect(await page().locator('pre.source').innerText()).toBe('# Visit\n\nClosed on Mondays.\n\nBy bus.\n');
    expect(new URL(page().url()).searchParams.get('text')).toBe('rawMarkdown');
    // What is not stored says so before it is opened, and when it is.
    await choice('Text').focus();
    const options = await choice('Text').locator('option').allInnerTexts();
    expect(options.filter((option) => !option.endsWith(' (empty)'))).toEqual([
      'Markdown',
      'HTML as fetched',
      'Metadata',
      'The whole result, as Crawl4AI has it',
    ]);
    await choice('Text').selectOption({ label: 'Tables (empty)' });
    await page().getByText('Tables: nothing is stored of this.').waitFor();

    expect(
      await page()
        .getByRole('tab')
        .evaluateAll((tabs) => tabs.map((tab) => tab.getAttribute('aria-label'))),
    ).toEqual([null, null, null, 'Links, 2', 'Media, 1', null]);
    await page().getByRole('tab', { name: 'Media' }).click();
    await page().getByText('The lamp').waitFor();
    await page().getByRole('tab', { name: 'Links' }).click();
    const link = page().locator('#panel a');
    await link.waitFor();
    // One link is no page: it is told of, and leads nowhere.
    expect(await link.count()).toBe(1);
    expect(await page().locator('#panel').innerText()).toContain('javascript:alert(1)');
    await link.click();
    await page().getByRole('heading', { level: 1, name: 'People' }).waitFor();
    await page().goBack();
    await page().getByRole('heading', { level: 1, name: 'Visit us' }).waitFor();
    expect(await page().getByRole('tab', { name: 'Links' }).getAttribute('aria-selected')).toBe('true');
    await page().reload();
    await link.waitFor();
  });

  it('shows the difference between two versions', async () => {
    await visitor.open(resultOf(visitUrl, '&tab=versions'));
    await page().locator('.difference').getByText('1 line came, 1 line went.').waitFor();
    expect(await page().locator('.diff del').innerText()).toBe('Open daily.');
    expect(await page().locator('.diff ins').innerText()).toBe('Closed on Mondays.');
    expect(await page().locator('.versions li').count()).toBe(3);
    const from = choice('From');
    await from.selectOption({ index: 0 });
    await page().locator('.difference').getByText('Both are the same.').waitFor();
    await from.selectOption({ index: 2 });
    await page().locator('.diff del').first().waitFor();
    await choice('Of').selectOption({ label: 'HTML as fetched' });
    await page().locator('.diff ins', { hasText: '<p>Closed.</p>' }).waitFor();
  });

  it('says that nothing is stored, and what is stored under a similar URL', async () => {
    await visitor.open(resultOf(`http://www.tidewater-museum.example/visit/`));
    await page().getByRole('heading', { level: 1, name: 'Nothing is stored under this URL' }).waitFor();
    await page().locator('#main').getByRole('link', { name: visitUrl, exact: true }).click();
    await page().getByRole('heading', { level: 1, name: 'Visit us' }).waitFor();
  });

  it('keeps its filters in the address bar, back and forward', async () => {
    await visitor.open('/');
    const urls = page().locator('.results .what .url');
    const badges = page().locator('.results .badge');
    await urls.first().waitFor();
    await choice('Crawl').selectOption('false');
    await eventually(() => page().url()).toContain('success=false');
    await eventually(async () => new Set((await badges.allInnerTexts()).map((text) => /failed/.test(text)))).toEqual(
      new Set([true]),
    );
    const failed = await badges.count();
    await field('Status').fill('404');
    await page().keyboard.press('Enter');
    await eventually(async () => new Set(await badges.allInnerTexts())).toEqual(new Set(['404 failed']));
    await field('Host').fill(`${museum}/pasted`);
    await page().keyboard.press('Enter');
    await eventually(() => new URL(page().url()).search).toBe(
      '?host=www.tidewater-museum.example&success=false&status=404',
    );
    await page().goBack();
    await page().goBack();
    await eventually(() => badges.count()).toBe(failed);
    expect(await field('Status').inputValue()).toBe('');
    await page().goForward();
    await eventually(async () => new Set(await badges.allInnerTexts())).toEqual(new Set(['404 failed']));
    await page().reload();
    await eventually(async () => new Set(await badges.allInnerTexts())).toEqual(new Set(['404 failed']));
    expect(await field('Status').inputValue()).toBe('404');
    await page().getByRole('button', { name: 'Clear' }).click();
    await eventually(() => badges.count()).toBe(20);
    expect(new URL(page().url()).search).toBe('');

    await choice('Crawled').selectOption('1h');
    await eventually(() => urls.allInnerTexts()).toEqual([visitUrl]);
    await choice('Crawled').selectOption('between');
    await page().locator('[name=from]').fill('2001-01-01T00:00');
    await page().locator('[name=to]').fill('2001-01-02T00:00');
    await page().getByText('No stored result fits these filters.').waitFor();
    expect(new URL(page().url()).search).toBe('?time=between&from=2001-01-01T00%3A00&to=2001-01-02T00%3A00');
  });

  it('shows the list first where it is narrowed, on a phone too', async () => {
    for (const viewport of [
      { width: 1280, height: 800 },
      { width: 360, height: 740 },
    ]) {
      await using other = await visit(browser, gateway, { viewport });
      await other.open('/');
      await other.page.locator('.results a').first().waitFor();
      expect(await other.page.locator('.plots ~ *, .state ~ .newest').count()).toBeGreaterThan(0);
      await searchOf(other).fill('www.tidewater-museum.example');
      await other.page.keyboard.press('Enter');
      const heading = other.page.getByRole('heading', { name: 'Newest results of www.tidewater-museum.example' });
      await heading.waitFor();
      await other.page.locator('.results a').first().waitFor();
      expect(await other.page.evaluate(() => document.activeElement?.id)).toBe('newest');
      const box = await other.page.locator('.results').boundingBox();
      expect(box?.y).toBeLessThan(viewport.height - 100);
      expect(await other.audit()).toEqual([]);
      expect(other.complaints).toEqual([]);
    }
  });

  it('says in words that a list is being read', async () => {
    await using other = await visit(browser, gateway);
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await other.page.route('**/graphql', async (route) => {
      await held;
      await route.continue();
    });
    await other.open('/?host=www.tidewater-museum.example');
    const status = other.page.getByRole('status').filter({ hasText: 'Looking…' });
    await status.waitFor();
    release();
    await other.page.locator('.results a').first().waitFor();
    expect(await status.count()).toBe(0);
  });

  it('takes part of a host for the host, and offers hosts where none fits', async () => {
    await visitor.open('/');
    await search().fill('tide');
    await page().keyboard.press('Enter');
    await eventually(() => new URL(page().url()).searchParams.get('host')).toBe('www.tidewater-museum.example');
    await page().locator('.results a').first().waitFor();
    await visitor.open('/?host=tidewater');
    await page().getByText('No stored result fits these filters.').waitFor();
    await page().locator('.below').getByRole('link', { name: 'www.tidewater-museum.example' }).click();
    await page().locator('.results a').first().waitFor();
  });

  it('says that a script is no page', async () => {
    await search().fill('javascript:alert(1)');
    await page().keyboard.press('Enter');
    await page().getByRole('alert').getByText('That is no page address.').waitFor();
    await search().fill('');
  });

  it('says what was refused and when to try again', async () => {
    await using other = await visit(browser, gateway);
    await other.page.route('**/graphql', (route) =>
      route.fulfill({
        status: 429,
        headers: { 'retry-after': '7' },
        json: { errors: [{ message: 'x', extensions: { code: 'TOO_MANY_REQUESTS' } }] },
      }),
    );
    await other.open('/');
    const words = 'More was asked than this caller may ask in a while. Try again in 7 seconds.';
    await other.page
      .locator('.verdict')
      .getByText(`Not told The gateway answers, but does not tell its state: ${words}`)
      .waitFor();
    await other.page.getByRole('alert').getByText(words).waitFor();
  });

  it('complained of nothing and asked nobody else', () => {
    expect(visitor.complaints).toEqual([]);
    expect(visitor.elsewhere).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('has nothing that axe-core finds, in the %s scheme', async (colorScheme) => {
    await using other = await visit(browser, gateway, { colorScheme });
    await other.open('/');
    await other.page.locator('.results a').first().waitFor();
    await other.page.locator('.plot canvas').nth(5).waitFor();
    await other.page.getByText('The same hour in numbers').click();
    await searchOf(other).fill('tide');
    await other.page.getByRole('option').first().waitFor();
    expect(await other.audit()).toEqual([]);
    for (const tab of ['markdown', 'preview', 'source', 'links', 'media', 'versions']) {
      await other.open(resultOf(visitUrl, `&tab=${tab}`));
      await other.page.locator('#panel[aria-labelledby]:not([aria-busy])').waitFor();
      expect(await other.audit(), tab).toEqual([]);
    }
    await other.open(resultOf('https://nowhere.example/'));
    await other.page.getByRole('heading', { level: 1, name: /Nothing is stored/ }).waitFor();
    expect(await other.audit()).toEqual([]);
    expect(other.complaints).toEqual([]);
  });

  it('fits a phone: nothing is wider than it', async () => {
    await using phone = await visit(browser, gateway, { viewport: { width: 360, height: 740 }, hasTouch: true });
    const paths = ['/', '/?time=between', resultOf('https://nowhere.example/')];
    const tabs = ['markdown', 'preview', 'source', 'links', 'media', 'versions'];
    for (const path of [...paths, ...tabs.map((tab) => resultOf(visitUrl, `&tab=${tab}`))]) {
      await phone.open(path);
      await phone.page
        .locator('.results a, #panel[aria-labelledby]:not([aria-busy]), h1:has-text("Nothing")')
        .first()
        .waitFor();
      const { scrollWidth, clientWidth } = await phone.page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return { scrollWidth, clientWidth };
      });
      expect(scrollWidth, path).toBeLessThanOrEqual(clientWidth);
    }
  });
});
