// DynamoDB is away, the whole of it: what a gateway with a warm memory answers, and how it comes back.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredResult } from '../../src/domain/crawl-result.js';
import { groups } from '../../src/domain/fields.js';
import { plainWant, type ReadOutcome } from '../../src/domain/read-many.js';
import { latestKey } from '../../src/domain/result-key.js';
import { toUrlKey } from '../../src/domain/url-key.js';
import type { StartedGateway } from '../support/gateway.js';
import { call } from '../support/raw-http.js';
import { within } from '../support/within.js';
import { always, unharmed } from './fault-proxy.js';
import { type FaultWorld, figure, percentile, startFaultWorld, until, urlsOf } from './fault-world.js';
import { exceptions, type Fault } from './faults.js';
import { tiersOver } from './tiers.js';

const oneQuery = 'query ($url: String!) { crawlResult(url: $url) { url statusCode cache { source status } } }';
const manyQuery = 'query ($urls: [String!]!) { crawlResults(urls: $urls) { url html cache { status } } }';
const healthQuery = '{ health { status circuit error store { reachable } } }';
const putQuery = `mutation ($url: String!) {
  cacheCrawlResults(results: [{ url: $url, success: true, html: "x" }]) { stored error { code } } }`;

/** Nothing stays fresh, so that every lookup asks DynamoDB first. */
const env = { CRAWLGATE_MEMORY_FRESH_SECONDS: '0', CRAWLGATE_DEADLINE_MS: '5000' };
const warm = urlsOf('warm', 500);
const cold = urlsOf('cold', 20);
let world: FaultWorld;
beforeAll(async () => {
  world = await startFaultWorld('document', 400);
  await world.store([...warm, ...cold]);
});
afterAll(() => world[Symbol.asyncDispose]());

interface One {
  readonly url: string;
  readonly cache: { readonly source: string; readonly status: string };
}

async function health(started: StartedGateway): Promise<{ status: string; circuit: string }> {
  return (await started.ask(healthQuery)).data?.health as { status: string; circuit: string };
}

async function isFresh(started: StartedGateway, url: string): Promise<boolean> {
  const { data } = await started.ask(oneQuery, { url });
  const result = data?.crawlResult as One | null;
  return result?.cache.status === 'FRESH';
}

async function ready(started: StartedGateway): Promise<number> {
  return (await call({ port: started.port, path: '/ready' })).status;
}

describe.each<[string, Fault | 'refused']>([
  ['refused connections', 'refused'],
  ['errors', exceptions.internal],
  ['silence', { kind: 'silent', isDone: false }],
  ['stalled answers', { kind: 'stalled' }],
])('an outage of %s', (name, fault) => {
  const begin = async (): Promise<void> => {
    if (fault === 'refused') await world.proxy.refuse();
    else world.proxy.plan(always(fault));
  };
  const end = async (): Promise<void> => {
    world.proxy.plan(unharmed);
    if (fault === 'refused') await world.proxy.accept();
  };

  it('leaves every warm key answered, and is over by itself', async () => {
    await using started = await world.gateway(env);
    await started.ask(manyQuery, { urls: warm });
    expect(await health(started)).toMatchObject({ status: 'HEALTHY', circuit: 'CLOSED' });
    await begin();
    try {
      // The first to come wait until it is clear that this is an outage; none of them goes without an answer.
      const first = await Promise.all(warm.slice(0, 50).map((url) => started.ask(oneQuery, { url })));
      for (const { data, errors } of first) {
        expect(errors).toBeUndefined();
        expect(data?.crawlResult).toMatchObject({ cache: { source: 'MEMORY', status: 'STALE' } });
      }
      await until(async () => {
        await started.ask(oneQuery, { url: warm[0] });
        return (await health(started)).circuit !== 'CLOSED';
      });

      const times: number[] = [];
      let stale = 0;
      for (let round = 0; round < 2; round += 1) {
        for (const url of warm) {
          const at = performance.now();
          const { data } = await started.ask(oneQuery, { url });
          times.push(performance.now() - at);
          const result = data?.crawlResult as One | null;
          if (result?.url === url && result.cache.status === 'STALE') stale += 1;
        }
      }
      expect(stale).toBe(2 * warm.length);
      figure(
        `${name}: ${((100 * stale) / times.length).toFixed(1)} % of ${times.length} warm lookups answered, ` +
          `p50 ${percentile(times, 0.5).toFixed(1)} ms, p99 ${percentile(times, 0.99).toFixed(1)} ms`,
      );

      const { data, errors } = await started.ask(manyQuery, { urls: [warm[0], ...cold, warm[1]] });
      expect(data?.crawlResults).toMatchObject([{ url: warm[0] }, ...cold.map(() => null), { url: warm[1] }]);
      expect(errors?.map(({ path, extensions }) => [path, extensions?.code])).toEqual(
        cold.map((_, index) => [['crawlResults', index + 1], 'STORE_UNAVAILABLE']),
      );
      expect((await started.ask(putQuery, { url: cold[0] })).data?.cacheCrawlResults).toMatchObject([
        { stored: false, error: { code: 'STORE_UNAVAILABLE' } },
      ]);
      expect(await health(started)).toMatchObject({ status: 'DEGRADED', error: expect.stringMatching('STORE_UNAV') });
      expect(await ready(started)).toBe(200);
    } finally {
      await end();
    }
    const at = performance.now();
    await until(() => isFresh(started, warm[7] ?? ''));
    figure(`${name}: fresh answers ${((performance.now() - at) / 1000).toFixed(2)} s after the outage`);
    expect(await health(started)).toMatchObject({ status: 'HEALTHY', circuit: 'CLOSED' });
    const said = started.log.filter(({ message }) =>
      /^DynamoDB (is not answering|answers again)/.test(String(message)),
    );
    expect(said.map(({ level }) => level)).toEqual(['error', 'warn']);
  });
});

