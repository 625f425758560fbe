// How the page comes and looks in every state, on a desk and on a phone, light and dark: nothing jumps, axe finds nothing.
// PAGE_SCREENSHOTS names a folder for pictures of all of them.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type FaultWorld, startFaultWorld } from '../faults/fault-world.js';
import { type StartedGateway, startGateway } from '../support/gateway.js';
import { describeWithChromium } from './chromium.js';
import { visit } from './page-world.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const pictures = process.env.PAGE_SCREENSHOTS;
const museum = 'https://www.tidewater-museum.example';
const resultOf = (url: string, more = ''): string => `/?url=${encodeURIComponent(url)}${more}`;

/** Where a state is seen, under which path, and what is there once it is all there. */
const states = [
  { name: 'home', at: 'museum', path: '/', there: '.results a' },
  { name: 'nothing fits', at: 'museum', path: '/?host=nowhere.example&status=404', there: '.empty' },
  { name: 'result', at: 'museum', path: resultOf(`${museum}/visit`), there: '.prose' },
  { name: 'source', at: 'museum', path: resultOf(`${museum}/visit`, '&tab=source'), there: 'pre.source' },
  { name: 'links', at: 'museum', path: resultOf(`${museum}/visit`, '&tab=links'), there: '.entries' },
  {
    name: 'failed result',
    at: 'museum',
    path: resultOf(`${museum}/visit/tide-times`),
    there: '#panel[aria-labelledby]:not([aria-busy])',
  },
  {
    name: 'absent',
    at: 'museum',
    path: resultOf('https://nowhere.example/'),
    there: 'h1:has-text("Nothing is stored")',
  },
  { name: 'empty', at: 'empty', path: '/', there: '.empty' },
  { name: 'key form', at: 'locked', path: '/', there: '#key' },
  { name: 'outage', at: 'down', path: '/', there: '.state:has-text("Degraded")' },
  {
    name: 'outage, a result',
    at: 'down',
    path: resultOf('https://kept.example/'),
    there: '.prose',
  },
] as const;

const looks = [
  { name: 'desk, light', options: { colorScheme: 'light' } },
  { name: 'desk, dark', options: { colorScheme: 'dark' } },
  { name: 'phone, light', options: { colorScheme: 'light', viewport: { width: 360, height: 740 }, hasTouch: true } },
  { name: 'phone, dark', options: { colorScheme: 'dark', viewport: { width: 360, height: 740 }, hasTouch: true } },
] as const;

/** In the dark those that have a colour of their own; for pictures all. */
function statesFor(look: string): readonly (typeof states)[number][] {
  const colourful: readonly string[] = ['home', 'result', 'failed result', 'key form', 'outage'];
  return look.endsWith('light') || pictures !== undefined
    ? states
    : states.filter(({ name }) => colourful.includes(name));
}

describeWithChromium('the looks of the page', (launch) => {
  let browser: Browser;
  let world: FaultWorld;
  const gateways = new Map<string, StartedGateway>();

  beforeAll(async () => {
    gateways.set('museum', await startGateway({ CRAWLGATE_SAMPLES: '1', CRAWLGATE_LAYOUT: 'versioned' }));
    gateways.set('empty', await startGateway());
    const digest = createHash('sha256').update('key').digest('hex');
    gateways.set('locked', await startGateway({ CRAWLGATE_API_KEYS: `reader:read:${digest}` }));
    world = await startFaultWorld();
    const down = await world.gateway({ CRAWLGATE_MEMORY_FRESH_SECONDS: '0' });
    gateways.set('down', down);
    const kept = { url: 'https://kept.example/', success: true, markdown: { rawMarkdown: '# Kept\n\nIn memory.' } };
    await down.ask('mutation ($results: [CrawlResultInput!]!) { cacheCrawlResults(results: $results) { stored } }', {
      results: [{ ...kept, metadata: { title: 'Kept' } }],
    });
    await down.ask('{ crawlResult(url: "https://kept.example/") { title html markdown { rawMarkdown } } }');
    await world.proxy.refuse();
    // Only once the circuit has opened is the outage what it is for most visitors.
    await vi.waitFor(
      async () => expect((await down.ask('{ health { circuit } }')).data).toEqual({ health: { circuit: 'OPEN' } }),
      { timeout: 20_000 },
    );
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    for (const gateway of gateways.values()) await gateway[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });

  it.each(looks)('are right on a $name screen', async ({ name: look, options }) => {
    for (const { name, at, path, there } of statesFor(look)) {
      const gateway = gateways.get(at);
      if (gateway === undefined) throw new Error(`no gateway ${at}`);
      await using visitor = await visit(browser, gateway, options);
      const { page } = visitor;
      const coming = await visitor.watch(path);
      await page.locator(there).first().waitFor();
      if (path === '/' && at !== 'locked') await page.locator('.plot canvas').nth(5).waitFor();
      const where = `${look}: ${name}`;
      const { shift, moved, paintMs } = await coming();
      process.stdout.write(
        `  figure: ${where}: layout shift ${shift.toFixed(4)}, first paint ${paintMs.toFixed(0)} ms\n`,
      );
      if (pictures !== undefined) {
        await page.screenshot({ path: join(pictures, `${where.replaceAll(/\W+/g, '-')}.png`), fullPage: true });
      }
      expect(paintMs, where).toBeGreaterThan(0);
      // A fifth of what counts as good.
      expect(shift, `${where}\n${moved.join('\n')}`).toBeLessThan(0.02);
      expect(await visitor.audit(), where).toEqual([]);
      const wider = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(wider, where).toBeLessThanOrEqual(0);
    }
  });
});
