// Starts the workers, starts those again that die, has them wait for one another, and ends them in order.
import { deferred } from '../domain/deferred.js';
import type { Hub, SetTimer } from './hub.js';
import type { EngineOfAll, FromWorker, Phase, ServingFacts } from './messages.js';
import type { WorkerListener, WorkerProcess } from './processes.js';

/** What happens to workers, for whoever operates the gateway. */
export type WorkerEvent =
  /** One ended unasked. `how` is a signal or an exit code. */
  | { readonly kind: 'exited'; readonly place: number; readonly how: string }
  /** A new one will be started in `delayMs`. `attempt` counts the deaths at this place within the last minute. */
  | { readonly kind: 'restarting'; readonly place: number; readonly attempt: number; readonly delayMs: number }
  | { readonly kind: 'servesAgain'; readonly place: number }
  /** It cannot start again, and says why. */
  | { readonly kind: 'failed'; readonly place: number; readonly line: string }
  /** `deaths` at this place within a minute: it stays empty. `left` other places are not given up. */
  | { readonly kind: 'gaveUp'; readonly place: number; readonly deaths: number; readonly left: number };

/** What supervising takes. */
export interface SupervisorDeps {
  /** CRAWLGATE_WORKERS. */
  readonly count: number;
  readonly hub: Hub;
  readonly fork: (listenerOf: (worker: WorkerProcess) => WorkerListener) => void;
  /** The engine that all workers use; they load what they take while it starts. */
  readonly engine: Promise<EngineOfAll | null>;
  /** CRAWLGATE_PORT. */
  readonly port: number;
  /** To be done when a worker has died, before the others are told: what it left on disk is not kept up to date. */
  readonly forget: (place: number) => Promise<void>;
  /** Must not throw. */
  readonly onEvent: (event: WorkerEvent) => void;
  /** Milliseconds of a clock that never jumps. */
  readonly elapsed: () => number;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  readonly setTimer: SetTimer;
  /** Milliseconds that all of them may take to end before they are killed. */
  readonly endMs: number;
}

/** The workers of one gateway. */
export interface Supervisor {
  /** Resolves when all of them serve; rejects with a WorkerStartError where one cannot, after all have been killed. */
  readonly started: Promise<ServingFacts>;
  /** Resolves when every place was given up: nobody serves any more. */
  readonly gaveUp: Promise<void>;
  /** Has all of them answer what is under way and end. Resolves when they have. Calling it twice is harmless. */
  stop(): Promise<void>;
}

/** A worker could not start. The message is one line for whoever starts the gateway; empty where the worker has told. */
export class WorkerStartError extends Error {
  override readonly name = 'WorkerStartError';
}

interface Place {
  readonly place: number;
  worker: WorkerProcess | null;
  reached: Phase | null;
  isServing: boolean;
  /** Whether it was told that nobody answers requests any more. */
  isReleased: boolean;
  isGivenUp: boolean;
  readonly deaths: number[];
  cancelRestart: () => void;
}

// As the embedded engine's own supervisor has it.
const maxDeaths = 5;
const deathsWindowMs = 60_000;
const firstDelayMs = 100;

