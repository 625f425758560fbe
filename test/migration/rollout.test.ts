// The move from SQLite to DynamoDB under a stream of reads and writes: nothing stored is ever absent, nothing rewritten old.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../cli/commands.js';
import type { StartedGateway } from '../support/gateway.js';
import { type HybridWorld, type LookedUp, lookAllUp, lookUp, openHybridWorld, put, urlAt } from './hybrid-world.js';

let world: HybridWorld;
beforeEach(async () => {
  world = await openHybridWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

/** What was acknowledged of each URL: the number of its last writing; 0 is what Crawl4AI had stored. */
interface Traffic {
  readonly acknowledged: Map<string, number>;
  readonly sources: Set<string>;
  lookups: number;
}

const textOf = (url: string, writing: number): string => `<p>${url} ${writing}`;

async function makeOld(count: number): Promise<Traffic> {
  const acknowledged = new Map<string, number>();
  for (let index = 0; index < count; index += 1) {
    const url = `https://rollout.example/old/${index}`;
    await world.cache.crawl({ url, html: textOf(url, 0), success: 1, cached_at: 1_700_000_000 });
    acknowledged.set(url, 0);
  }
  return { acknowledged, sources: new Set(), lookups: 0 };
}

/** Writers have URLs of their own, which they write again and again, through any of the gateways. */
async function write(traffic: Traffic, gateways: readonly StartedGateway[], writer: number): Promise<void> {
  const mine = [...traffic.acknowledged.keys()].filter((_, index) => index % 2 === writer);
  for (let index = 0; index < 12; index += 1) {
    const isNew = index % 3 === 0;
    const url = isNew
      ? `https://rollout.example/new/${writer}/${traffic.acknowledged.size}`
      : (mine[(index * 7919) % mine.length] ?? '');
    const writing = (traffic.acknowledged.get(url) ?? 0) + 1;
    const gateway = gateways[index % gateways.length];
    if (gateway === undefined) throw new Error('there is no gateway');
    await put(gateway, textOf(url, writing), url);
    traffic.acknowledged.set(url, writing);
  }
}

/** A reader asks for anything that was acknowledged by then, and must not be answered anything older. */
async function read(
  traffic: Traffic,
  gateways: readonly StartedGateway[],
  reader: number,
  mayBeOlder: boolean,
): Promise<void> {
  const urls = [...traffic.acknowledged.keys()];
  for (let index = 0; index < 24; index += 1) {
    const url = urls[(index * 7919 + reader * 104_729) % urls.length] ?? '';
    const gateway = gateways[(index + reader) % gateways.length];
    if (gateway !== undefined) await look(traffic, gateway, url, mayBeOlder);
  }
}

async function look(traffic: Traffic, gateway: StartedGateway, url: string, mayBeOlder: boolean): Promise<void> {
  const least = traffic.acknowledged.get(url);
  check(traffic, url, least, await lookUp(gateway, url), mayBeOlder);
}

/** `least` is what was acknowledged when the lookup began. */
function check(
  traffic: Traffic,
  url: string,
  least: number | undefined,
  found: LookedUp | null | undefined,
  mayBeOlder: boolean,
): void {
  if (found == null) throw new Error(`${url} is absent`);
  const writing = Number(found.html.split(' ').at(-1));
  if (!mayBeOlder) expect(writing, url).toBeGreaterThanOrEqual(least ?? 0);
  traffic.sources.add(found.source);
  traffic.lookups += 1;
}

/** Traffic of all kinds at once, then a look at every URL through every gateway. */
async function run(traffic: Traffic, gateways: readonly StartedGateway[], mayBeOlder = false): Promise<void> {
  await Promise.all([
    ...[0, 1].map((writer) => write(traffic, gateways, writer)),
    ...[0, 1].map((reader) => read(traffic, gateways, reader, mayBeOlder)),
  ]);
  for (const gateway of gateways) {
    const urls = [...traffic.acknowledged.keys()];
    const found = await lookAllUp(gateway, urls);
    for (const [index, url] of urls.entries())
      check(traffic, url, traffic.acknowledged.get(url), found[index], mayBeOlder);
  }
}

const startAt = (pct: number): Promise<StartedGateway> => world.start({ DYNAMODB_MIGRATION_PCT: String(pct) });

describe('a rollout from 0 to 100 per cent under a stream of reads, writes and rewrites', () => {
  it('by one gateway never loses sight of what was stored, and answers nothing older than what was acknowledged', async () => {
    const traffic = await makeOld(30);
    for (const pct of [0, 25, 75, 100]) {
      await using gateway = await startAt(pct);
      await run(traffic, [gateway]);
    }
    expect(traffic.lookups).toBeGreaterThan(4 * (48 + 30));
    expect([...traffic.sources].sort()).toEqual(['DYNAMODB', 'SQLITE']);
  }, 120_000);

  it('by two gateways over the same stores, stopped together at 0 and before 100, one after the other between', async () => {
    const traffic = await makeOld(24);
    {
      await using a = await startAt(0);
      await using b = await startAt(0);
      await run(traffic, [a, b]);
    }
    let a = await startAt(1);
    let b = await startAt(1);
    try {
      for (const pct of [25, 75, 99]) {
        // A rolling deploy: the old and the new percentage side by side, with traffic on both.
        await a.gateway.close();
        a = await startAt(pct);
        await run(traffic, [a, b]);
        await b.gateway.close();
        b = await startAt(pct);
        await run(traffic, [a, b]);
      }
    } finally {
      await a[Symbol.asyncDispose]();
      await b[Symbol.asyncDispose]();
    }
    await using c = await startAt(100);
    await using d = await startAt(100);
    await run(traffic, [c, d]);
  }, 120_000);

  it('by gateways side by side at 0 and 25, or 75 and 100, loses nothing; a rewrite may be seen late there', async () => {
    const traffic = await makeOld(24);
    for (const [before, after] of [
      [0, 25],
      [75, 100],
    ] as const) {
      await using a = await startAt(before);
      await using b = await startAt(after);
      await run(traffic, [a, b], true);
    }
  }, 120_000);

  it('after copies that failed answers what was, until validate --repair has run', async () => {
    const url = urlAt('sqlite', 'uncopied');
    const at = async (pct: string) => {
      await using gateway = await world.start({ DYNAMODB_MIGRATION_PCT: pct });
      // Awaited here: the gateway ends with this scope.
      return await lookUp(gateway, url);
    };
    {
      await using gateway = await startAt(50);
      await put(gateway, 'first', url);
    }
    {
      // Nobody listens there.
      const away = { DYNAMODB_MIGRATION_PCT: '50', DYNAMODB_ENDPOINT: 'http://127.0.0.1:9' };
      await using gateway = await world.start(away);
      await put(gateway, 'second', url);
      await gateway.gateway.close();
      expect(gateway.notices.join('\n')).toContain(
        '1 copies to DynamoDB failed since the start: run crawlgate validate --repair before DYNAMODB_MIGRATION_PCT is raised.',
      );
    }
    expect(await at('50')).toEqual({ html: 'second', source: 'SQLITE' });
    expect(await at('100')).toEqual({ html: 'first', source: 'DYNAMODB' });
    expect(await runCommand(['validate', '--repair'], world.env)).toMatchObject({ code: 0 });
    expect(await at('100')).toEqual({ html: 'second', source: 'DYNAMODB' });
  });
});
