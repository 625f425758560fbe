// The command line as a user meets it: dist/main.js in a process of its own.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { found, startFakeDynamo } from './support/fake-dynamo.js';
import { askGraphql } from './support/gateway.js';
import { type GatewayProcess, portOf, runGateway } from './support/gateway-process.js';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'crawlgate-main-'));
  folders.push(folder);
  return folder;
}

/** Variables of a gateway on free ports over an embedded table of its own, without samples. */
async function quiet(env: Readonly<Record<string, string>> = {}): Promise<Record<string, string>> {
  return {
    CRAWLGATE_PORT: '0',
    CRAWLGATE_EMBEDDED_PORT: '0',
    CRAWLGATE_DATA_DIR: join(await newFolder(), 'data'),
    CRAWLGATE_SAMPLES: '0',
    ...env,
  };
}

const url = 'https://a.example/';
const item = { url: { S: url }, html: { S: '' }, success: { BOOL: true }, created_at: { S: '2026-11-01T00:00:00Z' } };
const query = `{ crawlResult(url: "${url}") { url } }`;

/** Lines of a text, the empty one at its end left out. */
function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** A gateway over a DynamoDB that holds a query back, with that query under way. */
async function startWithQueryInFlight(env: Readonly<Record<string, string>> = {}) {
  let answerNow = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    answerNow = resolve;
  });
  let cameIn = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    cameIn = resolve;
  });
  const store = await startFakeDynamo({
    answer: async ({ operation }) => {
      if (operation !== 'BatchGetItem') return null;
      cameIn();
      await held;
      return found('crawl4ai-results', item);
    },
  });
  const gateway = runGateway({ CRAWLGATE_PORT: '0', DYNAMODB_ENDPOINT: store.endpoint, ...env });
  const port = await portOf(gateway);
  const answer = askGraphql(`http://127.0.0.1:${port}/graphql`, query).catch((error: unknown) => error);
  await asked;
  return { gateway, port, answer, answerNow, store };
}

/** Resolves once nobody listens on the port any more. */
async function untilClosed(port: number): Promise<void> {
  await expect
    .poll(() =>
      fetch(`http://127.0.0.1:${port}/health`).then(
        () => 'open',
        () => 'closed',
      ),
    )
    .toBe('closed');
}

