// Workers ask one another through the hub: every answer is gathered, nobody is waited for for ever.
import { describe, expect, it } from 'vitest';
import { createHub, type Hub } from '../../src/workers/hub.js';
import { keepAnswers } from '../../src/workers/kept-answers.js';
import { createMember, type OwnMember } from '../../src/workers/member.js';
import type { ToWorker } from '../../src/workers/messages.js';
import { alone, topic } from '../../src/workers/topic.js';

const double = topic<number, number>('double');
const note = topic<string, void>('note');
const count = topic<null, number>('count', (left, last) => (left ?? 0) + last);

interface Crew {
  readonly hub: Hub;
  readonly members: OwnMember[];
  /** Processes that the hub had killed. */
  readonly killed: number[];
  /** Lets the time of every timer pass that is set now. */
  pass(): void;
  /** Lets every message arrive that is under way, and what it brings about. */
  settle(): Promise<void>;
}

/** Members whose channels copy, as channels between processes do, and deliver later. */
function crew(size: number): Crew {
  const timers = new Set<() => void>();
  const hub = createHub({
    keeps: [keepAnswers(count)],
    setTimer: (run) => {
      timers.add(run);
      return () => timers.delete(run);
    },
  });
  const killed: number[] = [];
  const members: OwnMember[] = [];
  for (let place = 1; place <= size; place += 1) {
    const process = 10 + place;
    const member = createMember({
      process,
      place,
      count: size,
      send: (message) => setImmediate(() => hub.receive(process, structuredClone(message))),
    });
    members.push(member);
    hub.join({
      process,
      send: (message) => setImmediate(() => member.receive(structuredClone(message))),
      kill: () => killed.push(process),
    });
    hub.admit(process);
  }
  return {
    hub,
    members,
    killed,
    pass: () => {
      for (const run of [...timers]) {
        timers.delete(run);
        run();
      }
    },
    settle: async () => {
      for (let turn = 0; turn < 6; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

function isSettled(promise: Promise<unknown>): Promise<boolean> {
  return Promise.race([promise.then(() => true), Promise.resolve(false)]);
}

describe('ask', () => {
  it('gathers one answer of every worker, its own included', async () => {
    const { members } = crew(3);
    members.forEach((member, index) => {
      member.answer(double, (number) => 2 * number + index);
    });
    const answers = await members[1]?.ask(double, 10);
    expect(answers?.toSorted()).toEqual([20, 21, 22]);
  });

  it('is the same for the primary process, and where there is one process only', async () => {
    const { hub, members } = crew(2);
    for (const member of members) member.answer(double, (number) => 2 * number);
    expect(await hub.ask(double, 4)).toEqual([8, 8]);
    const single = alone();
    single.answer(double, (number) => 2 * number);
    expect(await single.ask(double, 4)).toEqual([8]);
  });

  it('leaves out who has no answer, and who throws', async () => {
    const { members } = crew(3);
    members[0]?.answer(double, (number) => 2 * number);
    members[1]?.answer(double, () => {
      throw new Error('no');
    });
    expect(await members[0]?.ask(double, 1)).toEqual([2]);
  });

  it('leaves out who stays silent, and kills nobody for it', async () => {
    const { members, pass, settle, killed } = crew(2);
    members[0]?.answer(double, (number) => 2 * number);
    members[1]?.answer(double, () => new Promise(() => undefined));
    const asked = members[0]?.ask(double, 1);
    await settle();
    for (let step = 0; step < 4; step += 1) pass();
    expect(await asked).toEqual([2]);
    expect(killed).toEqual([]);
  });

  it('keeps questions of several workers apart', async () => {
    const { members } = crew(3);
    for (const member of members) member.answer(double, (number, from) => 1000 * from + number);
    const all = await Promise.all(members.map((member, index) => member.ask(double, index)));
    expect(all).toEqual([
      [11_000, 11_000, 11_000],
      [12_001, 12_001, 12_001],
      [13_002, 13_002, 13_002],
    ]);
  });
});

describe('a topic whose answers are kept', () => {
  it('has the last answer of who is silent, and those of all who died as one', async () => {
    const { hub, members, pass, settle } = crew(3);
    const counts = [1, 10, 100];
    let isSilent = false;
    members.forEach((member, index) => {
      member.answer(count, () => (isSilent && index === 1 ? new Promise(() => undefined) : (counts[index] ?? 0)));
    });
    expect((await members[0]?.ask(count, null))?.toSorted()).toEqual([1, 10, 100]);
    isSilent = true;
    counts[2] = 101;
    const asked = members[0]?.ask(count, null);
    await settle();
    for (let step = 0; step < 4; step += 1) pass();
    expect((await asked)?.toSorted()).toEqual([1, 10, 101]);
    hub.leave(12);
    hub.leave(11);
    // The first one's answer is known too, though it only asked.
    expect((await members[2]?.ask(count, null))?.toSorted()).toEqual([101, 11]);
    hub.leave(13);
    expect(await hub.ask(count, null)).toEqual([112]);
  });

  it('counts one who dies while it is asked once', async () => {
    const { hub, members, settle } = crew(2);
    let isSilent = false;
    members[0]?.answer(count, () => 1);
    members[1]?.answer(count, () => (isSilent ? new Promise(() => undefined) : 10));
    await members[0]?.ask(count, null);
    isSilent = true;
    const asked = members[0]?.ask(count, null);
    await settle();
    hub.leave(12);
    expect(await asked).toEqual([1, 10]);
  });
});

describe('confirm', () => {
  it('resolves when all others have done it', async () => {
    const { members } = crew(3);
    const noted: number[] = [];
    members.forEach((member, index) => {
      member.answer(note, async () => {
        await new Promise((resolve) => setImmediate(resolve));
        noted.push(index);
      });
    });
    await members[2]?.confirm(note, 'x');
    expect(noted.toSorted()).toEqual([0, 1]);
  });

  it.each([
    ['stays silent', () => new Promise<void>(() => undefined)],
    ['fails to do it', () => Promise.reject(new Error('disk full'))],
  ])('kills a worker that %s, and resolves when that one has died', async (_, give) => {
    const { hub, members, killed, pass, settle } = crew(2);
    members[1]?.answer(note, give);
    const gone: number[] = [];
    members[0]?.onGone((process) => gone.push(process));
    const confirmed = members[0]?.confirm(note, 'x') ?? Promise.resolve();
    await settle();
    for (let step = 0; step < 3; step += 1) pass();
    expect(killed).toEqual([]);
    pass();
    expect(killed).toEqual([12]);
    await settle();
    expect(await isSettled(confirmed)).toBe(false);
    hub.leave(12);
    await confirmed;
    expect(gone).toEqual([12]);
  });

  it('does not wait for a worker that dies meanwhile, nor for one that has not joined', async () => {
    const { hub, members, settle } = crew(3);
    members[1]?.answer(note, () => new Promise(() => undefined));
    hub.leave(13);
    const confirmed = members[0]?.confirm(note, 'x') ?? Promise.resolve();
    await settle();
    expect(await isSettled(confirmed)).toBe(false);
    hub.leave(12);
    await confirmed;
  });

  it('tells one that is still starting, and does not wait for it', async () => {
    const { hub, members, killed, pass, settle } = crew(2);
    const starting = createMember({ process: 13, place: 2, count: 2, send: () => undefined });
    const noted: string[] = [];
    starting.answer(note, (text) => {
      noted.push(text);
    });
    const queue: ToWorker[] = [];
    hub.join({ process: 13, send: (message) => queue.push(message), kill: () => killed.push(13) });
    await members[0]?.confirm(note, 'x');
    expect(await members[0]?.ask(count, null)).toEqual([]);
    for (let step = 0; step < 4; step += 1) pass();
    expect(killed).toEqual([]);
    for (const message of queue) starting.receive(message);
    expect(noted).toEqual(['x']);
    hub.admit(13);
    let isConfirmed = false;
    void members[0]?.confirm(note, 'y').then(() => {
      isConfirmed = true;
    });
    await settle();
    expect(isConfirmed).toBe(false);
    hub.leave(13);
    await settle();
    expect(isConfirmed).toBe(true);
  });

  it('is true at once where a process is alone', async () => {
    await alone().confirm(note, 'x');
  });
});
