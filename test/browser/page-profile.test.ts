// The page of a gateway in production that wants keys and runs known documents only: all of it works, and nothing leads nowhere.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { textChoices } from '../../src/page/texts.js';
import { type StartedGateway, startGateway } from '../support/gateway.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { describeWithChromium } from './chromium.js';
import { type Visitor, visit } from './page-world.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const key = 'a-key-that-may-read';
const url = 'https://www.tidewater-museum.example/visit';

describeWithChromium('the page in production, with keys and known documents only', (launch) => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let browser: Browser;
  let gateway: StartedGateway;
  let visitor: Visitor;

  beforeAll(async () => {
    folder = await temporaryFolder();
    const manifest = join(folder.path, 'manifest.json');
    await writeFile(manifest, JSON.stringify({ health: '{ health { status } }' }));
    gateway = await startGateway({
      NODE_ENV: 'production',
      CRAWLGATE_STORE: 'embedded',
      CRAWLGATE_SAMPLES: '1',
      CRAWLGATE_PERSISTED: 'only',
      CRAWLGATE_PERSISTED_MANIFEST: manifest,
      CRAWLGATE_API_KEYS: `reader:read:${createHash('sha256').update(key).digest('hex')}`,
    });
    browser = await launch();
    visitor = await visit(browser, gateway);
  });
  afterAll(async () => {
    await browser?.close();
    await gateway?.[Symbol.asyncDispose]();
    await folder?.[Symbol.asyncDispose]();
  });

  it('leads to no GraphiQL, shows state and list, and suggests', async () => {
    const { page } = visitor;
    await visitor.open('/');
    await page.getByLabel('Key').fill(key);
    await page.keyboard.press('Enter');
    await page.locator('.state').getByText('Healthy').waitFor();
    await page.locator('.results .title').nth(19).waitFor();
    expect(await page.getByText('GraphiQL').count()).toBe(0);
    await page.getByRole('combobox', { name: 'URL or host to look up' }).fill('tidewater');
    await page.getByRole('option').first().waitFor();
    expect(await page.locator('.note').count()).toBe(0);
  });

  it('shows a result with all of its tabs and texts', async () => {
    const { page } = visitor;
    await visitor.open(`/?url=${encodeURIComponent(url)}`);
    await page.locator('.prose').waitFor();
    for (const name of ['Preview', 'Source', 'Links', 'Media', 'Versions']) {
      await page.getByRole('tab', { name }).click();
      await page.locator('#panel:not([aria-busy])').waitFor();
      expect([name, await page.locator('.note').count()]).toEqual([name, 0]);
    }
    for (const { id } of textChoices) {
      await visitor.open(`/?url=${encodeURIComponent(url)}&tab=source&text=${id}`);
      await page.locator('#panel:not([aria-busy]) .bar').waitFor();
      expect([id, await page.locator('.note').count()]).toEqual([id, 0]);
    }
    await visitor.open('/?url=https%3A%2F%2Fnowhere.example%2F');
    await page.getByRole('heading', { level: 1, name: 'Nothing is stored under this URL' }).waitFor();
    expect(visitor.complaints.filter((line) => !line.includes('401'))).toEqual([]);
  });
});
