// Three calls in ten fail, at random: no lookup is lost or wrong, no acknowledged write is missing.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groups } from '../../src/domain/fields.js';
import { inParallel } from '../../src/domain/in-parallel.js';
import { plainWant } from '../../src/domain/read-many.js';
import { latestKey } from '../../src/domain/result-key.js';
import { toUrlKey } from '../../src/domain/url-key.js';
import type { LayoutName } from '../../src/dynamo/table.js';
import { within } from '../support/within.js';
import { randomly, seededRandom, unharmed } from './fault-proxy.js';
import { type FaultWorld, figure, htmlOf, percentile, startFaultWorld, until, urlsOf } from './fault-world.js';
import { type Fault, passingFaults } from './faults.js';
import { tiersOver } from './tiers.js';

const faults: readonly Fault[] = [...passingFaults, { kind: 'silent', isDone: true }, { kind: 'stalled' }];
const stored = urlsOf('stored', 1_000);
const missing = urlsOf('missing', 100);
const all = [...stored, ...missing];
const isStored = new Set(stored);
const seed = 20_261_123;

describe('lookups', () => {
  let world: FaultWorld;
  beforeAll(async () => {
    world = await startFaultWorld('document', 400);
    await world.store(stored);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  function faulty(): { readonly calls: number; readonly faulty: number } {
    const { seen } = world.proxy;
    return { calls: seen.length, faulty: seen.filter(({ fault }) => fault !== null).length };
  }

  it('over HTTP: of 10,000 none is lost, none is wrong', async () => {
    await using started = await world.gateway({
      CRAWLGATE_MEMORY_FRESH_SECONDS: '0',
      CRAWLGATE_MEMORY_ABSENT_SECONDS: '0',
    });
    world.proxy.seen.length = 0;
    world.proxy.plan(randomly(seed, 0.3, faults));
    const random = seededRandom(seed);
    const query = 'query ($urls: [String!]!) { crawlResults(urls: $urls) { url html cache { status } } }';
    const requests = Array.from({ length: 200 }, () =>
      Array.from({ length: 50 }, () => all[Math.floor(random() * all.length)] ?? ''),
    );
    const times: number[] = [];
    const counts = { lost: 0, wrong: 0, stale: 0 };
    await inParallel(requests, 8, async (urls) => {
      const at = performance.now();
      const { data, errors = [] } = await started.ask(query, { urls });
      times.push(performance.now() - at);
      counts.lost += errors.length;
      const results = (data?.crawlResults ?? []) as ({ url: string; html: string; cache: { status: string } } | null)[];
      urls.forEach((url, index) => {
        const result = results[index] ?? null;
        const isRight = isStored.has(url) ? result?.url === url && result.html === htmlOf(url) : result === null;
        if (!isRight && !errors.some(({ path }) => path?.[1] === index)) counts.wrong += 1;
        if (result?.cache.status === 'STALE') counts.stale += 1;
      });
    });
    const { calls, faulty: failed } = faulty();
    figure(
      `30 % faults over HTTP: 10,000 lookups, ${counts.lost} lost, ${counts.wrong} wrong, ${counts.stale} stale; ` +
        `${failed} of ${calls} calls failed; requests of 50 took p50 ${percentile(times, 0.5).toFixed(0)} ms, ` +
        `p99 ${percentile(times, 0.99).toFixed(0)} ms`,
    );
    expect(counts).toEqual({ lost: 0, wrong: 0, stale: 0 });
    expect(failed / calls).toBeGreaterThan(0.2);
  });

  it('through the tiers, with memory now and then fresh: of 10,000 none is lost, none is wrong', async () => {
    const { readResults, circuit } = tiersOver(world, 20);
    world.proxy.seen.length = 0;
    world.proxy.plan(randomly(seed + 1, 0.3, faults));
    const random = seededRandom(seed);
    const want = { ...plainWant, groups: groups.all };
    let lost = 0;
    let wrong = 0;
    await inParallel(Array.from({ length: 1_000 }), 32, async () => {
      const keys = Array.from({ length: 10 }, () => latestKey(toUrlKey(all[Math.floor(random() * all.length)] ?? '')));
      const outcomes = await readResults({ keys, want, signal: within(10_000) });
      for (const key of keys) {
        const outcome = outcomes.get(key);
        if (outcome === undefined || outcome.kind === 'failed') lost += 1;
        else if ((outcome.kind === 'found') !== isStored.has(key)) wrong += 1;
        else if (outcome.kind === 'found' && outcome.value.success?.fields.get('html') !== htmlOf(key)) wrong += 1;
      }
    });
    const { calls, faulty: failed } = faulty();
    figure(
      `30 % faults through the tiers: 10,000 lookups, ${lost} lost, ${wrong} wrong; ${failed} of ${calls} calls failed`,
    );
    expect([lost, wrong]).toEqual([0, 0]);
    expect(circuit.state()).toBe('CLOSED');
    circuit[Symbol.dispose]();
  });
});

describe.each<[LayoutName, number, number]>([
  ['document', 30, 300],
  ['versioned', 30, 300],
  ['document', 80, 60],
])('writes to a table of the %s layout, %d %% of calls failing', (layout, percent, count) => {
  it('are there where they were acknowledged, and have a code where not', { timeout: 90_000 }, async () => {
    await using world = await startFaultWorld(layout, 400);
    await using started = await world.gateway({ DYNAMODB_MAX_RETRIES: '1', CRAWLGATE_DEADLINE_MS: '4000' });
    const random = seededRandom(seed);
    const pages = Array.from({ length: count }, (_, index) => ({
      url: `https://${layout}.example/${index}`,
      success: true,
      // Every tenth is large enough to be packed, and in the versioned layout to lie in parts.
      html: `${index}:${Array.from({ length: index % 10 === 0 ? 20_000 : 10 }, () => random().toString(36)).join(' ')}`,
    }));
    const put = `mutation ($results: [CrawlResultInput!]!) {
      cacheCrawlResults(results: $results) { url stored error { code } } }`;
    const requests = Array.from({ length: count / 5 }, (_, index) => pages.slice(5 * index, 5 * index + 5));
    const acknowledged = new Set<string>();
    const codes: Record<string, number> = {};
    world.proxy.seen.length = 0;
    world.proxy.plan(randomly(seed, percent / 100, faults));
    await inParallel(requests, 4, async (results) => {
      const { data, errors } = await started.ask(put, { results });
      expect(errors).toBeUndefined();
      const answers = data?.cacheCrawlResults as { url: string; stored: boolean; error: { code: string } | null }[];
      expect(answers.map(({ url }) => url)).toEqual(results.map(({ url }) => url));
      for (const { url, stored: isDone, error } of answers) {
        if (isDone) acknowledged.add(url);
        else codes[error?.code ?? 'none'] = (codes[error?.code ?? 'none'] ?? 0) + 1;
      }
    });
    const failed = world.proxy.seen.filter(({ fault }) => fault !== null).length;
    world.proxy.plan(unharmed);
    const query = 'query ($urls: [String!]!) { crawlResults(urls: $urls, consistency: STRONG) { url html } }';
    let there: ({ html: string } | null)[] = [];
    // What is there is the question, not how soon a circuit closes and an engine on a busy machine answers.
    await until(async () => {
      const { data, errors } = await started.ask(query, { urls: pages.map(({ url }) => url) });
      there = (data?.crawlResults ?? []) as typeof there;
      return errors === undefined;
    });
    const wrong = pages.filter(({ url, html }, index) => acknowledged.has(url) && there[index]?.html !== html);
    figure(
      `${percent} % faults, ${layout} layout: ${pages.length} writes, ${acknowledged.size} acknowledged and ` +
        `${wrong.length} of these not there as written; refused: ${JSON.stringify(codes)}; ` +
        `${failed} of ${world.proxy.seen.length} calls failed`,
    );
    expect(wrong).toEqual([]);
    expect(codes.none).toBeUndefined();
  });
});
