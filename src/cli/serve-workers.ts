// `serve` in the primary process of several: engine, snapshots and workers are its own, requests are theirs.
import { performance } from 'node:perf_hooks';
import type { Config } from '../config.js';
import { metricsTopic } from '../gateway/metrics-topic.js';
import { startEngine } from '../gateway/start-engine.js';
import { statsTopic } from '../gateway/whole-state.js';
import { createLog, type LogOutput } from '../observability/log.js';
import { createHub, type SetTimer } from '../workers/hub.js';
import { keepAnswers } from '../workers/kept-answers.js';
import { forkWorker } from '../workers/processes.js';
import { removeSnapshot } from '../workers/share.js';
import { createSupervisor, WorkerStartError } from '../workers/supervisor.js';
import type { Reloading } from './reloading.js';
import { type SayStartDeps, sayStart } from './say-start.js';
import { reload } from './serve-worker.js';
import { startProblem } from './start-problem.js';
import { noticeOfWorker } from './worker-notices.js';

/** What it takes of the process. */
export interface ServeWorkersDeps extends SayStartDeps {
  readonly problems: LogOutput;
  /** Resolves at the first signal to end. */
  readonly stopping: Promise<void>;
  readonly reloading: Reloading;
  readonly setExitCode: (code: number) => void;
}

/** Beyond the time that queries have: saving a snapshot, ten seconds at most, and some to end. */
const endBeyondMs = 15_000;

/** Resolves when all of it has ended. */
export async function serveWithWorkers(config: Config, deps: ServeWorkersDeps): Promise<void> {
  const elapsed = (): number => performance.now();
  const log = createLog({ config: config.log, output: deps.output, elapsed });
  const engine = startEngine(config, log);
  const { snapshot } = config.memory;
  const hub = createHub({ setTimer, keeps: [keepAnswers(metricsTopic), keepAnswers(statsTopic)] });
  const supervisor = createSupervisor({
    count: config.workers,
    hub,
    fork: forkWorker,
    engine: engine.then(({ facts }) => facts),
    port: config.listen.port,
    forget: (place) =>
      snapshot === null
        ? Promise.resolve()
        : removeSnapshot(snapshot, place).catch((error: unknown) =>
            log.unexpectedError({ where: 'memory snapshot', error }),
          ),
    onEvent: (event) => log.notice(noticeOfWorker(event)),
    elapsed,
    random: Math.random,
    setTimer,
    endMs: config.limits.shutdownMs + endBeyondMs,
  });
  try {
    // The engine's own reason is the better one.
    const started = await Promise.race([deps.stopping, Promise.all([engine, supervisor.started])]);
    if (started === undefined) return;
    const [{ facts }, serving] = started;
    sayStart(config, { ...serving, engine: facts }, deps);
    deps.reloading.use(() => hub.ask(reload, null));
    await Promise.race([deps.stopping, supervisor.gaveUp.then(() => deps.setExitCode(1))]);
  } catch (error) {
    deps.setExitCode(1);
    const line = error instanceof WorkerStartError ? error.message : startProblem(error, config);
    if (line === null) throw error;
    if (line !== '') deps.problems.write(`${line}\n`);
  } finally {
    await supervisor.stop();
    await engine.then(
      (started) => started[Symbol.asyncDispose](),
      () => undefined,
    );
  }
}

const setTimer: SetTimer = (run, ms) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};
