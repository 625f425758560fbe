// The gateway killed by -9 while it writes, again and again: what was acknowledged is there.
// A few rounds as part of `npm test`; `KILL_ROUNDS=100 npx vitest run test/kill.test.ts` runs two hundred, half of them on each layout.
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { portOf, runGateway } from './support/gateway-process.js';

const rounds = Number(process.env.KILL_ROUNDS ?? 3);

/** Writes that are under way at once. */
const writers = 6;

/** Results known to be stored, and the round that wrote each. */
type Acknowledged = Map<string, { readonly round: number; readonly html: string }>;

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function post(port: number, query: string, variables: object): Promise<Record<string, unknown> | null> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const body: unknown = await response.json();
    return typeof body === 'object' && body !== null ? { ...body } : null;
  } catch {
    // Killed in between: whether it was stored nobody said.
    return null;
  }
}

const write = `mutation ($results: [CrawlResultInput!]!) {
  cacheCrawlResults(results: $results) { url stored error { code message } }
}`;
const read = 'query ($urls: [String!]!) { crawlResults(urls: $urls) { url html truncatedFields } }';

/** Text that does not compress, of a size that differs from one result to the next: some fit an item, some need parts. */
function htmlOf(round: number, index: number): string {
  const seed = createHash('sha512').update(`${round} ${index}`).digest('base64');
  const blocks = index % 5 === 0 ? 9000 : index % 3 === 0 ? 900 : 5;
  let text = `round ${round} `;
  for (let block = 0; block < blocks; block += 1) {
    text += createHash('sha256').update(`${seed}${block}`).digest('base64');
  }
  return text;
}

async function writeUntilKilled(port: number, round: number, acknowledged: Acknowledged): Promise<void> {
  let index = 0;
  let isAlive = true;
  await Promise.all(
    Array.from({ length: writers }, async () => {
      while (isAlive) {
        index += 1;
        // Some URLs are of this round, some are written over in every round.
        const url = `https://kill.example/${index % 4 === 0 ? 'again' : round}/${index}`;
        const html = htmlOf(round, index);
        const answer = await post(port, write, { results: [{ url, success: true, html }] });
        isAlive = isAlive && answer !== null;
        const data = answer?.data as { cacheCrawlResults?: { stored: boolean }[] } | null | undefined;
        if (data?.cacheCrawlResults?.[0]?.stored === true) acknowledged.set(url, { round, html });
      }
    }),
  );
}

async function expectAll(port: number, acknowledged: Acknowledged, urls: readonly string[]): Promise<void> {
  for (let start = 0; start < urls.length; start += 25) {
    const page = urls.slice(start, start + 25);
    const answer = await post(port, read, { urls: page });
    expect(answer?.errors).toBeUndefined();
    const data = answer?.data as { crawlResults?: ({ html: string } | null)[] } | undefined;
    const found = data?.crawlResults ?? [];
    for (const [position, url] of page.entries()) {
      const expected = acknowledged.get(url);
      const html = found[position]?.html ?? '';
      // A later write of the same URL may have landed without its acknowledgement; it is whole then too.
      const round = Number(/^round (\d+) /.exec(html)?.[1] ?? -1);
      expect(round, url).toBeGreaterThanOrEqual(expected?.round ?? 0);
      if (round === expected?.round) expect(html === expected.html, url).toBe(true);
      else expect(html === htmlOf(round, Number(url.split('/').at(-1))), url).toBe(true);
    }
  }
}

describe.each(['document', 'versioned'])('a gateway killed while it writes to the %s layout', (layout) => {
  it(
    `has lost nothing that it acknowledged after ${rounds} rounds`,
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'crawlgate-kill-'));
      folders.push(folder);
      const env = {
        CRAWLGATE_PORT: '0',
        CRAWLGATE_EMBEDDED_PORT: '0',
        CRAWLGATE_DATA_DIR: join(folder, 'data'),
        CRAWLGATE_SAMPLES: '0',
        CRAWLGATE_LAYOUT: layout,
        CRAWLGATE_LOG_LEVEL: 'silent',
      };
      const acknowledged: Acknowledged = new Map();
      for (let round = 1; round <= rounds; round += 1) {
        await using gateway = runGateway(env);
        const port = await portOf(gateway);
        const before = [...acknowledged].filter(([, { round: of }]) => of === round - 1).map(([url]) => url);
        await expectAll(port, acknowledged, before);
        const writing = writeUntilKilled(port, round, acknowledged);
        // Killed after as many acknowledgements as the round says, always with others under way.
        const enough = acknowledged.size + 3 + (round % 7);
        await expect.poll(() => acknowledged.size >= enough, { timeout: 20_000, interval: 2 }).toBe(true);
        gateway.child.kill('SIGKILL');
        await Promise.all([writing, gateway.ended]);
      }
      await using gateway = runGateway(env);
      await expectAll(await portOf(gateway), acknowledged, [...acknowledged.keys()]);
      process.stdout.write(`kill -9, ${layout}: ${rounds} rounds, ${acknowledged.size} results acknowledged, 0 lost\n`);
    },
    rounds * 15_000 + 30_000,
  );
});
