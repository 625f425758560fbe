// GraphiQL before a gateway that asks for a key: opened without one, it takes one in its headers and then shows data.
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { startGateway } from '../support/gateway.js';
import { describeWithChromium } from './chromium.js';

describeWithChromium('GraphiQL with a key', (launch) => {
  it('is refused without it, sends what stands under Headers, and keeps it nowhere', { timeout: 60_000 }, async () => {
    const sha256 = createHash('sha256').update('cg_key').digest('hex');
    await using started = await startGateway({ CRAWLGATE_API_KEYS: `me:read:${sha256}`, CRAWLGATE_SAMPLES: '1' });
    const browser = await launch();
    try {
      const page = await browser.newPage();
      const violations: string[] = [];
      page.on('console', (message) => {
        if (/content security policy/i.test(message.text())) violations.push(message.text());
      });
      await page.goto(started.url);
      const run = page.getByRole('button', { name: /execute query/i });
      const shown = async (): Promise<string> =>
        (await page.locator('.graphiql-response .view-lines').allTextContents()).join('\n').replaceAll('\u00a0', ' ');
      await run.click();
      await expect.poll(shown, { timeout: 10_000 }).toContain('UNAUTHENTICATED');

      await page.getByRole('button', { name: 'Headers', exact: true }).click();
      const headers = page.locator('.graphiql-editor-tool .monaco-editor:visible').last();
      await headers.click();
      await page.keyboard.press('ControlOrMeta+A');
      // The editor closes quotes and brackets that are typed; what is pasted it leaves alone.
      await page.keyboard.insertText('{"authorization": "Bearer cg_key"}');
      await run.click();
      await expect.poll(shown, { timeout: 10_000 }).toContain('"data"');

      const kept = await page.evaluate(
        'JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.cookie',
      );
      expect(kept).not.toContain('cg_key');
      expect(violations).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
