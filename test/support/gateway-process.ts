// Runs dist/main.js as a process of its own, as a user would, and hears everything it says.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** A process of `crawlgate`. Disposing kills it if it is still there. */
export interface GatewayProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves once stdout matches; rejects where the process ended before. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
  /** How it ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** Starts one. Of this process's environment it has only the path. */
export function runGateway(
  env: Readonly<Record<string, string>>,
  options: { readonly args?: readonly string[]; readonly cwd?: string; readonly entry?: string } = {},
): GatewayProcess {
  const entry = options.entry ?? main;
  if (!existsSync(entry)) throw new Error(`${entry} is missing: run npm run build first`);
  const child = spawn(process.execPath, [entry, ...(options.args ?? [])], {
    env: { PATH: process.env.PATH ?? '', AWS_EC2_METADATA_DISABLED: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  let stdout = '';
  let stderr = '';
  let check = (): void => undefined;
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
    check();
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    // Not `exit`: what it said last may still be on its way then.
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        check = () => {
          const match = pattern.exec(stdout);
          if (match !== null) resolve(match);
        };
        check();
        void ended.then(({ code }) => reject(new Error(`ended with ${code}\n${stdout}\n${stderr}`)));
      }),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The port in the line that says where it listens. */
export async function portOf({ waitFor }: GatewayProcess): Promise<number> {
  const match = await waitFor(/http:\/\/127\.0\.0\.1:(\d+)\/graphql/);
  // The last start line: nothing more is loaded or said after it.
  await waitFor(/Try: curl/);
  return Number(match[1]);
}
