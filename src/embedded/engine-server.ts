// One running engine: the store opened, the guarded server listening on 127.0.0.1, expired items swept now and then.
import { createServer, type Server } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { EngineFailure, type EngineStart } from './engine-messages.js';
import { createGuard } from './guard.js';
import { openLevelStore } from './level-store.js';

export interface EngineServerOptions extends Omit<EngineStart, 'kind'> {
  /** Ends the waiting for lock and port. */
  readonly signal: AbortSignal;
  /** Told after each removal of expired items that removed some or failed. */
  readonly onSweep?: (outcome: { readonly removed: number } | { readonly error: unknown }) => void;
}

export interface EngineServer {
  readonly port: number;
  /** Whether the port asked for was taken and `port` is a free one instead. */
  readonly portTaken: boolean;
  /** Stops accepting, waits up to `drainMs` for the answers under way, then closes the store. To be called once. */
  readonly close: (drainMs: number) => Promise<void>;
}

/** Throws an `EngineFailure` where folder or port cannot be had. */
export async function startEngineServer(options: EngineServerOptions): Promise<EngineServer> {
  const deadline = performance.now() + options.waitMs;
  // The store comes first: a predecessor that dies lets go of its port before it lets go of its folder.
  const store = await openLevelStore(options);
  const server = createServer(createGuard({ engine: store.engine }));
  // Longer than clients keep an idle connection, so that none finds its connection closed as it sends.
  server.keepAliveTimeout = 75_000;
  try {
    const { port, portTaken } = await listen(server, options, deadline - performance.now());
    const stopSweeping = startSweeping(options, port);
    return {
      port,
      portTaken,
      close: async (drainMs) => {
        stopSweeping();
        await closeServer(server, drainMs);
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

const HOST = '127.0.0.1';
const PORT_POLL_MS = 50;

// Where another port will do: just long enough for what a killed predecessor leaves to the operating system.
const FALLBACK_WAIT_MS = 300;
const FIRST_SWEEP_MS = 60_000;

async function listen(
  server: Server,
  { port, portFallback, signal }: EngineServerOptions,
  waitMs: number,
): Promise<{ port: number; portTaken: boolean }> {
  const deadline = performance.now() + (portFallback ? Math.min(waitMs, FALLBACK_WAIT_MS) : waitMs);
  for (;;) {
    try {
      return { port: await listenOnce(server, port), portTaken: false };
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : '';
      if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
      if (code === 'EACCES' || performance.now() >= deadline) {
        if (portFallback) return { port: await listenOnce(server, 0), portTaken: true };
        const detail = error instanceof Error ? error.message : String(error);
        throw new EngineFailure(code === 'EACCES' ? 'portForbidden' : 'portTaken', detail, { cause: error });
      }
    }
    await delay(PORT_POLL_MS, undefined, { signal });
  }
}

function listenOnce(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: HOST, port }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function closeServer(server: Server, drainMs: number): Promise<void> {
  return new Promise((resolve) => {
    const limit = setTimeout(() => server.closeAllConnections(), drainMs);
    server.close(() => {
      clearTimeout(limit);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/** Sweeps soon after the start and then every `sweepEveryMs`, never two at a time. Returns what ends it. */
function startSweeping({ tables, sweepEveryMs, onSweep }: EngineServerOptions, port: number): () => void {
  const ending = new AbortController();
  const run = async (): Promise<void> => {
    try {
      // The SDK is loaded here and not at the start, which it would make three times as long.
      const { createSweepClient, sweepExpired } = await import('./expiry-sweep.js');
      const client = createSweepClient(port);
      try {
        const nowSeconds = Math.floor(Date.now() / 1000);
        const removed = await sweepExpired({ client, tables, nowSeconds, signal: ending.signal });
        if (removed > 0) onSweep?.({ removed });
      } finally {
        client.destroy();
      }
    } catch (error) {
      if (!ending.signal.aborted) onSweep?.({ error });
    }
    if (!ending.signal.aborted) schedule(sweepEveryMs);
  };
  let timer: NodeJS.Timeout | undefined;
  const schedule = (ms: number): void => {
    timer = setTimeout(() => void run(), ms).unref();
  };
  if (tables.length > 0) schedule(Math.min(sweepEveryMs, FIRST_SWEEP_MS));
  return () => {
    ending.abort();
    clearTimeout(timer);
  };
}
