// Fails fast while the store is down, and probes its way back: cockatiel's circuit around every call of the store.
import { CircuitState as BreakerState, circuitBreaker, handleWhenResult } from 'cockatiel';
import type { CircuitState } from '../domain/gateway-state.js';
import { everyKey, type ReadMany } from '../domain/read-many.js';
import type { CallEnding, StoreGuard } from '../domain/store-guard.js';
import type { WriteMany } from '../domain/write-many.js';
import type { Events } from '../observability/events.js';
import { storeDown } from './failed-outcomes.js';
import { createOutageBreaker } from './outage-breaker.js';
import type { SetTimer } from './shared-batches.js';

/** What the circuit needs. */
export interface CircuitDeps {
  /** Asks the store for next to nothing and answers whether it was there. Ends by itself. */
  readonly probe: () => Promise<boolean>;
  readonly setTimer: SetTimer;
  /** Milliseconds of a clock that never jumps. */
  readonly elapsed: () => number;
  readonly events: Pick<Events, 'circuitChanged'>;
}

/**
 * The circuit of one store. While it is open whatever would ask the store fails with STORE_UNAVAILABLE at once, what is
 * being read when it opens too; nobody's lookup is the guinea pig: a probe in the background closes it.
 */
export interface Circuit extends Disposable {
  /** Every call of the store goes through this: calls are counted, not keys. */
  readonly guard: StoreGuard;
  state(): CircuitState;
  reads<Key, Value>(next: ReadMany<Key, Value>): ReadMany<Key, Value>;
  /** A write that was sent is let go on to its end: only that tells what became of it. */
  writes<Input, Receipt>(next: WriteMany<Input, Receipt>): WriteMany<Input, Receipt>;
  /** The same for a reader of pages, which rejects. */
  pages<Request, Page>(next: (request: Request) => Promise<Page>): (request: Request) => Promise<Page>;
}

/** Milliseconds before the first probes; the last is that of all others. */
const probeAfterMs = [250, 500, 1_000] as const;
const laterProbesMs = 2_000;

const states: Readonly<Record<BreakerState, CircuitState>> = {
  [BreakerState.Closed]: 'CLOSED',
  [BreakerState.HalfOpen]: 'HALF_OPEN',
  [BreakerState.Open]: 'OPEN',
  [BreakerState.Isolated]: 'OPEN',
};

/** Thrown through cockatiel, which counts neither for nor against the store what it does not handle. */
const uncounted = new Error('It cannot be told whether the store was there.');

/** A closed circuit. */
export function createCircuit({ probe, setTimer, elapsed, events }: CircuitDeps): Circuit {
  const rule = createOutageBreaker(elapsed);
  const policy = circuitBreaker(handleWhenResult(isSilent), {
    // Calls that were under way when it opened come back later; the probe alone may say more then.
    breaker: { ...rule, failure: (state) => rule.failure(state) && !isDown() },
    // Our timer decides when to probe: cockatiel would ask the wall clock, which may be set back by an hour.
    halfOpenAfter: Number.NEGATIVE_INFINITY,
  });
  const cuts = new Set<() => void>();
  let cancelTimer: (() => void) | null = null;
  let openedAt: number | null = null;
  let probes = 0;
  let isDisposed = false;

  policy.onBreak(() => {
    if (openedAt === null) {
      openedAt = elapsed();
      events.circuitChanged({ state: 'OPEN', downMs: 0 });
      for (const cut of cuts) cut();
    }
    if (isDisposed) return;
    cancelTimer = setTimer(() => void runProbe(), probeAfterMs[probes] ?? laterProbesMs);
    probes += 1;
  });
  policy.onReset(() => {
    const downMs = elapsed() - (openedAt ?? elapsed());
    openedAt = null;
    probes = 0;
    events.circuitChanged({ state: 'CLOSED', downMs });
  });

  async function runProbe(): Promise<void> {
    cancelTimer = null;
    await policy.execute(async (): Promise<CallEnding> => {
      const isThere = await probe().catch(() => false);
      return { store: isThere ? 'answered' : 'silent' };
    });
  }

  /** What was asked, or `instead` where the circuit opens before that has come. */
  function untilCut<Answer>(asked: Promise<Answer>, instead: () => Answer | Promise<Answer>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const cut = (): void => resolve(instead());
      cuts.add(cut);
      asked.then(resolve, reject).finally(() => cuts.delete(cut));
    });
  }

  function isDown(): boolean {
    return policy.state !== BreakerState.Closed;
  }

  return {
    guard: {
      async call(make) {
        // While it is not closed only the probe counts, as a whole; what else was under way is let go on.
        if (isDown()) return make();
        const made = make();
        const counted = policy.execute(async () => {
          const ending = await made;
          if (ending.store === 'unknown') throw uncounted;
          return ending;
        });
        await counted.catch(() => undefined);
        return made;
      },
      isDown,
    },

    state: () => states[policy.state],

    reads: (next) => async (request) => {
      const { keys } = request;
      if (keys.length === 0) return new Map();
      if (isDown()) return everyKey(keys, storeDown());
      return untilCut(next(request), () => everyKey(keys, storeDown()));
    },

    writes: (next) => async (request) => {
      if (!isDown()) return next(request);
      const down = storeDown();
      return request.inputs.map(() => down);
    },

    pages: (next) => async (request) => {
      if (isDown()) throw storeDown().error;
      return untilCut(next(request), () => Promise.reject(storeDown().error));
    },

    [Symbol.dispose]() {
      isDisposed = true;
      cancelTimer?.();
      cancelTimer = null;
    },
  };
}

function isSilent(ending: unknown): boolean {
  return typeof ending === 'object' && ending !== null && 'store' in ending && ending.store === 'silent';
}
