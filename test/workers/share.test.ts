// What each worker has of the bounds of all: together no less than was set, and hardly more.
import { describe, expect, it } from 'vitest';
import { type Config, readConfig } from '../../src/config.js';
import { shareOf } from '../../src/workers/share.js';

function configOf(env: Readonly<Record<string, string>>): Config {
  const result = readConfig(env);
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.config;
}

describe('the share of one of three workers', () => {
  it('is a third of memory and connections, and of room and rates no less than that', () => {
    const config = configOf({
      CRAWLGATE_MEMORY_BYTES: '30000000',
      DYNAMODB_MAX_POOL_CONNECTIONS: '50',
      CRAWLGATE_MAX_IN_FLIGHT: '2000',
      CRAWLGATE_MAX_BODIES_BYTES: '30000000',
      CRAWLGATE_MAX_CONNECTIONS: '1000',
      CRAWLGATE_MAX_REQUESTS_PER_MINUTE: '6001',
    });
    const { memory, dynamo, limits } = shareOf(config, 2, 3);
    expect(memory.bytes).toBe(10_000_000);
    expect(dynamo.maxPoolConnections).toBe(16);
    expect(limits).toEqual({
      ...config.limits,
      maxInFlight: 667,
      maxBodiesBytes: 10_000_000,
      maxConnections: 334,
      maxRequestsPerMinute: 2001,
    });
  });

  it('is one where there is less than one for each, and no limit where there is none', () => {
    const { limits } = shareOf(configOf({ CRAWLGATE_MAX_IN_FLIGHT: '1' }), 1, 3);
    expect(limits).toMatchObject({ maxInFlight: 1, maxRequestsPerMinute: 0 });
  });

  it('has a snapshot of its own, and samples to load only at the first place', () => {
    const config = configOf({ CRAWLGATE_MEMORY_SNAPSHOT: '/tmp/memory', CRAWLGATE_SAMPLES: '1' });
    const shares = [1, 2, 3].map((place) => shareOf(config, place, 3));
    expect(shares.map(({ memory }) => memory.snapshot)).toEqual(['/tmp/memory', '/tmp/memory.2', '/tmp/memory.3']);
    expect(shares.map(({ embedded }) => embedded.samples)).toEqual([true, false, false]);
  });
});
