// The circuit: what opens it, what goes on while it is open, and how it closes.
import { afterEach, describe, expect, it } from 'vitest';
import { type Circuit, createCircuit } from '../../src/cache/circuit.js';
import { groups } from '../../src/domain/fields.js';
import { everyKey, plainWant, type ReadMany, type ReadOutcome } from '../../src/domain/read-many.js';
import type { CallEnding } from '../../src/domain/store-guard.js';
import { CrawlgateError } from '../../src/errors.js';
import { createFakeClock, settle } from './scripted-store.js';

const want = { ...plainWant, groups: groups.head };
const { signal } = new AbortController();
const found: ReadOutcome<string> = {
  kind: 'found',
  value: 'x',
  provenance: { source: 'DYNAMODB', status: 'FRESH', readAt: 0 },
};

const circuits: Circuit[] = [];
afterEach(() => {
  for (const circuit of circuits.splice(0)) circuit[Symbol.dispose]();
});

function createWorld() {
  const clock = createFakeClock();
  const changes: string[] = [];
  const probes: ((isThere: boolean) => void)[] = [];
  const circuit = createCircuit({
    probe: () =>
      new Promise((resolve) => {
        probes.push(resolve);
      }),
    setTimer: clock.setTimer,
    elapsed: clock.now,
    events: { circuitChanged: ({ state, downMs }) => changes.push(`${state} ${downMs}`) },
  });
  circuits.push(circuit);
  const call = (store: CallEnding['store']): Promise<CallEnding> => circuit.guard.call(async () => ({ store }));
  return {
    clock,
    changes,
    probes,
    circuit,
    call,
    async calls(count: number, store: CallEnding['store'], apartMs = 0) {
      for (let index = 0; index < count; index += 1) {
        if (index > 0) await clock.advance(apartMs);
        await call(store);
      }
    },
    async open() {
      while (circuit.state() === 'CLOSED') {
        await clock.advance(100);
        await call('silent');
      }
    },
    async answerProbe(isThere: boolean) {
      probes.shift()?.(isThere);
      await settle();
    },
  };
}

describe('a closed circuit', () => {
  it.each<[string, number, number]>([
    ['88 calls refused within a third of a second', 88, 4],
    ['eight tries of one lookup within 5 s', 8, 700],
    ['four calls that hang for 5 s each', 4, 5_100],
  ])('opens after %s', async (_, count, apartMs) => {
    const { circuit, clock, call, calls, changes } = createWorld();
    await calls(count - 1, 'silent', apartMs);
    await clock.advance(apartMs);
    expect(circuit.state()).toBe('CLOSED');
    await call('silent');
    expect(circuit.state()).toBe('OPEN');
    expect(changes).toEqual(['OPEN 0']);
  });

  it('does not open at once, however many calls fail in one moment', async () => {
    const { circuit, calls } = createWorld();
    await calls(1_000, 'silent');
    expect(circuit.state()).toBe('CLOSED');
  });

  it('does not open while one call in ten is answered, were it with a refusal or as over its capacity', async () => {
    const { circuit, calls } = createWorld();
    for (let round = 0; round < 100; round += 1) {
      await calls(9, 'silent', 50);
      await calls(1, 'answered');
    }
    expect(circuit.state()).toBe('CLOSED');
  });

  it('takes a call that was given up early for nothing: neither for an answer nor for silence', async () => {
    const { circuit, clock, calls } = createWorld();
    await calls(1_000, 'unknown', 10);
    expect(circuit.state()).toBe('CLOSED');
    await calls(50, 'silent');
    await calls(1, 'unknown');
    await clock.advance(1_000);
    await calls(1, 'silent');
    expect(circuit.state()).toBe('OPEN');
  });

  it('hands out what a call brought, and what it rejects with', async () => {
    const { circuit } = createWorld();
    const ending = { store: 'unknown', more: 1 } as const;
    expect(await circuit.guard.call(async () => ending)).toBe(ending);
    const fault = new TypeError('ours');
    await expect(circuit.guard.call(() => Promise.reject(fault))).rejects.toBe(fault);
  });
});