/** Starts them. */
export function createSupervisor(deps: SupervisorDeps): Supervisor {
  const { count, hub, onEvent, elapsed, setTimer } = deps;
  const places: Place[] = Array.from({ length: count }, (_, index) => ({
    place: index + 1,
    worker: null,
    reached: null,
    isServing: false,
    isReleased: false,
    isGivenUp: false,
    deaths: [],
    cancelRestart: () => undefined,
  }));
  const start = deferred<ServingFacts>();
  const end = deferred<void>();
  const allGivenUp = deferred<void>();
  const firstReady = deferred<void>();
  let state: 'starting' | 'running' | 'stopping' = 'starting';
  let lastPort = deps.port;
  let wasReady = false;
  /** Whether requests may have been answered. */
  let wasOpen = false;
  /** What is still to be done of workers that have died. */
  let burying = 0;

  function launch(place: Place): void {
    place.reached = null;
    deps.fork((worker) => {
      place.worker = worker;
      return {
        message: (message) => hear(place, worker, message),
        listening: () => {
          wasOpen = true;
        },
        exit: (how) => void bury(place, worker, how),
      };
    });
  }

  /** The first makes what is missing in an embedded store; the others find it. */
  async function begin({ place }: Place, worker: WorkerProcess): Promise<void> {
    try {
      const engine = await deps.engine;
      if (place > 1) await firstReady.promise;
      // node:cluster shares by the port that was asked for: a free one is asked for again while others have it.
      const port = places.some(({ isServing }) => isServing) ? deps.port : lastPort;
      worker.send({ kind: 'start', process: worker.process, place, port, engine });
      if (state === 'stopping') worker.send({ kind: 'stop' });
    } catch {
      worker.kill();
    }
  }

  function hear(place: Place, worker: WorkerProcess, message: FromWorker): void {
    // What one that has died still had on its way: everybody was told that nothing more comes from it.
    if (place.worker !== worker) return;
    if (hub.receive(worker.process, message)) return;
    switch (message.kind) {
      case 'hears':
        void begin(place, worker);
        break;
      case 'joins':
        hub.join(worker);
        break;
      case 'reached':
        place.reached = message.phase;
        hub.admit(worker.process);
        if (place.place === 1) firstReady.resolve();
        goOn();
        break;
      case 'serving':
        place.isServing = true;
        // A free port that was taken once is the gateway's from then on.
        lastPort = message.facts.address.port;
        if (state === 'running') onEvent({ kind: 'servesAgain', place: place.place });
        if (state === 'starting' && places.every(({ isServing }) => isServing)) {
          state = 'running';
          start.resolve(message.facts);
        }
        break;
      case 'failed':
        if (state === 'starting') fail(message.line ?? '');
        else if (message.line !== null) onEvent({ kind: 'failed', place: place.place, line: message.line });
        break;
      default:
    }
  }

  /** Lets those go on who have reached what all others have. */
  function goOn(): void {
    const alive = places.filter(({ worker }) => worker !== null);
    wasReady ||= state === 'starting' && places.every(({ reached }) => reached !== null);
    const isDrained = alive.every(({ reached }) => reached === 'drained');
    for (const place of alive) {
      if (place.reached === 'ready' && wasReady) place.worker?.send({ kind: 'goOn', phase: 'ready' });
      if (!isDrained) continue;
      place.isReleased = true;
      place.worker?.send({ kind: 'goOn', phase: 'drained' });
    }
  }

  async function bury(place: Place, worker: WorkerProcess, how: string): Promise<void> {
    const { isServing } = place;
    Object.assign(place, { worker: null, isServing: false });
    burying += 1;
    // As long as nobody could write, what the gateway before this one left is true.
    if (wasOpen && !place.isReleased) await deps.forget(place.place);
    burying -= 1;
    hub.leave(worker.process);
    if (state === 'starting') fail(`A worker ended while it started (${how}).`);
    if (state === 'stopping') {
      goOn();
      if (burying === 0 && places.every(({ worker: living }) => living === null)) end.resolve();
      return;
    }
    onEvent({ kind: 'exited', place: place.place, how });
    startAgain(place, isServing);
  }

  function startAgain(place: Place, wasServing: boolean): void {
    const now = elapsed();
    const { deaths } = place;
    deaths.push(now);
    while (deaths[0] !== undefined && deaths[0] <= now - deathsWindowMs) deaths.shift();
    if (deaths.length >= maxDeaths) {
      place.isGivenUp = true;
      const left = places.filter(({ isGivenUp }) => !isGivenUp).length;
      onEvent({ kind: 'gaveUp', place: place.place, deaths: deaths.length, left });
      if (left === 0) allGivenUp.resolve();
      return;
    }
    const longest = firstDelayMs * 2 ** (deaths.length - (wasServing ? 1 : 0));
    const delayMs = Math.round(longest * (0.5 + deps.random() / 2));
    onEvent({ kind: 'restarting', place: place.place, attempt: deaths.length, delayMs });
    place.cancelRestart = setTimer(() => launch(place), delayMs);
  }

  /** At the first start one that cannot is reason enough: it is the same for all. */
  function fail(line: string): void {
    state = 'stopping';
    killAll();
    const error = new WorkerStartError(line);
    if (places.every(({ worker }) => worker === null)) end.resolve();
    void end.promise.then(() => start.reject(error));
  }

  for (const place of places) launch(place);

  return {
    started: start.promise,
    gaveUp: allGivenUp.promise,
    stop() {
      if (state === 'stopping') return end.promise;
      state = 'stopping';
      for (const { worker, cancelRestart } of places) {
        cancelRestart();
        worker?.send({ kind: 'stop' });
      }
      if (!wasOpen) killAll();
      goOn();
      if (burying === 0 && places.every(({ worker }) => worker === null)) end.resolve();
      const cancel = setTimer(killAll, deps.endMs);
      return end.promise.finally(cancel);
    },
  };

  function killAll(): void {
    for (const { worker } of places) worker?.kill();
  }
}
