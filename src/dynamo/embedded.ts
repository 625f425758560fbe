// The embedded DynamoDB: a process of its own that the gateway starts, watches, restarts and ends.
import { randomInt } from 'node:crypto';
import { access, chmod, constants, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { type EngineChild, type EngineExit, startEngineChild } from '../embedded/engine-child.js';
import type { EngineStart, FromEngine } from '../embedded/engine-messages.js';
import { toStartError, unusableFolder } from '../embedded/start-error.js';

export interface EmbeddedOptions {
  /** Folder under which the engine keeps its own, `dynamodb`; null keeps everything in memory, for tests. */
  readonly dataDir: string | null;
  /** Port on 127.0.0.1, 0 to 65,535; 0 takes a free one. */
  readonly port: number;
  /** Whether somebody asked for exactly this port. If not and it is taken, a free one is used. */
  readonly portIsExplicit: boolean;
  /** Tables from which items with a `ttl` in the past are removed. They need not exist yet. */
  readonly tables: readonly string[];
  /** Told what happens to the engine. Must not throw. */
  readonly onEvent?: (event: EmbeddedEvent) => void;
  /** How long a start waits for a dying predecessor's lock and port, in milliseconds; 5,000. */
  readonly waitMs?: number;
  /** Pause between two removals of expired items, in milliseconds, at most 2^31 - 1; ten minutes. */
  readonly sweepEveryMs?: number;
  /** How long the engine's process may take to end before it is killed, in milliseconds; 5,000. */
  readonly endMs?: number;
  /** Clock, chance and waiting of the restarts. */
  readonly timing?: Partial<EmbeddedTiming>;
}

export interface EmbeddedTiming {
  /** Milliseconds since any fixed moment. */
  readonly now: () => number;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  /** Rejects when the signal aborts. */
  readonly delay: (ms: number, signal: AbortSignal) => Promise<void>;
}

export type EmbeddedEvent =
  /** The engine answers, at first or again. `portTaken` is the port it was to have, where it had to take another. */
  | { kind: 'listening'; endpoint: string; port: number; pid: number | undefined; restarts: number; portTaken?: number }
  /** The engine's process ended, or a new one did not come up, without being asked to end. `detail` is one line or ''. */
  | ({ kind: 'exited'; pid: number | undefined } & EngineExit)
  /** A new process will be started in `delayMs`. `attempt` counts the deaths within the last minute. */
  | { kind: 'restarting'; attempt: number; delayMs: number }
  /** The engine died `deaths` times within a minute and stays down. */
  | { kind: 'gaveUp'; deaths: number }
  /** Expired items were removed. */
  | { kind: 'swept'; removed: number }
  | { kind: 'sweepFailed'; detail: string };

/** `gaveUp`: down for good. `closing`, `closed`: disposed of. */
export type EmbeddedPhase = 'running' | 'restarting' | 'gaveUp' | 'closing' | 'closed';

/** Disposing ends the process within `endMs`; doing so twice is harmless. */
export interface EmbeddedEngine extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, the same for the engine's whole life. */
  readonly endpoint: string;
  readonly port: number;
  /** The present process; undefined while there is none. */
  readonly pid: number | undefined;
  /** The engine's own folder, absolute; null where it keeps everything in memory. */
  readonly folder: string | null;
  readonly phase: EmbeddedPhase;
}