describe('an open circuit', () => {
  it('asks nobody: reads, writes and pages fail at once with STORE_UNAVAILABLE and a cause', async () => {
    const { circuit, open } = createWorld();
    let asked = 0;
    const read = circuit.reads<string, string>(async ({ keys }) => {
      asked += 1;
      return everyKey(keys, found);
    });
    const write = circuit.writes<string, null>(async ({ inputs }) => {
      asked += 1;
      return inputs.map(() => ({ kind: 'done', receipt: null }));
    });
    const list = circuit.pages(async (first: number) => {
      asked += 1;
      return first;
    });
    expect((await read({ keys: ['a'], want, signal })).get('a')).toBe(found);
    expect(await write({ inputs: ['a'], signal })).toEqual([{ kind: 'done', receipt: null }]);
    expect(await list(7)).toBe(7);
    expect(asked).toBe(3);

    await open();
    const refused = { code: 'STORE_UNAVAILABLE', cause: expect.any(Error) };
    const outcomes = await read({ keys: ['a', 'b', 'a'], want, signal });
    expect([...outcomes.keys()]).toEqual(['a', 'b']);
    expect(outcomes.get('b')).toMatchObject({ kind: 'failed', error: refused });
    expect(await write({ inputs: ['a', 'b'], signal })).toMatchObject([{ error: refused }, { error: refused }]);
    await expect(list(7)).rejects.toMatchObject(refused);
    expect((await read({ keys: [], want, signal })).size).toBe(0);
    expect(asked).toBe(3);
  });

  it('answers what was being read when it opened', async () => {
    const { circuit, open } = createWorld();
    const hanging: ReadMany<string, string> = () => new Promise(() => undefined);
    const waiting = circuit.reads(hanging)({ keys: ['a'], want, signal });
    await open();
    expect((await waiting).get('a')).toMatchObject({ kind: 'failed', error: { code: 'STORE_UNAVAILABLE' } });
  });

  it('ends what waits for a page as it opens', async () => {
    const { circuit, open } = createWorld();
    const page = circuit.pages(() => new Promise<never>(() => undefined))(7);
    const refused = expect(page).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', cause: expect.any(Error) });
    await open();
    await refused;
  });

  it('lets a write go on that was sent before', async () => {
    const { circuit, open } = createWorld();
    let finish = (): void => undefined;
    const writing = circuit.writes<string, null>(
      () =>
        new Promise((resolve) => {
          finish = () => resolve([{ kind: 'done', receipt: null }]);
        }),
    )({ inputs: ['a'], signal });
    await open();
    finish();
    expect(await writing).toEqual([{ kind: 'done', receipt: null }]);
  });

  it('is neither closed nor counted further by calls that were under way', async () => {
    const { circuit, open, calls, changes } = createWorld();
    let answer = (_: CallEnding): void => undefined;
    const late = circuit.guard.call<CallEnding>(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    await open();
    answer({ store: 'answered' });
    expect(await late).toEqual({ store: 'answered' });
    await calls(100, 'silent', 100);
    expect(circuit.state()).not.toBe('CLOSED');
    expect(changes).toEqual(['OPEN 0']);
  });
});

describe('the way back', () => {
  it('is one probe at a time, in the background, at first after a quarter of a second, later every two', async () => {
    const { circuit, clock, open, probes, answerProbe } = createWorld();
    await open();
    for (const pause of [250, 500, 1_000, 2_000, 2_000]) {
      await clock.advance(pause - 1);
      expect(probes).toHaveLength(0);
      await clock.advance(1);
      expect(probes).toHaveLength(1);
      expect(circuit.state()).toBe('HALF_OPEN');
      await clock.advance(60_000);
      expect(probes).toHaveLength(1);
      expect(circuit.guard.isDown()).toBe(true);
      await answerProbe(false);
      expect(circuit.state()).toBe('OPEN');
    }
  });

  it('ends with a probe that was answered; what comes then is asked, and an outage begins anew', async () => {
    const { circuit, clock, open, answerProbe, changes, call } = createWorld();
    await open();
    await clock.advance(250);
    await answerProbe(false);
    await clock.advance(500);
    await answerProbe(true);
    expect(circuit.state()).toBe('CLOSED');
    expect(changes).toEqual(['OPEN 0', 'CLOSED 750']);
    await call('silent');
    expect(circuit.state()).toBe('CLOSED');
    expect(clock.timers.size).toBe(0);
    await open();
    await clock.advance(250);
    await answerProbe(true);
    expect(changes).toEqual(['OPEN 0', 'CLOSED 750', 'OPEN 0', 'CLOSED 250']);
  });

  it('goes on where a probe breaks', async () => {
    const clock = createFakeClock();
    let probes = 0;
    const circuit = createCircuit({
      probe: () => {
        probes += 1;
        return Promise.reject(new CrawlgateError('INTERNAL_SERVER_ERROR', 'broken', {}));
      },
      setTimer: clock.setTimer,
      elapsed: clock.now,
      events: { circuitChanged: () => undefined },
    });
    circuits.push(circuit);
    while (circuit.state() === 'CLOSED') {
      await clock.advance(1_000);
      await circuit.guard.call(async () => ({ store: 'silent' }));
    }
    await clock.advance(10_000);
    expect(probes).toBeGreaterThan(3);
    expect(circuit.state()).toBe('OPEN');
  });

  it('is given up with the circuit: no timer is left', async () => {
    const { circuit, clock, open, probes, answerProbe } = createWorld();
    await open();
    await clock.advance(250);
    expect(probes).toHaveLength(1);
    circuit[Symbol.dispose]();
    await answerProbe(false);
    expect(clock.timers.size).toBe(0);
  });
});
