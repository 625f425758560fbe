// Runs commands of the real binary to their ends, each over an embedded engine of its own or whatever `env` names.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runGateway } from '../support/gateway-process.js';

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
