// A store with pages in it, behind the proxy of faults, and a folder for the snapshots of gateways over it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FaultWorld, startFaultWorld } from './fault-world.js';

export interface SnapshotWorld extends AsyncDisposable {
  readonly faults: FaultWorld;
  readonly folder: string;
  /** The snapshot of a gateway that is alone, and of the first of several workers. */
  readonly path: string;
}

/** Calls of the store are given up after 400 ms. */
export async function startSnapshotWorld(urls: readonly string[]): Promise<SnapshotWorld> {
  const faults = await startFaultWorld('document', 400);
  await faults.store(urls);
  const folder = await mkdtemp(join(tmpdir(), 'crawlgate-snapshots-'));
  return {
    faults,
    folder,
    path: join(folder, 'memory'),
    async [Symbol.asyncDispose]() {
      await faults[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
