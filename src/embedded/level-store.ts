// Opens dynalite on its LevelDB folder and says what went wrong: dynalite alone dies of a failed open at its first request.
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { EngineFailure } from './engine-messages.js';

export interface LevelStoreOptions {
  /** An existing folder; null keeps everything in memory. */
  readonly folder: string | null;
  /** How long another process may go on holding the folder's lock, in milliseconds. */
  readonly waitMs: number;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

export interface LevelStore {
  /** dynalite's server. It does not listen: requests reach it through `emit('request', …)`. */
  readonly engine: Server;
  /** Lets operations under way end, then releases the folder. */
  readonly close: () => Promise<void>;
}

/** Throws an `EngineFailure` (folderInUse, folderUnusable) where the folder cannot be opened. */
export async function openLevelStore({ folder, waitMs, signal }: LevelStoreOptions): Promise<LevelStore> {
  if (folder === null) return { engine: loadDynalite().dynalite(WITHOUT_DELAYS), close: async () => {} };
  const deadline = performance.now() + waitMs;
  for (;;) {
    const { engine, database } = createOn(folder);
    try {
      // Asked for before dynalite's own deferred open, which keeps the cause of a failure to itself.
      await database.open({ passive: false });
      return { engine, close: () => database.close() };
    } catch (error) {
      const { code, detail } = causeOf(error);
      if (code !== 'LEVEL_LOCKED') throw new EngineFailure('folderUnusable', detail, { cause: error });
      if (performance.now() >= deadline) throw new EngineFailure('folderInUse', detail, { cause: error });
    }
    await delay(LOCK_POLL_MS, undefined, { signal });
  }
}

const WITHOUT_DELAYS = { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 };
const LOCK_POLL_MS = 50;

interface LevelDatabase {
  open(options: { passive: boolean }): Promise<void>;
  close(): Promise<void>;
}

interface LevelModule {
  Level: new (path: string, options: object) => LevelDatabase;
}

function createOn(folder: string): { engine: Server; database: LevelDatabase } {
  const { dynalite, takeDatabase } = loadDynalite();
  const engine = dynalite({ ...WITHOUT_DELAYS, path: folder });
  const database = takeDatabase();
  if (database === undefined) throw new Error('dynalite did not open its store through the package "level".');
  return { engine, database };
}

interface LoadedDynalite {
  readonly dynalite: typeof import('dynalite');
  /** The database that dynalite made last. */
  readonly takeDatabase: () => LevelDatabase | undefined;
}

let loaded: LoadedDynalite | undefined;

// dynalite makes its database itself and hands it to nobody. It takes the constructor from "level" while it loads: what it gets
// there notes the database it makes.
function loadDynalite(): LoadedDynalite {
  if (loaded !== undefined) return loaded;
  const require = createRequire(import.meta.url);
  const level: LevelModule = createRequire(require.resolve('dynalite'))('level');
  const { Level } = level;
  let made: LevelDatabase | undefined;
  level.Level = class extends Level {
    constructor(path: string, options: object) {
      super(path, options);
      made = this;
    }
  };
  try {
    loaded = { dynalite: require('dynalite'), takeDatabase: () => made };
    return loaded;
  } finally {
    level.Level = Level;
  }
}

function causeOf(error: unknown): { code: string; detail: string } {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return { code, detail: cause instanceof Error ? cause.message : String(cause) };
}
