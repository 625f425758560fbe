// Runs commands of the real binary to their ends, each over an embedded engine of its own or whatever `env` names.
import { watch } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { deferred } from '../../src/domain/deferred.js';
import { type GatewayProcess, runGateway } from '../support/gateway-process.js';

/** A command that ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one to its end. */
export async function runCommand(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  await using process = runGateway(env, { args });
  const { code } = await process.ended;
  return { code, stdout: process.stdout(), stderr: process.stderr() };
}

/** The same with `--json`: what it printed, read. */
export async function runJson<Printed>(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly json: Printed }> {
  const { code, stdout, stderr } = await runCommand([...args, '--json'], env);
  if (stdout === '') throw new Error(`nothing was printed: ${stderr}`);
  return { code, json: JSON.parse(stdout) as Printed };
}

/** Variables of an embedded engine that keeps its data from command to command; its folder goes when disposed of. */
export async function embeddedEnv(): Promise<AsyncDisposable & { readonly env: Readonly<Record<string, string>> }> {
  const folder = await mkdtemp(join(tmpdir(), 'crawlgate-cli-'));
  return {
    env: { CRAWLGATE_DATA_DIR: folder, CRAWLGATE_EMBEDDED_PORT: '0' },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Kills a long run by SIGKILL when it first puts down its place in `folder`: the file, and what it says. */
export function killAtFirstPlace(folder: string, start: () => GatewayProcess): ReturnType<typeof endAtFirstPlace> {
  return endAtFirstPlace(folder, 'SIGKILL', start, { ended: { code: null, signal: 'SIGKILL' }, stderr: /^/ });
}

/** Whether a file of that name is a place that was put down: a kill may leave the draft of one too. */
export function isPlace(name: string): boolean {
  return name.endsWith('.json');
}

/** The same with any signal; it must end as expected. */
export async function endAtFirstPlace(
  folder: string,
  signal: NodeJS.Signals,
  start: () => GatewayProcess,
  expected: { readonly ended: Awaited<GatewayProcess['ended']>; readonly stderr: RegExp },
): Promise<{ readonly path: string; readonly text: string }> {
  const { promise: isPutDown, resolve } = deferred<void>();
  const watcher = watch(folder, (_, name) => {
    if (name !== null && isPlace(name)) resolve();
  });
  await using running = start();
  // One that ends by itself is not waited for: how it ended and what it said is told below.
  await Promise.race([isPutDown, running.ended]);
  watcher.close();
  running.child.kill(signal);
  expect(await running.ended).toEqual(expected.ended);
  expect(running.stderr()).toMatch(expected.stderr);
  const path = join(folder, (await readdir(folder)).find(isPlace) ?? '');
  return { path, text: await readFile(path, 'utf8') };
}
