// The processes themselves, as node:cluster makes them: they share the port, which the primary process listens on.
import cluster from 'node:cluster';
import { type FromWorker, isFromWorker, isToWorker, type ToWorker } from './messages.js';

/** One worker's process as the primary process holds it. */
export interface WorkerProcess {
  /** A number that no other worker has or had. */
  readonly process: number;
  send(message: ToWorker): void;
  /** SIGKILL. */
  kill(): void;
}

/** How a process ended; `how` is a signal or an exit code, in words. */
export interface WorkerListener {
  readonly message: (message: FromWorker) => void;
  readonly exit: (how: string) => void;
}

/** Starts the program once more, with its own arguments and environment, as a worker. */
export function forkWorker(listenerOf: (worker: WorkerProcess) => WorkerListener): void {
  cluster.setupPrimary({ serialization: 'advanced' });
  const forked = cluster.fork();
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
  const { message, exit } = listenerOf(worker);
  forked.on('message', (said: unknown) => {
    if (isFromWorker(said)) message(said);
  });
  forked.on('exit', (code, signal) => exit(signal ?? `exit code ${code}`));
  forked.on('error', () => undefined);
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
