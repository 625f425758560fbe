// A real browser takes the gzip that is put together of packed pieces, as it takes any other.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pack } from '../../src/domain/packed-text.js';
import { recordOf } from '../graphql/gateway-fixture.js';
import { type LaneWorld, startLaneWorld } from '../http/lane-world.js';
import { describeWithChromium } from './chromium.js';

describeWithChromium('Chromium', (launch) => {
  let world: LaneWorld;
  beforeAll(async () => {
    world = await startLaneWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it('reads an answer of spliced texts', { timeout: 60_000 }, async () => {
    const url = 'https://a.example/';
    const text = '<p>"€\u2028😀\\'.repeat(20_000);
    world.fixture.store(recordOf(url, { fields: new Map([['html', await pack(text)]]) }));
    const browser = await launch();
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${world.lanePort}/graphql`);
      const { encoding, answer } = await page.evaluate(async (query) => {
        const response = await fetch('/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query }),
        });
        return { encoding: response.headers.get('content-encoding'), answer: await response.json() };
      }, `{ crawlResults(urls: ["${url}", "${url}"]) { url html } }`);
      expect(encoding).toBe('gzip');
      expect(answer).toEqual({ data: { crawlResults: [1, 2].map(() => ({ url, html: text })) } });
    } finally {
      await browser.close();
    }
  });
});
