// The command `serve`: from variables to a gateway that answers, and from a signal to its end.
import { type Config, readConfig } from '../config.js';
import { startEngine } from '../gateway/start-engine.js';
import type { Gateway } from '../gateway.js';
import { createLog, type LogOutput } from '../observability/log.js';
import { removeOtherSnapshots } from '../workers/share.js';
import { waitForReloads } from './reloading.js';
import { sayStart } from './say-start.js';
import { startProblem } from './start-problem.js';

/** What the command takes from the process. */
export interface ServeDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTty: boolean;
  readonly version: string;
  readonly nodeVersion: string;
  /** For the log, and for the start lines of people. */
  readonly output: LogOutput;
  /** For what keeps the gateway from starting. */
  readonly problems: LogOutput;
  /** Calls `stop` at the first signal to end, with the signal's name. */
  readonly onSignal: (stop: (signal: string) => void) => void;
  /** Calls `reload` at each signal to read files anew. Until it is called, that signal ends the process. */
  readonly onReload: (reload: () => void) => void;
  readonly setExitCode: (code: number) => void;
}

/** The first requests after a start are not to wait for what is only prepared. */
const warmUpAfterMs = 2_000;

/** Starts the gateway. What keeps it from starting is told, one line a problem, and sets exit code 1. */
export async function serve(deps: ServeDeps): Promise<void> {
  const reloading = waitForReloads(deps.onReload);
  const read = readConfig(deps.env, { isTty: deps.isTty });
  if (!read.ok) {
    for (const problem of read.problems) deps.problems.write(`${problem}\n`);
    deps.setExitCode(1);
    return;
  }
  const { config } = read;
  if (config.workers > 1) {
    const { channelToPrimary } = await import('../workers/processes.js');
    const channel = channelToPrimary();
    if (channel !== null) {
      const { serveAsWorker } = await import('./serve-worker.js');
      return serveAsWorker(config, channel, { output: deps.output, warmUpAfterMs });
    }
  }
  const stopping = waitForSignal(deps.onSignal);
  if (config.memory.snapshot !== null) await removeOtherSnapshots(config.memory.snapshot, config.workers);
  if (config.workers > 1) {
    const { serveWithWorkers } = await import('./serve-workers.js');
    return serveWithWorkers(config, { ...deps, stopping, reloading });
  }
  const gateway = await start(config, deps);
  if (gateway === null) {
    deps.setExitCode(1);
    return;
  }
  sayStart(config, { address: gateway.address, engine: gateway.engine, layout: gateway.layout() }, deps);
  const warmUp = setTimeout(() => void gateway.warmUp(), warmUpAfterMs).unref();
  reloading.use(gateway.reload);
  await stopping;
  clearTimeout(warmUp);
  await gateway.close();
}

async function start(config: Config, deps: ServeDeps): Promise<Gateway | null> {
  const log = createLog({ config: config.log, output: deps.output, elapsed: () => performance.now() });
  const engine = startEngine(config, log);
  // It is the gateway that waits for it; until then nobody does.
  engine.catch(() => undefined);
  try {
    // Loading all that a gateway is takes longer than the engine takes to start.
    const { createGateway } = await import('../gateway.js');
    return await createGateway(config, { output: deps.output, engine });
  } catch (error) {
    // Whatever refused to start may have done so before the gateway took the engine over.
    await engine.then(
      (started) => started[Symbol.asyncDispose](),
      () => undefined,
    );
    const line = startProblem(error, config);
    if (line === null) throw error;
    deps.problems.write(`${line}\n`);
    return null;
  }
}

/** Listening begins before the start does: a signal that comes while the engine comes up must end it too. */
function waitForSignal(onSignal: ServeDeps['onSignal']): Promise<void> {
  return new Promise((resolve) => onSignal(() => resolve()));
}
