// The embedded engine's process: does what the gateway says over the channel, and ends when the channel closes.
import { EngineFailure, type EngineStart, type FromEngine, isToEngine } from './engine-messages.js';
import { type EngineServer, startEngineServer } from './engine-server.js';

if (process.send !== undefined) serveGateway();

/** How long answers under way may take once the engine is to end, in milliseconds. */
const DRAIN_MS = 2_000;

/** How long the whole ending may take; what is acknowledged is on disk anyway. */
const END_MS = 4_000;

function serveGateway(): void {
  // A Ctrl-C reaches the whole group of processes: the gateway drains first and needs its engine for it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

  const ending = new AbortController();
  let starting: Promise<EngineServer | null> = Promise.resolve(null);

  const end = async (): Promise<void> => {
    if (ending.signal.aborted) return;
    ending.abort();
    setTimeout(() => process.exit(1), END_MS).unref();
    const server = await starting;
    await server?.close(DRAIN_MS);
    if (process.connected) process.disconnect();
  };

  process.on('disconnect', () => void end());
  process.on('message', (message: unknown) => {
    // A gateway that died while this file was loading has left its message but no channel whose end could be seen.
    if (!isToEngine(message) || !process.connected) return;
    if (message.kind === 'stop') void end();
    else starting = start(message, ending.signal);
  });
}

async function start(options: EngineStart, signal: AbortSignal): Promise<EngineServer | null> {
  try {
    const server = await startEngineServer({
      ...options,
      signal,
      onSweep: (outcome) =>
        tell(
          'removed' in outcome ? { kind: 'swept', ...outcome } : { kind: 'sweepFailed', detail: String(outcome.error) },
        ),
    });
    tell({ kind: 'listening', port: server.port, portTaken: server.portTaken });
    return server;
  } catch (error) {
    const reason = error instanceof EngineFailure ? error.reason : 'unexpected';
    process.exitCode = 1;
    if (!signal.aborted) {
      tell({ kind: 'failed', reason, detail: error instanceof Error ? error.message : String(error) }, () => {
        if (process.connected) process.disconnect();
      });
    }
    return null;
  }
}

function tell(message: FromEngine, told: () => void = () => {}): void {
  // A gateway that has just died is no error here: the channel's end is what ends the engine.
  if (process.connected) process.send?.(message, undefined, undefined, told);
}