describe('a start', () => {
  it('says where it listens, on which store and table and why, where the data lies, and what to try', async () => {
    const env = await quiet({ CRAWLGATE_SAMPLES: '1' });
    await using gateway = runGateway(env);
    const port = await portOf(gateway);
    const said = gateway.stdout();
    expect(said).toContain(
      `listens: http://127.0.0.1:${port}/ for people, GraphQL and GraphiQL at http://127.0.0.1:${port}/graphql`,
    );
    expect(said).toContain('embedded DynamoDB (no variable names another store), table crawl4ai-results');
    expect(said).toContain(`Data: ${env.CRAWLGATE_DATA_DIR}/dynamodb`);
    expect(said).toMatch(/DYNAMODB_ENDPOINT=http:\/\/127\.0\.0\.1:\d+/);
    // The query to try, as a shell would send it.
    const [, body = ''] = /Try: curl .* -d '(.*)'/.exec(said) ?? [];
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(await response.json()).toMatchObject({ data: expect.anything() });
  });

  it('says that Node 20 is past its end of life, and nothing else of versions', async () => {
    await using gateway = runGateway(await quiet());
    await portOf(gateway);
    await askGraphql((await gateway.waitFor(/http:\S+\/graphql/))[0], query);
    gateway.child.kill('SIGTERM');
    await gateway.ended;
    const isOld = process.version.startsWith('v20.');
    expect(linesOf(gateway.stdout()).filter((line) => /end of life/.test(line))).toHaveLength(isOld ? 1 : 0);
    expect(gateway.stderr()).toBe('');
  });

  it('names the variable that decided for another store', async () => {
    await using store = await startFakeDynamo({});
    await using gateway = runGateway({ CRAWLGATE_PORT: '0', DYNAMODB_ENDPOINT: store.endpoint });
    await portOf(gateway);
    const line = `DynamoDB at ${store.endpoint} (because DYNAMODB_ENDPOINT is set), table crawl4ai-results (document layout)`;
    expect(gateway.stdout()).toContain(line);
    expect(gateway.stdout()).not.toContain('Data:');
  });

  it('is one JSON object a line in production', async () => {
    await using gateway = runGateway(await quiet({ NODE_ENV: 'production', CRAWLGATE_STORE: 'embedded' }));
    await portOf(gateway);
    const entries = linesOf(gateway.stdout()).map((line) => JSON.parse(line));
    expect(entries).toContainEqual({
      level: 'info',
      time: expect.any(String),
      tag: 'GATEWAY',
      message: expect.stringMatching(/^Crawlgate .* listens/),
    });
  });

  it('works through the link that npm makes in a bin folder', async () => {
    const entry = join(await newFolder(), 'crawlgate');
    await symlink(fileURLToPath(new URL('../dist/main.js', import.meta.url)), entry);
    await using gateway = runGateway({}, { args: ['--version'], entry });
    const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
    expect(gateway.stdout()).toBe(`${version}\n`);
    expect(await readFile(entry, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it('lists its commands when asked for help, and refuses one that it does not have', async () => {
    await using help = runGateway({}, { args: ['--help'] });
    expect(await help.ended).toEqual({ code: 0, signal: null });
    expect(help.stdout()).toMatch(/serve/);
    await using wrong = runGateway({}, { args: ['swerve'] });
    expect(await wrong.ended).toMatchObject({ code: 2 });
  });
});

// Together: two of them wait five seconds for what will not go away.
describe.concurrent('a configuration that cannot be served', () => {
  async function refusalOf(gateway: GatewayProcess): Promise<string[]> {
    expect(await gateway.ended).toEqual({ code: 1, signal: null });
    expect(gateway.stdout()).toBe('');
    return linesOf(gateway.stderr());
  }

  it('is told whole: every problem on a line', async () => {
    await using gateway = runGateway({ CRAWLGATE_PORT: '80OO', CRAWLGATE_MAX_URLS: '0', CRAWLGATE_PROT: '1' });
    expect(await refusalOf(gateway)).toEqual([
      expect.stringContaining('CRAWLGATE_PROT is not a setting'),
      expect.stringContaining('CRAWLGATE_PORT must be'),
      expect.stringContaining('CRAWLGATE_MAX_URLS must be'),
    ]);
  });

  it('is one without a store in production', async () => {
    await using gateway = runGateway({ NODE_ENV: 'production' });
    expect(await refusalOf(gateway)).toEqual([expect.stringContaining('CRAWLGATE_STORE must be')]);
  });

  it('is a port that is taken', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const address = holder.address();
    const port = String(typeof address === 'object' && address !== null ? address.port : 0);
    await using gateway = runGateway(await quiet({ CRAWLGATE_PORT: port }));
    expect(await gateway.ended).toEqual({ code: 1, signal: null });
    expect(linesOf(gateway.stderr())).toEqual([expect.stringMatching(`^CRAWLGATE_PORT: port ${port} .* is taken`)]);
    await new Promise((resolve) => holder.close(resolve));
  });

  it('is a port of the embedded engine that is taken by another DynamoDB', async () => {
    await using store = await startFakeDynamo({});
    await using gateway = runGateway(await quiet({ CRAWLGATE_EMBEDDED_PORT: String(store.port) }));
    expect(await refusalOf(gateway)).toEqual([expect.stringMatching(/^CRAWLGATE_EMBEDDED_PORT: .*taken/)]);
  });

  it('is a data folder that cannot be one', async () => {
    const env = await quiet();
    await writeFile(env.CRAWLGATE_DATA_DIR ?? '', 'a file');
    await using gateway = runGateway(env);
    expect(await refusalOf(gateway)).toEqual([expect.stringMatching(/^CRAWLGATE_DATA_DIR: cannot write to/)]);
  });

  it('is a data folder that another gateway uses', async () => {
    const env = await quiet();
    await using first = runGateway(env);
    await portOf(first);
    await using second = runGateway(env);
    expect(await refusalOf(second)).toEqual([
      expect.stringMatching(/^CRAWLGATE_DATA_DIR: .* in use by another gateway/),
    ]);
  });

  it('is a file that cannot be read, found out while the engine comes up', async () => {
    const persisted = { CRAWLGATE_PERSISTED: 'only', CRAWLGATE_PERSISTED_MANIFEST: '/nowhere/manifest.json' };
    await using gateway = runGateway(await quiet(persisted));
    expect(await refusalOf(gateway)).toEqual([
      'CRAWLGATE_PERSISTED_MANIFEST: /nowhere/manifest.json cannot be read (ENOENT)',
    ]);
  });

  it('is an address that is none of this machine', async () => {
    await using gateway = runGateway(await quiet({ CRAWLGATE_HOST: '192.0.2.1', CRAWLGATE_AUTH: 'none' }));
    expect(await gateway.ended).toEqual({ code: 1, signal: null });
    expect(linesOf(gateway.stderr())).toEqual([expect.stringMatching(/^CRAWLGATE_HOST: 192\.0\.2\.1 is no address/)]);
  });
});

describe('an end', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('by %s lets a query in flight answer, then exits with 0', async (signal) => {
    const { gateway, port, answer, answerNow, store } = await startWithQueryInFlight();
    gateway.child.kill(signal);
    await untilClosed(port);
    answerNow();
    expect(await answer).toEqual({ data: { crawlResult: { url } } });
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
    await store[Symbol.asyncDispose]();
  });

  it('by a second signal comes at once, with exit code 1', async () => {
    const { gateway, port, answer, store } = await startWithQueryInFlight();
    gateway.child.kill('SIGTERM');
    await untilClosed(port);
    gateway.child.kill('SIGTERM');
    expect(await gateway.ended).toEqual({ code: 1, signal: null });
    expect(await answer).toBeInstanceOf(Error);
    await store[Symbol.asyncDispose]();
  });

  it('waits no longer than CRAWLGATE_SHUTDOWN_MS', async () => {
    const { gateway, answer, store } = await startWithQueryInFlight({ CRAWLGATE_SHUTDOWN_MS: '50' });
    gateway.child.kill('SIGTERM');
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
    expect(await answer).toBeInstanceOf(Error);
    await store[Symbol.asyncDispose]();
  });

  it('ends the embedded engine too', async () => {
    await using gateway = runGateway(await quiet());
    await portOf(gateway);
    const [, endpoint = ''] = await gateway.waitFor(/DYNAMODB_ENDPOINT=(http:\/\/[\d.:]+)/);
    gateway.child.kill('SIGTERM');
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
    await expect(fetch(endpoint)).rejects.toThrow();
  });

  it('comes when npm, which started it through a shell, is told to end and tells nobody', async () => {
    const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
    const env = { PATH: process.env.PATH ?? '', ...(await quiet()), npm_lifecycle_event: 'start' };
    const shell = spawn('sh', ['-c', `'${process.execPath}' '${main}' serve; true`], { env, stdio: 'pipe' });
    let said = '';
    shell.stdout.on('data', (chunk) => {
      said += String(chunk);
    });
    await expect.poll(() => said, { timeout: 20_000 }).toMatch(/Try: curl/);
    const [endpoint = ''] = /http:\/\/127\.0\.0\.1:\d+\/graphql/.exec(said) ?? [];
    shell.kill('SIGTERM');
    const isGone = (): Promise<boolean> =>
      fetch(endpoint).then(
        () => false,
        () => true,
      );
    await expect.poll(isGone, { timeout: 10_000 }).toBe(true);
  });

  it('by kill -9 loses nothing that was acknowledged', async () => {
    const env = await quiet();
    const write = `mutation { cacheCrawlResults(results: [{ url: "${url}", success: true, html: "<p>" }]) { stored } }`;
    {
      await using gateway = runGateway(env);
      const port = await portOf(gateway);
      const written = await askGraphql(`http://127.0.0.1:${port}/graphql`, write);
      expect(written).toEqual({ data: { cacheCrawlResults: [{ stored: true }] } });
      gateway.child.kill('SIGKILL');
      await gateway.ended;
    }
    await using gateway = runGateway(env);
    const port = await portOf(gateway);
    expect(await askGraphql(`http://127.0.0.1:${port}/graphql`, query)).toEqual({ data: { crawlResult: { url } } });
  });
});

describe('an embedded engine that keeps dying', () => {
  /** The one child of a gateway: its engine; undefined while there is none. */
  async function engineOf({ child }: GatewayProcess): Promise<number | undefined> {
    const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
    return children.trim() === '' ? undefined : Number(children.trim().split(' ')[0]);
  }

  it.runIf(process.platform === 'linux')(
    'is given up in the end, which is said; memory still answers, so the gateway stays ready',
    async () => {
      await using gateway = runGateway(await quiet());
      const port = await portOf(gateway);
      const endpoint = `http://127.0.0.1:${port}/graphql`;
      const write = `mutation { cacheCrawlResults(results: [{ url: "${url}", success: true }]) { stored } }`;
      await askGraphql(endpoint, write);
      await askGraphql(endpoint, query);
      const ready = (): Promise<number> => fetch(`http://127.0.0.1:${port}/ready`).then(({ status }) => status);
      let last: number | undefined;
      for (let death = 1; death <= 5; death += 1) {
        await expect
          .poll(() => engineOf(gateway), { timeout: 10_000 })
          .not.toSatisfy((pid: unknown) => pid === last || pid === undefined);
        await expect.poll(ready, { timeout: 10_000 }).toBe(200);
        last = await engineOf(gateway);
        if (last !== undefined) process.kill(last, 'SIGKILL');
      }
      await gateway.waitFor(/stays down/);
      expect(await ready()).toBe(200);
      expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
      expect(await askGraphql(endpoint, query)).toEqual({ data: { crawlResult: { url } } });
      gateway.child.kill('SIGTERM');
      expect(await gateway.ended).toEqual({ code: 0, signal: null });
    },
  );
});
