// Several workers as one gateway, over HTTP: what one writes all know, what one says is true of all, none is missed.
import { describe, expect, it } from 'vitest';
import { found, startFakeDynamo } from '../support/fake-dynamo.js';
import type { GraphqlBody } from '../support/gateway.js';
import { readMetrics } from '../support/prometheus.js';
import { accepts, put, read, startGateway, url, workersOf } from './world.js';

function versionIn(answer: GraphqlBody): number {
  expect(answer.errors).toBeUndefined();
  const result = answer.data?.crawlResult as { title: string } | null;
  return result === null ? -1 : Number(result.title);
}

// Several Nodes come up and one dies: half a minute on a machine that has other things to do.
describe('workers', { timeout: 120_000 }, () => {
  it('never answer what was before an acknowledged write, whichever of them it came to', async () => {
    await using gateway = await startGateway(3);
    const clients = Array.from({ length: 6 }, () => gateway.connect());
    const pages = ['a', 'b'];
    const acknowledged = new Map(pages.map((page) => [page, -1]));
    let isOver = false;
    // Readers keep every memory full while the writes go on.
    const readers = Array.from({ length: 3 }, async (_, index) => {
      using client = gateway.connect();
      const page = pages[index % 2] ?? '';
      while (!isOver) {
        const least = acknowledged.get(page) ?? -1;
        expect(versionIn(await client.ask(read(page)))).toBeGreaterThanOrEqual(least);
      }
    });
    for (let version = 0; version < 16; version += 1) {
      const page = pages[version % 2] ?? '';
      const answer = await clients[version % clients.length]?.ask(put(page, version));
      expect(answer?.data?.cacheCrawlResults).toEqual([{ stored: true, error: null }]);
      acknowledged.set(page, version);
      const seen = await Promise.all(clients.map((client) => client.ask(read(page))));
      expect(seen.map(versionIn)).toEqual(clients.map(() => version));
    }
    isOver = true;
    await Promise.all(readers);
    // They do answer from memories of their own: it is not that all of them ask the store.
    const sources = await Promise.all(clients.map((client) => client.ask(read('a'))));
    expect(sources.map(({ data }) => data?.crawlResult)).toEqual(
      clients.map(() => ({ title: '14', cache: { source: 'MEMORY' } })),
    );
    for (const client of clients) client[Symbol.dispose]();
  });

  it('say of themselves what is true of all, and of each lookup once', async () => {
    await using gateway = await startGateway(3, { CRAWLGATE_MEMORY_BYTES: '30000000' });
    const clients = Array.from({ length: 6 }, () => gateway.connect());
    await clients[0]?.ask(put('a', 1));
    for (let round = 0; round < 7; round += 1) {
      for (const client of clients) await client.ask(read('a'));
    }
    for (const client of clients) {
      const { data } = await client.ask(
        '{ stats { lookups memoryHits misses } health { memory { entries maxBytes } circuit } }',
      );
      // One miss a worker: each has read it once.
      expect(data).toEqual({
        stats: { lookups: 42, memoryHits: 39, misses: 3 },
        health: { memory: { entries: 3, maxBytes: 30_000_000 }, circuit: 'CLOSED' },
      });
      client[Symbol.dispose]();
    }
  });

  it('say the same in stats, health and /metrics to the last digit, whichever is asked', async () => {
    await using gateway = await startGateway(2, { CRAWLGATE_MEMORY_BYTES: '30000001' });
    const clients = Array.from({ length: 4 }, () => gateway.connect());
    for (const [index, client] of clients.entries()) {
      await client.ask(put(`page-${index}`, index));
      for (let one = 0; one <= index; one += 1) await client.ask(read(`page-${one}`));
      await client.ask(read('nowhere'));
      await client.ask('query Late { crawlResult(url: "https://unseen.example/", onlyIfCached: true) { url } }');
      await client.ask('{ nothing }');
    }
    for (const path of ['/nowhere', '/nowhere', '/page/nowhere']) {
      await (await fetch(`http://127.0.0.1:${gateway.port}${path}`)).text();
    }
    const said: unknown[] = [];
    for (const client of clients) {
      const { data } = await client.ask(`query Look { stats { lookups memoryHits staleHits misses hitRate storeCalls
        storeKeys retriedKeys throttles failures consumedReadUnits consumedWriteUnits }
        health { memory { entries bytes maxBytes } circuit } }`);
      // A reading of /metrics of its own beside each: it comes to whichever worker is next.
      const metrics = await readMetrics(gateway.port);
      const lookups = metrics.series('crawlgate_lookups_total');
      const by = (pattern: RegExp): number =>
        Object.entries(lookups).reduce((sum, [labels, value]) => (pattern.test(labels) ? sum + value : sum), 0);
      const hits = by(/source=memory/);
      const all = metrics.sum('crawlgate_lookups_total');
      expect(data).toEqual({
        stats: {
          lookups: all,
          memoryHits: hits - by(/outcome=stale/),
          staleHits: by(/outcome=stale/),
          misses: all - hits,
          hitRate: hits / all,
          storeCalls: metrics.sum('crawlgate_store_calls_total'),
          storeKeys: metrics.sum('crawlgate_store_keys_total'),
          retriedKeys: metrics.sum('crawlgate_store_retried_keys_total'),
          throttles: metrics.value('crawlgate_store_throttles_total'),
          failures: by(/outcome=failed/),
          consumedReadUnits: metrics.value('crawlgate_store_read_units_total'),
          consumedWriteUnits: metrics.value('crawlgate_store_write_units_total'),
        },
        health: {
          memory: {
            entries: metrics.value('crawlgate_memory_entries'),
            bytes: metrics.value('crawlgate_memory_bytes'),
            maxBytes: metrics.value('crawlgate_memory_max_bytes'),
          },
          circuit: 'CLOSED',
        },
      });
      // What was asked, counted by hand: 1 + 2 + 3 + 4 pages, four times what is nowhere, four times memory alone.
      expect([all, by(/not_in_memory/), by(/outcome=failed/)]).toEqual([18, 4, 0]);
      expect(metrics.value('crawlgate_refused_requests_total', { code: 'NOT_FOUND' })).toBe(3);
      expect(metrics.series('crawlgate_circuit_state')['state=closed']).toBe(2);
      said.push(data);
    }
    expect(said).toEqual(said.map(() => said[0]));
    for (const client of clients) client[Symbol.dispose]();
  });

  it('lose nothing acknowledged when one is killed under load, and are as many as before', async () => {
    await using gateway = await startGateway(2);
    const [victim] = workersOf(gateway);
    const acknowledged: string[] = [];
    let isOver = false;
    let answeredSince = 0;
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      let client = gateway.connect();
      for (let version = 0; !isOver || version < 5; version += 1) {
        const page = `w${writer}-${version}`;
        try {
          const { data } = await client.ask(put(page, version));
          const [outcome] = (data?.cacheCrawlResults ?? []) as readonly { stored: boolean }[];
          if (outcome?.stored) acknowledged.push(page);
          answeredSince += 1;
        } catch {
          // Its worker has died; a new connection goes to the other.
          client[Symbol.dispose]();
          client = gateway.connect();
        }
      }
      client[Symbol.dispose]();
    });
    while (acknowledged.length < 20) await new Promise((resolve) => setImmediate(resolve));
    process.kill(victim ?? 0, 'SIGKILL');
    await gateway.process.waitFor(/Worker \d ended unasked \(SIGKILL\)/);
    answeredSince = 0;
    await gateway.process.waitFor(/Worker \d answers again/);
    isOver = true;
    await Promise.all(writers);
    // The other one went on meanwhile.
    expect(answeredSince).toBeGreaterThan(0);
    expect(workersOf(gateway)).toHaveLength(2);
    expect(workersOf(gateway)).not.toContain(victim);
    const clients = [gateway.connect(), gateway.connect()];
    for (const client of clients) {
      const urls = acknowledged.map((page) => `"${url(page)}"`).join(', ');
      const { data } = await client.ask(`{ crawlResults(urls: [${urls}]) { url } }`);
      expect(data?.crawlResults).toEqual(acknowledged.map((page) => ({ url: url(page) })));
      client[Symbol.dispose]();
    }
  });

  it('count no less than before when one was killed, in /metrics and in stats', async () => {
    await using gateway = await startGateway(2);
    for (let connection = 0; connection < 4; connection += 1) {
      using client = gateway.connect();
      for (let lookup = 0; lookup < 5; lookup += 1) await client.ask(read('a'));
    }
    const counters = ['crawlgate_lookups_total', 'crawlgate_lookup_duration_seconds_count'];
    const sums = async () => {
      const metrics = await readMetrics(gateway.port);
      return counters.map((name) => metrics.sum(name));
    };
    const before = await sums();
    expect(before[0]).toBe(20);
    using asking = gateway.connect();
    expect((await asking.ask('{ stats { lookups } }')).data).toEqual({ stats: { lookups: 20 } });
    process.kill(workersOf(gateway)[0] ?? 0, 'SIGKILL');
    await gateway.process.waitFor(/Worker \d answers again/);
    expect(await sums()).toEqual(before);
    using client = gateway.connect();
    await client.ask(read('a'));
    expect((await client.ask('{ stats { lookups } }')).data).toEqual({ stats: { lookups: 21 } });
    expect((await sums())[0]).toBe(21);
  });

  it('do not wait for ever for one that hangs: it is killed, and cannot answer from before', async () => {
    await using gateway = await startGateway(2);
    const clients = [gateway.connect(), gateway.connect()];
    await clients[0]?.ask(put('a', 1));
    for (const client of clients) expect(versionIn(await client.ask(read('a')))).toBe(1);
    const [hung] = workersOf(gateway);
    process.kill(hung ?? 0, 'SIGSTOP');
    // One of the two goes to the worker that hangs.
    const answers = await Promise.allSettled(clients.map((client, index) => client.ask(put('a', 2 + index))));
    const [written] = answers.filter(({ status }) => status === 'fulfilled');
    expect(written).toMatchObject({ value: { data: { cacheCrawlResults: [{ stored: true }] } } });
    await gateway.process.waitFor(/Worker \d answers again/);
    for (let connection = 0; connection < 4; connection += 1) {
      using client = gateway.connect();
      expect(versionIn(await client.ask(read('a')))).toBeGreaterThan(1);
    }
    for (const client of clients) client[Symbol.dispose]();
  });

  it('let queries in flight answer in every worker, then end with 0', async () => {
    let answerNow = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      answerNow = resolve;
    });
    const asked = new Set<string>();
    await using store = await startFakeDynamo({
      answer: async ({ operation, input }) => {
        if (operation !== 'BatchGetItem') return null;
        const { RequestItems = {} } = input as { RequestItems?: Record<string, { Keys: { url: { S: string } }[] }> };
        const urls = Object.values(RequestItems).flatMap(({ Keys }) => Keys.map(({ url: key }) => key.S));
        for (const one of urls) asked.add(one);
        await held;
        const items = urls.map((one) => ({
          url: { S: one },
          html: { S: '' },
          success: { BOOL: true },
          created_at: { S: '2026-11-01T00:00:00Z' },
        }));
        return found('crawl4ai-results', ...items);
      },
    });
    await using gateway = await startGateway(2, { DYNAMODB_ENDPOINT: store.endpoint, CRAWLGATE_SHUTDOWN_MS: '60000' });
    // Each of a URL of its own, so that the store sees every query that is in flight.
    const names = ['a', 'b', 'c', 'd'];
    const clients = names.map(() => gateway.connect());
    const answers = Promise.all(
      clients.map((client, index) => client.ask(`{ crawlResult(url: "${url(names[index] ?? '')}") { url } }`)),
    );
    while (!names.every((name) => asked.has(url(name)))) await new Promise((resolve) => setImmediate(resolve));
    gateway.process.child.kill('SIGTERM');
    // Nobody is accepted any more: the order to end has arrived.
    while (await accepts(gateway.port)) await new Promise((resolve) => setImmediate(resolve));
    answerNow();
    expect(await answers).toEqual(names.map((name) => ({ data: { crawlResult: { url: url(name) } } })));
    for (const client of clients) client[Symbol.dispose]();
    expect(await gateway.process.ended).toEqual({ code: 0, signal: null });
    expect(gateway.process.stdout().match(/listens/g)).toHaveLength(1);
  });

  it('end at once, with 1, at the second signal', async () => {
    await using store = await startFakeDynamo({
      answer: ({ operation }) => (operation === 'BatchGetItem' ? new Promise(() => undefined) : null),
    });
    await using gateway = await startGateway(2, { DYNAMODB_ENDPOINT: store.endpoint });
    using client = gateway.connect();
    const asked = client.ask(read('a')).catch(() => 'cut off');
    while (!store.operations.includes('BatchGetItem')) await new Promise((resolve) => setImmediate(resolve));
    gateway.process.child.kill('SIGTERM');
    while (await accepts(gateway.port)) await new Promise((resolve) => setImmediate(resolve));
    gateway.process.child.kill('SIGINT');
    expect(await gateway.process.ended).toEqual({ code: 1, signal: null });
    expect(await asked).toBe('cut off');
  });
});