describe('the way back', () => {
  it('is no stampede: a key for which 1,000 requests wait is read once', async () => {
    const { readResults, circuit } = tiersOver(world);
    await using _ = { [Symbol.asyncDispose]: async () => circuit[Symbol.dispose]() };
    const key = latestKey(toUrlKey(cold[0] ?? ''));
    const want = { ...plainWant, groups: groups.head };
    const ask = (): Promise<readonly (ReadOutcome<StoredResult> | undefined)[]> =>
      Promise.all(
        Array.from({ length: 1_000 }, async () =>
          (await readResults({ keys: [key], want, signal: within(20_000) })).get(key),
        ),
      );
    const readsOfKey = (): number => world.proxy.seen.flatMap(({ keys }) => keys).filter((text) => text === key).length;

    // They wait while DynamoDB hangs, and it comes back.
    world.proxy.seen.length = 0;
    let release = (): void => undefined;
    const back = new Promise<void>((resolve) => {
      release = resolve;
    });
    world.proxy.plan(always({ kind: 'held', until: back }));
    const waiting = ask();
    await until(() => world.proxy.seen.length > 0);
    release();
    expect(new Set((await waiting).map((outcome) => outcome?.kind))).toEqual(new Set(['found']));
    expect(readsOfKey()).toBe(1);

    // The circuit opens, and they all come at the moment when it closes.
    world.proxy.plan(always(exceptions.internal));
    await until(async () => {
      await readResults({ keys: [latestKey(toUrlKey(warm[0] ?? ''))], want, signal: within(5_000) });
      return circuit.state() === 'OPEN';
    });
    world.proxy.plan(unharmed);
    await until(() => circuit.state() === 'CLOSED');
    world.proxy.seen.length = 0;
    expect(new Set((await ask()).map((outcome) => outcome?.kind))).toEqual(new Set(['found']));
    expect(readsOfKey()).toBe(1);
  });
});

describe('a gateway without anything in memory', () => {
  it('is not ready and not healthy while DynamoDB is away, and is once it is there, without a restart', async () => {
    await world.proxy.refuse();
    await using started = await world.gateway(env);
    try {
      expect(await ready(started)).toBe(503);
      expect(await health(started)).toMatchObject({ status: 'UNHEALTHY' });
    } finally {
      await world.proxy.accept();
    }
    await until(async () => (await ready(started)) === 200);
    await until(() => isFresh(started, warm[0] ?? ''));
  });
});
