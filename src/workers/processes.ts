// The processes themselves, as node:cluster makes them: they share the port, which the primary process listens on.
import cluster, { type Worker } from 'node:cluster';
import { type FromWorker, isFromWorker, isToWorker, type ToWorker } from './messages.js';

/** One worker's process as the primary process holds it. */
export interface WorkerProcess {
  /** A number that no other worker has or had. */
  readonly process: number;
  send(message: ToWorker): void;
  /** SIGKILL. */
  kill(): void;
}

/** Told what a process does. */
export interface WorkerListener {
  readonly message: (message: FromWorker) => void;
  /** It listens; told before anything that it says when it has been asked something. */
  readonly listening: () => void;
  /** It ended, or could not be started; `how` is a signal or an exit code, or why, in words. */
  readonly exit: (how: string) => void;
}

/** Starts the program once more, with its own arguments and environment, as a worker. Does not throw. */
export function forkWorker(listenerOf: (worker: WorkerProcess) => WorkerListener): void {
  cluster.setupPrimary({ serialization: 'advanced' });
  const forked = tryFork();
  if (forked instanceof Error) {
    const { exit } = listenerOf({ process: nowhere, send: () => undefined, kill: () => undefined });
    setImmediate(() => exit(forked.message));
    return;
  }
  const worker: WorkerProcess = {
    process: forked.id,
    // One that has died is not told any more; its exit says so.
    send: (message) => {
      if (forked.isConnected()) forked.send(message, () => undefined);
    },
    kill: () => {
      forked.process.kill('SIGKILL');
    },
  };
  const { message, listening, exit } = listenerOf(worker);
  forked.on('message', (said: unknown) => {
    if (isFromWorker(said)) message(said);
  });
  forked.on('listening', listening);
  forked.on('exit', (code, signal) => exit(signal ?? `exit code ${code}`));
  forked.on('error', (error: unknown) => {
    // What was never started does not exit. Any other error is of a message to one that has died; its exit says so.
    if (forked.process.pid === undefined) exit(error instanceof Error ? error.message : String(error));
  });
}

/** No worker has this number. */
const nowhere = -1;

/** Some failures to start a process are thrown, as that for want of memory is; others are an event. */
function tryFork(): Worker | Error {
  try {
    return cluster.fork();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The channel of a worker to the primary process. */
export interface PrimaryChannel {
  send(message: FromWorker): void;
  onMessage(listener: (message: ToWorker) => void): void;
  /** Lets the process end once nothing keeps it. */
  close(): void;
}

/**
 * In a worker: its channel; null in any other process. From here on only the primary process ends this one, in order
 * with the others: a Ctrl-C reaches all of them. node:cluster ends it when the primary process is gone.
 */
export function channelToPrimary(): PrimaryChannel | null {
  const { worker } = cluster;
  if (worker === undefined || cluster.isPrimary) return null;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
  return {
    send: (message) => {
      if (worker.isConnected()) worker.send(message, () => undefined);
    },
    onMessage: (listener) => {
      process.on('message', (said: unknown) => {
        if (isToWorker(said)) listener(said);
      });
    },
    close: () => {
      worker.disconnect();
    },
  };
}