/** Resolves when the engine answers; throws an `EmbeddedStartError` where port or folder cannot be had. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedEngine> {
  checkOptions(options);
  const { onEvent = () => {}, endMs = 5_000, timing = {} } = options;
  const { now = () => performance.now(), random = defaultRandom, delay: wait = defaultDelay } = timing;
  const ending = new AbortController();
  const folder = options.dataDir === null ? null : await prepareFolder(join(resolve(options.dataDir), 'dynamodb'));
  const start: EngineStart = {
    kind: 'start',
    folder,
    port: options.port,
    portFallback: !options.portIsExplicit,
    waitMs: options.waitMs ?? 5_000,
    tables: options.tables,
    sweepEveryMs: options.sweepEveryMs ?? 600_000,
  };
  const onMessage = (message: FromEngine): void => {
    if (message.kind === 'swept' || message.kind === 'sweepFailed') onEvent(message);
  };
  const first = await startEngineChild({ start, signal: ending.signal, onMessage }).catch(async (error: unknown) => {
    throw await toStartError(error, start);
  });
  const { port } = first;
  const endpoint = `http://127.0.0.1:${port}`;

  let child: EngineChild | undefined = first;
  let phase: EmbeddedPhase = 'running';
  let restarts = 0;
  const deaths: number[] = [];

  const sayListening = ({ pid, portTaken }: EngineChild): void => {
    onEvent({ kind: 'listening', endpoint, port, pid, restarts, ...(portTaken ? { portTaken: options.port } : {}) });
  };

  /** Follows one process after another until the engine is disposed of or given up. Never rejects. */
  const watch = async (): Promise<void> => {
    for (;;) {
      if (child !== undefined) {
        const { pid } = child;
        const exit = await child.exited;
        child = undefined;
        if (ending.signal.aborted) return;
        onEvent({ kind: 'exited', pid, ...exit });
      }
      const time = now();
      deaths.push(time);
      while (deaths[0] !== undefined && deaths[0] <= time - DEATHS_WINDOW_MS) deaths.shift();
      if (deaths.length >= MAX_DEATHS) {
        phase = 'gaveUp';
        onEvent({ kind: 'gaveUp', deaths: deaths.length });
        return;
      }
      phase = 'restarting';
      const delayMs = Math.round(FIRST_DELAY_MS * 2 ** (deaths.length - 1) * (0.5 + random() / 2));
      onEvent({ kind: 'restarting', attempt: deaths.length, delayMs });
      try {
        await wait(delayMs, ending.signal);
        child = await startEngineChild({
          start: { ...start, port, portFallback: false },
          signal: ending.signal,
          onMessage,
        });
      } catch (error) {
        if (ending.signal.aborted) return;
        onEvent({ kind: 'exited', pid: undefined, code: null, signal: null, detail: messageOf(error) });
        continue;
      }
      if (ending.signal.aborted) return;
      phase = 'running';
      restarts += 1;
      sayListening(child);
    }
  };

  sayListening(first);
  const watching = watch();

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    phase = 'closing';
    ending.abort();
    // Where a start was under way it is given up first, and has left either a process or none.
    if (child === undefined) await watching;
    await child?.end(endMs);
    await watching;
    phase = 'closed';
  };

  return {
    endpoint,
    port,
    folder,
    get pid() {
      return child?.pid;
    },
    get phase() {
      return phase;
    },
    [Symbol.asyncDispose]: () => {
      closing ??= close();
      return closing;
    },
  };
}

const MAX_DEATHS = 5;
const DEATHS_WINDOW_MS = 60_000;
const FIRST_DELAY_MS = 100;

function defaultRandom(): number {
  return randomInt(2 ** 32) / 2 ** 32;
}

async function defaultDelay(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal });
}

function checkOptions({ port, waitMs = 0, endMs = 0, sweepEveryMs = 1 }: EmbeddedOptions): void {
  const check = (name: string, value: number, least: number, most: number): void => {
    if (Number.isInteger(value) && value >= least && value <= most) return;
    throw new RangeError(`${name} must be a whole number from ${least} to ${most}, not ${value}`);
  };
  check('port', port, 0, 65_535);
  check('waitMs', waitMs, 0, 600_000);
  check('endMs', endMs, 0, 600_000);
  check('sweepEveryMs', sweepEveryMs, 1, 2 ** 31 - 1);
}

/** Makes the folder if need be, for its owner alone. */
async function prepareFolder(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unusableFolder(folder, error);
  }
  // A folder that is there already keeps its mode otherwise; some file systems have no modes.
  await chmod(folder, 0o700).catch(() => {});
  return folder;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
