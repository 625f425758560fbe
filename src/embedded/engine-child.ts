// The gateway's hold on one process of the embedded engine, from its start to its end.
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { devNull } from 'node:os';
import { fileURLToPath } from 'node:url';
import { EngineFailure, type EngineStart, type FromEngine, isFromEngine, type ToEngine } from './engine-messages.js';

export interface EngineExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** One line on why, where the process said something; else empty. */
  readonly detail: string;
}

export interface EngineChild {
  readonly pid: number | undefined;
  readonly port: number;
  /** Whether the port asked for was taken and `port` is a free one instead. */
  readonly portTaken: boolean;
  /** Resolves when the process has ended, for whatever reason. Never rejects. */
  readonly exited: Promise<EngineExit>;
  /** Asks the process to end and kills it where it has not after `limitMs`. Resolves when it has ended. */
  readonly end: (limitMs: number) => Promise<void>;
}

export interface EngineChildOptions {
  readonly start: EngineStart;
  /** Kills the process while it starts. */
  readonly signal: AbortSignal;
  /** Told what the process says once it listens. */
  readonly onMessage: (message: FromEngine) => void;
}

/** Resolves when the engine listens; throws an `EngineFailure` when its process has ended without doing so. */
export async function startEngineChild({ start, signal, onMessage }: EngineChildOptions): Promise<EngineChild> {
  const child = fork(entryPath(), {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // The process works for this gateway alone: no debugger port or loader of its parent, no AWS settings of its user.
    execArgv: ['--no-warnings'],
    env: { AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull, AWS_EC2_METADATA_DISABLED: 'true' },
  });
  const failure: { reported?: EngineFailure } = {};
  const exited = watchExit(child, () => failure.reported?.message);
  const kill = (): void => void child.kill('SIGKILL');
  const limit = setTimeout(kill, start.waitMs + START_MS);
  signal.addEventListener('abort', kill);

  const listening = new Promise<Extract<FromEngine, { kind: 'listening' }>>((resolve) => {
    child.on('message', (message: unknown) => {
      if (!isFromEngine(message)) return;
      if (message.kind === 'listening') resolve(message);
      else if (message.kind === 'failed') failure.reported = new EngineFailure(message.reason, message.detail);
      onMessage(message);
    });
  });
  tell(child, start);
  if (signal.aborted) kill();
  const first = await Promise.race([listening, exited]);
  clearTimeout(limit);
  signal.removeEventListener('abort', kill);
  if (!('port' in first)) {
    throw (
      failure.reported ?? new EngineFailure('unexpected', first.detail || `ended with ${first.signal ?? first.code}`)
    );
  }

  return {
    pid: child.pid,
    port: first.port,
    portTaken: first.portTaken,
    exited,
    end: async (limitMs) => {
      const killing = setTimeout(kill, limitMs);
      tell(child, { kind: 'stop' });
      await exited;
      clearTimeout(killing);
    },
  };
}

/** What a start may take beyond waiting for a predecessor, in milliseconds; a tenth of a second is usual. */
const START_MS = 15_000;

// Tests run this file from src/, but a process of its own can run compiled code only.
function entryPath(): string {
  const compiled = import.meta.url.endsWith('.js');
  const path = fileURLToPath(
    new URL(compiled ? './engine-process.js' : '../../dist/embedded/engine-process.js', import.meta.url),
  );
  if (!existsSync(path)) throw new EngineFailure('unexpected', `${path} is missing; run "npm run build"`);
  return path;
}

function tell(child: ChildProcess, message: ToEngine): void {
  // The process may have ended a moment ago; its exit says so.
  if (child.connected) child.send(message, () => {});
}

function watchExit(child: ChildProcess, reported: () => string | undefined): Promise<EngineExit> {
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-TAIL_CHARS);
  });
  return new Promise((resolve) => {
    child.on('error', (error) => {
      // Only a process that could not be made has no exit to wait for.
      if (child.pid === undefined) resolve({ code: null, signal: null, detail: error.message });
    });
    child.on('close', (code, signal) => resolve({ code, signal, detail: reported() ?? lastWords(tail) }));
  });
}

const TAIL_CHARS = 8_192;

/** The line of a Node crash report that says what happened. */
function lastWords(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  const said = lines.findLast((line) => /^(\w*Error|FATAL ERROR|\w*Exception)\b/.test(line));
  return said ?? lines.findLast((line) => line !== '') ?? '';
}
