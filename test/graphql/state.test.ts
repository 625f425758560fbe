// health, stats and crawlSession.
import { describe, expect, it } from 'vitest';
import { groups } from '../../src/domain/fields.js';
import { healthKey } from '../../src/domain/result-key.js';
import { CrawlgateError } from '../../src/errors.js';
import { createFixture, found, instant, nowMs } from './gateway-fixture.js';

const down = new CrawlgateError('STORE_UNAVAILABLE', 'The store does not answer.', {});

describe('health', () => {
  const query = `{ health { status responseTimeMs timestamp error store { kind table region layout reachable itemCount }
    memory { entries bytes maxBytes } circuit } }`;

  it('reads the reserved key consistently, and nothing of it', async () => {
    let clock = 5;
    const gateway = createFixture({
      elapsed: () => {
        clock += 2.5;
        return clock;
      },
    });
    const { data, errors } = await gateway.ask(query);
    expect(errors).toBeUndefined();
    expect(data.health).toEqual({
      status: 'HEALTHY',
      responseTimeMs: 2.5,
      timestamp: '2026-05-01T12:00:00Z',
      error: null,
      store: { kind: 'embedded', table: 't', region: 'us-east-1', layout: 'document', reachable: true, itemCount: 7 },
      memory: { entries: 0, bytes: 0, maxBytes: 1000 },
      circuit: 'CLOSED',
    });
    expect(gateway.reads).toMatchObject([
      { keys: [healthKey], want: { groups: groups.none, consistency: 'STRONG', outcome: 'ANY', onlyIfCached: false } },
    ]);
  });

  it('is UNHEALTHY while the store is down, DEGRADED where memory still answers, and says why', async () => {
    const gateway = createFixture({ circuitState: () => 'OPEN' });
    gateway.results.set(healthKey, { kind: 'failed', error: down });
    const { data, errors } = await gateway.ask(query);
    expect(errors).toBeUndefined();
    expect(data.health).toMatchObject({
      status: 'UNHEALTHY',
      error: 'STORE_UNAVAILABLE: The store does not answer.',
      store: { reachable: false },
      circuit: 'OPEN',
    });
    const degraded = createFixture({ memoryState: () => ({ entries: 1, bytes: 10, maxBytes: 100 }) });
    degraded.results.set(healthKey, { kind: 'failed', error: down });
    expect((await degraded.ask(query)).data.health.status).toBe('DEGRADED');
  });
});

describe('stats', () => {
  it('are the counts as they stand', async () => {
    const gateway = createFixture();
    const { data } = await gateway.ask(`{ stats { lookups memoryHits staleHits misses hitRate storeCalls storeKeys
      retriedKeys throttles failures consumedReadUnits consumedWriteUnits } }`);
    expect(data.stats).toEqual(gateway.services.stats());
  });
});

describe('crawlSession', () => {
  const query = 'query ($id: ID!) { crawlSession(id: $id) { id state createdAt updatedAt expiresAt } }';
  const session = {
    id: 's1',
    state: { cookies: [1] },
    createdAt: instant('2026-05-01T11:00:00Z'),
    updatedAt: null,
    expiresAt: nowMs / 1000 + 60,
  };

  it('answers a stored session', async () => {
    const gateway = createFixture();
    gateway.sessions.set('s1', found(session));
    expect((await gateway.ask(query, { id: 's1' })).data.crawlSession).toEqual({
      id: 's1',
      state: { cookies: [1] },
      createdAt: '2026-05-01T11:00:00Z',
      updatedAt: null,
      expiresAt: '2026-05-01T12:01:00Z',
    });
  });

  it('answers null for none and for an expired one', async () => {
    const gateway = createFixture();
    gateway.sessions.set('s1', found({ ...session, expiresAt: nowMs / 1000 }));
    expect((await gateway.ask(query, { id: 's1' })).data).toEqual({ crawlSession: null });
    expect((await gateway.ask(query, { id: 's2' })).data).toEqual({ crawlSession: null });
  });

  it('fails with the code of the store', async () => {
    const gateway = createFixture();
    gateway.sessions.set('s1', { kind: 'failed', error: down });
    expect((await gateway.ask(query, { id: 's1' })).errors).toMatchObject([
      { path: ['crawlSession'], extensions: { code: 'STORE_UNAVAILABLE' } },
    ]);
  });

  it.each(['', 'x'.repeat(2049), '\udc00'])('refuses the id %j', async (id) => {
    expect((await createFixture().ask(query, { id })).errors).toMatchObject([
      { path: ['crawlSession'], extensions: { code: 'BAD_USER_INPUT', argument: 'id' } },
    ]);
  });
});
