// Workers and the primary process killed at the worst moments, and workers that cannot live: what callers and operators see.
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unharmed } from '../faults/fault-proxy.js';
import { type FaultWorld, startFaultWorld, tableName, until } from '../faults/fault-world.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { type Client, type Gateway, put, read, startGateway, url, workersOf } from './world.js';

const stored = [{ stored: true, error: null }];

/** What a page's answer says: version and where it is from. */
async function look(client: Client, name: string): Promise<string> {
  const { data, errors } = await client.ask(read(name));
  const result = data?.crawlResult as { title: string; cache: { source: string } } | null | undefined;
  return result ? `${result.title} ${result.cache.source}` : JSON.stringify(errors ?? null);
}

/** All that is answered until this is; the test's own limit is the limit. */
async function lookUntil(client: Client, name: string, wanted: string): Promise<readonly string[]> {
  const seen: string[] = [];
  while (seen.at(-1) !== wanted) seen.push(await look(client, name));
  return seen;
}

// Two Nodes come up, and one of them again.
describe('workers over a store that takes its time', { timeout: 120_000 }, () => {
  let world: FaultWorld;
  let gateway: Gateway;
  beforeAll(async () => {
    world = await startFaultWorld();
    gateway = await startGateway(2, { DYNAMODB_ENDPOINT: world.proxy.endpoint, CRAWLGATE_READ_TIMEOUT_MS: '5000' });
  });
  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  });

  /** The version that the store holds, as its moment tells; 0 where it holds none. */
  async function versionInStore(page: string): Promise<number> {
    const command = new GetItemCommand({ TableName: tableName, Key: { url: { S: url(page) } } });
    const { Item } = await world.direct.send(command);
    return Number(/:00\.(\d{6})/.exec(Item?.created_at?.S ?? '')?.[1] ?? 0);
  }

  it('block no key and hide nothing when one is killed as both of them write', async () => {
    // Connections go round: one with each.
    const clients = [gateway.connect(), gateway.connect()] as const;
    const pages = ['a', 'b'] as const;
    for (const page of pages) expect((await clients[0].ask(put(page, 1))).data?.cacheCrawlResults).toEqual(stored);
    for (const client of clients) for (const page of pages) await lookUntil(client, page, '1 MEMORY');

    let answerNow = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      answerNow = resolve;
    });
    world.proxy.plan(({ operation }) => (operation === 'PutItem' ? { kind: 'held', until: held } : null));
    const writes = await Promise.all(
      clients.map(async (client, index) => {
        const outcome = client.ask(put(pages[index] ?? '', 2)).then(
          ({ data }) => data?.cacheCrawlResults,
          () => 'cut off',
        );
        await until(async () => (await versionInStore(pages[index] ?? '')) === 2);
        return { outcome };
      }),
    );
    const [victim] = workersOf(gateway);
    process.kill(victim ?? 0, 'SIGKILL');
    const first = await Promise.race(writes.map(({ outcome }, index) => outcome.then((how) => ({ how, index }))));
    expect(first.how).toBe('cut off');
    const dead = first.index;
    // Before that a connection may still be handed to the dead one, and be answered by nobody.
    await gateway.process.waitFor(/Worker \d ended unasked \(SIGKILL\)/);
    // The new one or the other: what nobody acknowledged is read, never hidden by what was before, and remembered again.
    using other = gateway.connect();
    expect(await lookUntil(other, pages[dead] ?? '', '2 MEMORY')).not.toContain('1 MEMORY');
    answerNow();
    expect(await writes[1 - dead]?.outcome).toEqual(stored);
    world.proxy.plan(unharmed);
    await gateway.process.waitFor(/Worker \d answers again/);
    for (let connection = 0; connection < 4; connection += 1) {
      using client = gateway.connect();
      for (const page of pages) expect(await look(client, page)).toMatch(/^2 /);
      for (const page of pages) await lookUntil(client, page, '2 MEMORY');
    }
    for (const client of clients) client[Symbol.dispose]();
  });

  it('told to end under load answer all that they let come to the store, and end with 0', async () => {
    const answered = new Set<string>();
    const asked: string[] = [];
    let isEnding = false;
    const callers = Array.from({ length: 8 }, async (_, caller) => {
      using client = gateway.connect();
      for (let version = 1; ; version += 1) {
        const page = `load-${caller}-${version}`;
        asked.push(page);
        try {
          const { data } = await client.ask(put(page, version));
          expect(data?.cacheCrawlResults).toEqual(stored);
          answered.add(page);
          expect(await look(client, page)).toMatch(new RegExp(`^${version} `));
        } catch (error) {
          // Only a connection that is refused or closed before anything was asked on it.
          if (!isEnding || !(error instanceof Error) || !('code' in error)) throw error;
          return;
        }
      }
    });
    await until(() => answered.size >= 40);
    isEnding = true;
    gateway.process.child.kill('SIGTERM');
    await Promise.all(callers);
    expect(await gateway.process.ended).toEqual({ code: 0, signal: null });
    const kept = await Promise.all(asked.map(async (page) => ((await versionInStore(page)) === 0 ? [] : [page])));
    expect(kept.flat().toSorted()).toEqual([...answered].toSorted());
  });
});

