import { createMemoryTier } from '../../src/cache/memory-tier.js';
import { createSharedBatches } from '../../src/cache/shared-batches.js';
import { groups } from '../../src/domain/fields.js';
import { plainWant, type ReadMany, type ReadOutcome } from '../../src/domain/read-many.js';
import { CrawlgateError } from '../../src/errors.js';
import { silentEvents } from '../../src/observability/events.js';
import { describeReadMany, type ReadManyWorld } from '../contract/read-many.js';

/** The simplest implementation there is: a Map. */
function createMapReader(world: ReadManyWorld<string>) {
  const calls: (readonly string[])[] = [];
  const lost = (code: 'STORE_UNAVAILABLE' | 'DEADLINE_EXCEEDED') =>
    ({ kind: 'failed', error: new CrawlgateError(code, 'lost', {}) }) as const;

  function read(key: string): ReadOutcome<string> {
    if (world.failing.includes(key)) return lost('STORE_UNAVAILABLE');
    if (!world.stored.includes(key)) return { kind: 'absent' };
    return { kind: 'found', value: `page ${key}`, provenance: { source: 'DYNAMODB', status: 'FRESH', readAt: 1_000 } };
  }

  const readMany: ReadMany<string, string> = async ({ keys, signal }) => {
    if (keys.length === 0) return new Map();
    if (signal.aborted) return new Map(keys.map((key) => [key, lost('DEADLINE_EXCEEDED')]));
    calls.push([...new Set(keys)]);
    if (world.fault === 'stalls') {
      await new Promise((resolve) => signal.addEventListener('abort', () => resolve(null)));
      return new Map(keys.map((key) => [key, lost('DEADLINE_EXCEEDED')]));
    }
    return new Map(keys.map((key) => [key, world.fault === 'throws' ? lost('STORE_UNAVAILABLE') : read(key)]));
  };
  return { readMany, calls: () => calls };
}

/** As a neighbour that breaks its own promise where the world is to throw. */
function createNeighbour(world: ReadManyWorld<string>) {
  const reader = createMapReader(world);
  const next: ReadMany<string, string> = async (request) => {
    if (world.fault === 'throws') throw new TypeError('a bug');
    return reader.readMany(request);
  };
  return { next, calls: reader.calls };
}

function sharedBatches(next: ReadMany<string, string>) {
  return createSharedBatches({
    next,
    setTimer: () => () => undefined,
    atTurnEnd: queueMicrotask,
    events: silentEvents,
  });
}

function memoryTier(next: ReadMany<string, string>) {
  return createMemoryTier<string, string>({
    next,
    maxBytes: 1_000_000,
    freshMs: 60_000,
    staleMs: 600_000,
    absentMs: 5_000,
    now: () => 1_000,
    sizeOf: (value) => value.length,
    covers: () => true,
    isAcceptable: () => true,
    merge: (_, newer) => newer,
    bypass: () => false,
    events: silentEvents,
  });
}

const words = {
  keyAt: (index: number) => `https://example.com/${index}`,
  keyOf: (value: string) => value.replace('page ', ''),
  want: { ...plainWant, groups: groups.head },
};

describeReadMany('a Map', { ...words, makeSubject: createMapReader });
describeReadMany('shared-batches', {
  ...words,
  makeSubject: (world) => {
    const { next, calls } = createNeighbour(world);
    return { readMany: sharedBatches(next), calls };
  },
});
describeReadMany('memory-tier', {
  ...words,
  makeSubject: (world) => {
    const { next, calls } = createNeighbour(world);
    return { readMany: memoryTier(next).readMany, calls };
  },
});
describeReadMany('memory-tier on shared-batches', {
  ...words,
  makeSubject: (world) => {
    const { next, calls } = createNeighbour(world);
    return { readMany: memoryTier(sharedBatches(next)).readMany, calls };
  },
});
describeReadMany('memory-tier, strongly consistent', {
  ...words,
  want: { ...words.want, consistency: 'STRONG' },
  makeSubject: (world) => {
    const { next, calls } = createNeighbour(world);
    return { readMany: memoryTier(sharedBatches(next)).readMany, calls };
  },
});
