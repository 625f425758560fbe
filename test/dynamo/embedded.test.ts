import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type EmbeddedEvent, type EmbeddedOptions, startEmbedded } from '../../src/dynamo/embedded.js';
import { callEngine, createTable, getItem, putItem } from '../embedded/engine-call.js';

let dataDir: string;
let events: EmbeddedEvent[];
let waiting: { kind: string; resolve: () => void }[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'crawlgate-embedded-'));
  events = [];
  waiting = [];
});

afterEach(() => rm(dataDir, { recursive: true }));

function options(changed: Partial<EmbeddedOptions> = {}): EmbeddedOptions {
  return {
    dataDir,
    port: 0,
    portIsExplicit: true,
    tables: [],
    onEvent: (event) => {
      events.push(event);
      for (const { kind, resolve } of waiting) if (kind === event.kind) resolve();
    },
    timing: { delay: async () => {} },
    ...changed,
  };
}

/** Resolves at the next event of this kind. */
function nextEvent(kind: EmbeddedEvent['kind']): Promise<void> {
  return new Promise((resolve) => waiting.push({ kind, resolve }));
}

function kill(pid: number | undefined): void {
  if (pid === undefined) throw new Error('There is no process to kill.');
  process.kill(pid, 'SIGKILL');
}

describe('what is stored', () => {
  test('survives a restart of the gateway', async () => {
    {
      await using engine = await startEmbedded(options());
      await createTable(engine.port);
      await putItem(engine.port, { url: { S: 'a' }, text: { S: 'x'.repeat(300_000) } });
    }
    await using engine = await startEmbedded(options());
    expect(await getItem(engine.port, 'a')).toEqual({ url: { S: 'a' }, text: { S: 'x'.repeat(300_000) } });
  });

  test('survives kill -9 of the engine, which comes back on the same port', async () => {
    await using engine = await startEmbedded(options());
    const { pid, port } = engine;
    await createTable(port);
    await putItem(port, { url: { S: 'a' } });
    const back = nextEvent('listening');

    kill(pid);
    await back;

    expect(await getItem(port, 'a')).toEqual({ url: { S: 'a' } });
    expect(engine.pid).not.toBe(pid);
    expect(engine.phase).toBe('running');
    expect(events).toMatchObject([
      { kind: 'listening', pid, port, restarts: 0 },
      { kind: 'exited', pid, signal: 'SIGKILL' },
      { kind: 'restarting', attempt: 1 },
      { kind: 'listening', pid: engine.pid, port, restarts: 1 },
    ]);
  });

  test('survives kill -9 of the gateway, whose engine makes room for the next on the same port and folder', async () => {
    const gateway = startGatewayProcess();
    const [line] = await once(gateway.stdout ?? gateway, 'data');
    const { port } = JSON.parse(String(line));
    await createTable(port);
    await putItem(port, { url: { S: 'a' } });

    gateway.kill('SIGKILL');
    await once(gateway, 'exit');

    await using engine = await startEmbedded(options({ port }));
    expect(engine.port).toBe(port);
    expect(await getItem(port, 'a')).toEqual({ url: { S: 'a' } });
  });

  test('lies in a folder for the owner alone', async () => {
    await mkdir(join(dataDir, 'new', 'dynamodb'), { recursive: true });
    await chmod(join(dataDir, 'new', 'dynamodb'), 0o755);
    await using engine = await startEmbedded(options({ dataDir: join(dataDir, 'new') }));
    expect(engine.folder).toBe(join(dataDir, 'new', 'dynamodb'));
    expect((await stat(engine.folder ?? '')).mode & 0o777).toBe(0o700);
  });

  test('is kept in memory where there is no folder', async () => {
    await using engine = await startEmbedded(options({ dataDir: null }));
    await createTable(engine.port);
    await putItem(engine.port, { url: { S: 'a' } });
    expect(await getItem(engine.port, 'a')).toEqual({ url: { S: 'a' } });
    expect(engine.folder).toBeNull();
  });
});

describe('the process', () => {
  test('leaves Ctrl-C and SIGTERM to the gateway and ends when it is disposed of, twice if need be', async () => {
    const engine = await startEmbedded(options());
    const { pid, port } = engine;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid ?? 0, signal);
    expect((await callEngine({ port })).status).toBe(200);

    await Promise.all([engine[Symbol.asyncDispose](), engine[Symbol.asyncDispose]()]);
    await engine[Symbol.asyncDispose]();

    expect(engine.phase).toBe('closed');
    expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH');
    expect(events.map(({ kind }) => kind)).toEqual(['listening']);
  });

  test('is killed where it does not end in time', async () => {
    const engine = await startEmbedded(options({ endMs: 50 }));
    const { pid } = engine;
    process.kill(pid ?? 0, 'SIGSTOP');
    await engine[Symbol.asyncDispose]();
    expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH');
  });

  test('is given up after five deaths within a minute, each wait longer than the last', async () => {
    await using engine = await startEmbedded(
      options({ timing: { delay: async () => {}, now: () => 0, random: () => 0 } }),
    );
    for (let death = 1; death < 5; death += 1) {
      const back = nextEvent('listening');
      kill(engine.pid);
      await back;
    }
    const over = nextEvent('gaveUp');
    kill(engine.pid);
    await over;

    expect(engine.phase).toBe('gaveUp');
    expect(engine.pid).toBeUndefined();
    expect(events.flatMap((event) => (event.kind === 'restarting' ? event.delayMs : []))).toEqual([50, 100, 200, 400]);
    expect(events.at(-1)).toEqual({ kind: 'gaveUp', deaths: 5 });
  });

  test('is not given up for deaths that lie minutes apart', async () => {
    let minutes = 0;
    const timing = { delay: async () => {}, now: () => minutes * 60_000, random: () => 1 };
    await using engine = await startEmbedded(options({ dataDir: null, timing }));
    for (let death = 1; death <= 6; death += 1) {
      const back = nextEvent('listening');
      minutes += 1;
      kill(engine.pid);
      await back;
    }
    expect(events.flatMap((event) => (event.kind === 'restarting' ? event.delayMs : []))).toEqual(Array(6).fill(100));
  });

  test('that is to be restarted is not when the gateway closes meanwhile', async () => {
    const forever = (_ms: number, signal: AbortSignal): Promise<void> =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const engine = await startEmbedded(options({ timing: { delay: forever } }));
    const dead = nextEvent('restarting');
    kill(engine.pid);
    await dead;
    await engine[Symbol.asyncDispose]();
    expect(engine.phase).toBe('closed');
  });
});

test.each([Number.NaN, -1, 65_536, 80.5])('the port %d is refused', async (port) => {
  await expect(startEmbedded(options({ port }))).rejects.toThrow(RangeError);
});

/** A process that starts an engine from the compiled code, as `node dist/main.js` does, and prints its port. */
function startGatewayProcess(): ChildProcess {
  const compiled = fileURLToPath(new URL('../../dist/dynamo/embedded.js', import.meta.url));
  const script = `
    const { startEmbedded } = await import(${JSON.stringify(compiled)});
    const options = { dataDir: ${JSON.stringify(dataDir)}, port: 0, portIsExplicit: true, tables: [] };
    const { port, pid } = await startEmbedded(options);
    process.stdout.write(JSON.stringify({ port, pid }) + '\\n');`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
}
