// Several workers started while DynamoDB is away: each answers from its own file, and none what was written over.
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { urlsOf } from '../faults/fault-world.js';
import { type SnapshotWorld, startSnapshotWorld } from '../faults/snapshot-world.js';
import { runGateway } from '../support/gateway-process.js';
import { type Client, type Gateway, put, startGateway, url, workersOf } from './world.js';

const urls = [...urlsOf('kept', 6), url('over')];
const query = `{ crawlResults(urls: [${urls.map((one) => `"${one}"`).join(', ')}]) { title cache { source status } } }`;
let world: SnapshotWorld;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  world = await startSnapshotWorld(urls);
  env = {
    CRAWLGATE_MEMORY_SNAPSHOT: world.path,
    DYNAMODB_ENDPOINT: world.faults.proxy.endpoint,
    CRAWLGATE_RETRY_BASE_MS: '20',
    CRAWLGATE_READ_TIMEOUT_MS: '400',
  };
});
afterAll(() => world[Symbol.asyncDispose]());

/** Two to each of so many workers, in turn. */
function connectAll(gateway: Gateway, count: number): Client[] {
  return Array.from({ length: 2 * count }, () => gateway.connect());
}

/** What one connection is answered: each result's place and age in short, or the code of its error. */
async function seen(client: Client): Promise<string[]> {
  const { data, errors } = await client.ask(query);
  const results = data?.crawlResults as ({ cache: { source: string; status: string } } | null)[];
  return results.map((result, index) =>
    result === null
      ? String(errors?.find(({ path }) => path?.[1] === index)?.extensions?.code)
      : `${result.cache.source} ${result.cache.status}`,
  );
}

const files = async (): Promise<string[]> => (await readdir(world.folder)).toSorted();
const all = (answer: string): string[] => urls.map(() => answer);

// Four starts of several Nodes each.
describe('the snapshots of workers', { timeout: 240_000 }, () => {
  it('are saved by each at the end', async () => {
    await using gateway = await startGateway(3, env);
    for (const client of connectAll(gateway, 3)) {
      await seen(client);
      expect(await seen(client)).toEqual(all('MEMORY FRESH'));
      client[Symbol.dispose]();
    }
    gateway.process.child.kill('SIGTERM');
    expect(await gateway.process.ended).toEqual({ code: 0, signal: null });
    expect(await files()).toEqual(['memory', 'memory.2', 'memory.3']);
  });

  it('stay where the gateway cannot start, which it says once', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const address = holder.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    await using gateway = runGateway({ ...env, CRAWLGATE_WORKERS: '2', CRAWLGATE_PORT: String(port) });
    expect(await gateway.ended).toEqual({ code: 1, signal: null });
    const told = gateway.stderr().split('\n');
    expect(told.filter((line) => line.includes('CRAWLGATE_PORT'))).toEqual([
      `CRAWLGATE_PORT: port ${port} of 127.0.0.1 is taken. Stop what uses it or choose another port.`,
    ]);
    expect(gateway.stdout()).not.toContain('listens');
    holder.close();
    // There are places for two now: in the third file nobody would note what is written.
    expect(await files()).toEqual(['memory', 'memory.2']);
  });

  it('do not bring back what was written over, though all were killed as that was acknowledged', async () => {
    {
      await using gateway = await startGateway(2, env);
      using client = gateway.connect();
      const pids = [gateway.process.child.pid ?? 0, ...workersOf(gateway)];
      expect((await client.ask(put('over', 1))).data?.cacheCrawlResults).toEqual([{ stored: true, error: null }]);
      for (const pid of pids) process.kill(pid, 'SIGKILL');
      expect(await gateway.process.ended).toEqual({ code: null, signal: 'SIGKILL' });
    }
    expect(await files()).toEqual(['memory', 'memory.2']);

    // More workers than files: one has nothing to restore.
    await world.faults.proxy.refuse();
    await using gateway = await startGateway(3, env);
    const restored = [...urls.slice(1).map(() => 'MEMORY STALE'), 'STORE_UNAVAILABLE'];
    const answers = [];
    for (const client of connectAll(gateway, 3)) {
      answers.push(await seen(client));
      client[Symbol.dispose]();
    }
    const none = all('STORE_UNAVAILABLE');
    expect(answers.toSorted()).toEqual([restored, restored, restored, restored, none, none]);
    gateway.process.child.kill('SIGTERM');
    expect(await gateway.process.ended).toEqual({ code: 0, signal: null });
    // An empty memory has nothing to save.
    expect(await files()).toEqual(['memory', 'memory.2']);
    await world.faults.proxy.accept();
  });
});
