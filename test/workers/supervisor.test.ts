// Starting, restarting and ending workers: what is sent and killed in which order, and which snapshots are forgotten.
import { describe, expect, it } from 'vitest';
import { createHub } from '../../src/workers/hub.js';
import type { FromWorker, ToWorker } from '../../src/workers/messages.js';
import type { WorkerListener } from '../../src/workers/processes.js';
import { createSupervisor, type Supervisor, type WorkerEvent } from '../../src/workers/supervisor.js';

/** A worker's process that does only what the test says. */
interface Forked extends WorkerListener {
  readonly told: ToWorker[];
  isKilled: boolean;
}

interface World {
  readonly supervisor: Supervisor;
  readonly forked: Forked[];
  readonly events: WorkerEvent[];
  /** Places whose snapshots were removed. */
  readonly forgotten: number[];
  /** Lets every timer run that is set now. */
  pass(): void;
}

function startWorld(count = 2): World {
  const timers = new Set<() => void>();
  const setTimer = (run: () => void): (() => boolean) => {
    timers.add(run);
    return () => timers.delete(run);
  };
  const hub = createHub({ setTimer });
  const forked: Forked[] = [];
  const events: WorkerEvent[] = [];
  const forgotten: number[] = [];
  const supervisor = createSupervisor({
    count,
    hub,
    fork: (listenerOf) => {
      const told: ToWorker[] = [];
      const one: Forked = {
        told,
        isKilled: false,
        ...listenerOf({
          process: forked.length + 1,
          send: (message) => told.push(message),
          kill: () => {
            one.isKilled = true;
          },
        }),
      };
      forked.push(one);
    },
    engine: Promise.resolve(null),
    port: 0,
    forget: async (place) => {
      forgotten.push(place);
    },
    onEvent: (event) => events.push(event),
    elapsed: () => 0,
    random: () => 0,
    setTimer,
    endMs: 1,
  });
  supervisor.started.catch(() => undefined);
  return {
    supervisor,
    forked,
    events,
    forgotten,
    pass: () => {
      for (const run of [...timers]) {
        timers.delete(run);
        run();
      }
    },
  };
}

const ready: FromWorker = { kind: 'reached', phase: 'ready' };
const serving: FromWorker = {
  kind: 'serving',
  facts: { address: { host: '127.0.0.1', port: 4000 }, layout: null },
};
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Has it come as far as a worker that answers requests. */
function serve(worker: Forked): void {
  worker.message({ kind: 'joins' });
  worker.message(ready);
  worker.listening();
  worker.message(serving);
}

async function startServing(): Promise<World> {
  const world = startWorld();
  for (const worker of world.forked) serve(worker);
  await world.supervisor.started;
  return world;
}

describe('snapshots', () => {
  it('stay where a gateway cannot listen: nothing was written since they were saved', async () => {
    const { supervisor, forked, forgotten } = startWorld();
    for (const worker of forked) worker.message(ready);
    forked[0]?.message({ kind: 'failed', line: 'The port is taken.' });
    expect(forked.map(({ isKilled }) => isKilled)).toEqual([true, true]);
    for (const worker of forked) worker.exit('SIGKILL');
    await expect(supervisor.started).rejects.toThrow('The port is taken.');
    expect(forgotten).toEqual([]);
  });

  it('stay where it is told to end before it listens', async () => {
    const { supervisor, forked, forgotten } = startWorld();
    forked[0]?.message(ready);
    const stopped = supervisor.stop();
    expect(forked.map(({ isKilled }) => isKilled)).toEqual([true, true]);
    for (const worker of forked) worker.exit('SIGKILL');
    await stopped;
    expect(forgotten).toEqual([]);
  });

  it('go with a worker that dies once one listens', async () => {
    const { forked, forgotten } = startWorld();
    for (const worker of forked) worker.message(ready);
    forked[0]?.listening();
    forked[1]?.exit('SIGSEGV');
    await settled();
    expect(forgotten).toEqual([2]);
  });
});

describe('an end while it starts', () => {
  it('kills nobody once one listens: what was asked of it is answered', async () => {
    const { supervisor, forked, forgotten } = startWorld();
    for (const worker of forked) worker.message(ready);
    forked[0]?.listening();
    const stopped = supervisor.stop();
    expect(forked.map(({ isKilled }) => isKilled)).toEqual([false, false]);
    for (const worker of forked) {
      expect(worker.told).toContainEqual({ kind: 'stop' });
      worker.message({ kind: 'reached', phase: 'drained' });
    }
    for (const worker of forked) {
      expect(worker.told.at(-1)).toEqual({ kind: 'goOn', phase: 'drained' });
      worker.exit('exit code 0');
    }
    await stopped;
    expect(forgotten).toEqual([]);
  });
});

describe('a worker that has died', () => {
  it('is asked nothing any more, even if it said last that it is to be', async () => {
    const { forked, forgotten, pass } = await startServing();
    forked[0]?.exit('SIGKILL');
    await settled();
    expect(forgotten).toEqual([1]);
    pass();
    forked[2]?.exit('SIGKILL');
    forked[2]?.message({ kind: 'joins' });
    await settled();
    const before = forked[2]?.told.length;
    forked[1]?.message({ kind: 'ask', id: 1, topic: 'write begun', question: null, own: [], must: true });
    await settled();
    expect(forked[1]?.told.at(-1)).toEqual({ kind: 'answers', id: 1, answers: [] });
    expect(forked[2]?.told).toHaveLength(before ?? -1);
  });

  it('five times within a minute stays down; the others go on, and end the gateway when none is left', async () => {
    const { supervisor, forked, events, pass } = await startServing();
    const dies = async (first: number): Promise<void> => {
      let worker = forked[first];
      for (let death = 1; death <= 5; death += 1) {
        worker?.exit('exit code 1');
        await settled();
        const before = forked.length;
        pass();
        expect(forked.length - before).toBe(death < 5 ? 1 : 0);
        worker = forked.at(-1);
      }
    };
    await dies(0);
    expect(events.at(-1)).toEqual({ kind: 'gaveUp', place: 1, deaths: 5, left: 1 });
    const delays = events.flatMap((event) => (event.kind === 'restarting' ? [event.delayMs] : []));
    expect(delays).toEqual([50, 200, 400, 800]);
    await dies(1);
    expect(events.at(-1)).toEqual({ kind: 'gaveUp', place: 2, deaths: 5, left: 0 });
    await supervisor.gaveUp;
    await supervisor.stop();
  });
});
