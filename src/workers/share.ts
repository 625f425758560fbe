// What one worker has of the gateway's configuration: its share of memory, connections, room and rates, its own snapshot.
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Config } from '../config.js';

/** The configuration of the worker at `place` of `count`. The bounds of all together are those of `config`, rounded up where less than one would be left. */
export function shareOf(config: Config, place: number, count: number): Config {
  const { memory, dynamo, embedded, limits } = config;
  return {
    ...config,
    memory: {
      ...memory,
      bytes: Math.floor(memory.bytes / count),
      snapshot: memory.snapshot === null ? null : snapshotOf(memory.snapshot, place),
    },
    // One connection is the least; more workers than connections have more than were asked for.
    dynamo: { ...dynamo, maxPoolConnections: Math.max(1, Math.floor(dynamo.maxPoolConnections / count)) },
    // Connections go round, and with them callers; 0, no limit, stays it.
    limits: {
      ...limits,
      maxInFlight: Math.ceil(limits.maxInFlight / count),
      maxBodiesBytes: Math.ceil(limits.maxBodiesBytes / count),
      maxConnections: Math.ceil(limits.maxConnections / count),
      maxRequestsPerMinute: Math.ceil(limits.maxRequestsPerMinute / count),
    },
    // An empty table is filled once.
    embedded: { ...embedded, samples: embedded.samples && place === 1 },
  };
}

/** The first worker has the file of a gateway with one process, so that most of it survives a change of their number. */
function snapshotOf(path: string, place: number): string {
  return place === 1 ? path : `${path}.${place}`;
}

/** Removes the snapshot of one place. Rejects where it cannot be. */
export async function removeSnapshot(path: string, place: number): Promise<void> {
  await rm(snapshotOf(path, place), { force: true });
}

/**
 * Removes the snapshots of places beyond `count`, which nobody notes writes in. To be called before anything is written:
 * a later gateway with more workers would restore what is outdated by then. Rejects where one cannot be removed.
 */
export async function removeOtherSnapshots(path: string, count: number): Promise<void> {
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => []);
  const prefix = `${basename(path)}.`;
  for (const name of names) {
    const place = name.startsWith(prefix) ? /^(\d+)(\.tmp)?$/.exec(name.slice(prefix.length))?.[1] : undefined;
    if (place !== undefined && Number(place) > count) await rm(join(folder, name), { force: true });
  }
}
