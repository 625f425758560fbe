// What the commands for operators have in common: a bar on a terminal and none in a pipe, and that twice does no harm.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.js';
import { engines } from '../conformance/engines.js';
import { openWorld, type World } from '../conformance/world.js';
import { type CacheFixture, makeCache } from '../migration/cache-fixture.js';
import { captureOutput } from './captured-output.js';

const [engine] = engines;

let world: World;
let cache: CacheFixture;
let folder: string;
beforeAll(async () => {
  if (engine === undefined) throw new Error('there is no engine');
  world = await openWorld(engine, { layout: 'document' });
  cache = await makeCache();
  folder = await mkdtemp(join(tmpdir(), 'crawlgate-operator-'));
  for (let index = 0; index < 30; index += 1) {
    await cache.crawl({ url: `https://o.example/${index}`, html: `<p>${index}`, success: 1, cached_at: 1_700_000_000 });
  }
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await cache[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a command in this process: what a terminal or a pipe would show. */
async function run(words: readonly string[], isTTY: boolean, env: Readonly<Record<string, string>> = {}) {
  const [output, problems] = [captureOutput(false), captureOutput(isTTY)];
  let code: number | null = null;
  const facts = {
    env: {
      DYNAMODB_ENDPOINT: world.endpoint ?? '',
      DYNAMODB_TABLE_CRAWL_RESULTS: world.table.name,
      DYNAMODB_TABLE_CRAWL_SESSIONS: `${world.table.name}-sessions`,
      CRAWL4_AI_BASE_DIRECTORY: cache.base,
      CRAWLGATE_DATA_DIR: folder,
      ...env,
    },
    version: '0',
    nodeVersion: process.version,
    input: () => process.stdin,
    output: output.stream,
    problems: problems.stream,
    onSignal: () => undefined,
    onReload: () => undefined,
    setExitCode: (given: number) => {
      code = given;
    },
  };
  await runProgram(facts, words);
  return { code, stdout: output.text(), stderr: problems.text() };
}

/** In the order of a migration. The engine has no recovery and no CloudWatch: two of the last three say so, and that is 1. */
const commands = [
  ['provision', 0],
  ['backfill', 0],
  ['import', 0],
  ['validate', 0],
  ['backup', 1],
  ['doctor', 0],
  ['capacity', 1],
] as const;

describe.each(commands)('crawlgate %s', (name, code) => {
  const env = { AWS_ENDPOINT_URL_CLOUDWATCH: 'http://127.0.0.1:9' };

  it('draws a bar on a terminal, and none in a pipe', async () => {
    const shown = await run([name], true, env);
    expect(shown.code).toBe(code);
    expect(shown.stderr).toMatch(/[░█]+ \d+% \| \d+\/\d+ \|/);
    // The result is no part of it, and the cursor that it hid is shown again.
    expect(shown.stdout).not.toContain('\u001B');
    expect(shown.stderr.lastIndexOf('\u001B[?25h')).toBeGreaterThan(shown.stderr.lastIndexOf('\u001B[?25l'));
    expect((await run([name], false, env)).stderr).not.toContain('\u001B');
  });

  it('has help and --json', async () => {
    const { code, stdout } = await run([name, '--help'], false);
    expect(code).toBe(0);
    expect(stdout).toContain(`crawlgate ${name} [options]`);
    expect(stdout).toContain('--json');
  });

  it('may be run again: it changes nothing, and says the same', async () => {
    const before = await world.items();
    const first = await run([name, '--json'], false, env);
    const second = await run([name, '--json'], false, env);
    expect(second.code).toBe(code);
    expect(Object.keys(JSON.parse(second.stdout))).toEqual(Object.keys(JSON.parse(first.stdout)));
    expect(await world.items()).toEqual(before);
  });
});

describe('the commands of DynamoDB', () => {
  it.each(['provision', 'backfill', 'import', 'validate', 'backup', 'capacity'])(
    '%s says under CRAWLGATE_STORE=sqlite what to set, does nothing and ends with 2',
    async (name) => {
      const sqlite = {
        ...{ DYNAMODB_ENDPOINT: '', DYNAMODB_TABLE_CRAWL_RESULTS: '', DYNAMODB_TABLE_CRAWL_SESSIONS: '' },
        CRAWLGATE_STORE: 'sqlite',
      };
      const { code, stdout, stderr } = await run([name], false, sqlite);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('CRAWLGATE_STORE=dynamodb');
    },
  );

  it('work under CRAWLGATE_STORE=hybrid on its DynamoDB', async () => {
    const hybrid = { CRAWLGATE_STORE: 'hybrid', AWS_ENDPOINT_URL_CLOUDWATCH: 'http://127.0.0.1:9' };
    for (const [name, code] of commands) expect([name, (await run([name], false, hybrid)).code]).toEqual([name, code]);
    // It came as far as CloudWatch.
    expect((await run(['capacity'], false, hybrid)).stderr).toMatch(/CloudWatch/);
  });
});