/** In the workers of a test: it dies as it starts where a file says so. In the primary: SIGUSR2 takes the program away. */
const preload = `
const cluster = require('node:cluster');
const { existsSync } = require('node:fs');
if (cluster.isWorker && existsSync(__dirname + '/die')) process.kill(process.pid, 'SIGKILL');
if (cluster.isPrimary) process.on('SIGUSR2', () => { process.execPath = __dirname + '/nowhere'; });
`;

/** Processes that this one has started. */
function childrenOf(pid: number | undefined): number[] {
  const pids = execFileSync('ps', ['--ppid', String(pid), '-o', 'pid='], { encoding: 'utf8' }).trim();
  return pids.split('\n').map(Number);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTcp({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

interface Left {
  readonly pids: readonly number[];
  readonly ports: readonly number[];
}

/** Workers, engine and the ports of both. */
function partsOf({ process, port }: Gateway): Left {
  const [, enginePort] = /DYNAMODB_ENDPOINT=http:\/\/127\.0\.0\.1:(\d+)/.exec(process.stdout()) ?? [];
  const pids = childrenOf(process.child.pid);
  expect([pids.length, Number(enginePort) > 0]).toEqual([3, true]);
  return { pids, ports: [port, Number(enginePort)] };
}

async function isAnyLeft({ pids, ports }: Left): Promise<boolean> {
  const open = await Promise.all(ports.map(isListening));
  return pids.some(isAlive) || open.includes(true);
}

describe('nothing is left behind', { timeout: 120_000 }, () => {
  it('by a primary process that is killed, nor by workers that die again and again', async () => {
    await using folder = await temporaryFolder();
    const env = { CRAWLGATE_DATA_DIR: join(folder.path, 'data') };
    {
      await using killed = await startGateway(2, env);
      using client = killed.connect();
      expect((await client.ask(put('a', 1))).data?.cacheCrawlResults).toEqual(stored);
      const parts = partsOf(killed);
      killed.process.child.kill('SIGKILL');
      expect(await killed.process.ended).toEqual({ code: null, signal: 'SIGKILL' });
      await until(async () => !(await isAnyLeft(parts)));
    }

    const script = join(folder.path, 'preload.cjs');
    await writeFile(script, preload);
    await using gateway = await startGateway(2, { ...env, NODE_OPTIONS: `--require ${script}` });
    const parts = partsOf(gateway);
    const [first, second] = workersOf(gateway);
    // A connection to each.
    const clients = [gateway.connect(), gateway.connect()] as const;
    for (const client of clients) expect(await look(client, 'a')).toMatch(/^1 /);

    await writeFile(join(folder.path, 'die'), '');
    process.kill(first ?? 0, 'SIGKILL');
    await gateway.process.waitFor(/died 5 times within a minute and stays down. The other workers go on: 1\./);
    for (let version = 2; version < 6; version += 1) {
      using client = gateway.connect();
      expect((await client.ask(put('a', version))).data?.cacheCrawlResults).toEqual(stored);
      expect(await look(client, 'a')).toMatch(new RegExp(`^${version} `));
    }

    gateway.process.child.kill('SIGUSR2');
    process.kill(second ?? 0, 'SIGKILL');
    await gateway.process.waitFor(/died 5 times within a minute and stays down. No worker is left: the gateway ends\./);
    expect(gateway.process.stdout()).toMatch(/Worker \d ended unasked \(spawn .*nowhere ENOENT\)/);
    expect(await gateway.process.ended).toEqual({ code: 1, signal: null });
    expect(await isAnyLeft(parts)).toBe(false);
    for (const client of clients) client[Symbol.dispose]();
  });
});
