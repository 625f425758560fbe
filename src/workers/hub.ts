// The primary process's part in what workers ask one another: hands questions round, gathers answers, waits for nobody for ever.
import type { KeptAnswers } from './kept-answers.js';
import type { FromWorker, ToWorker } from './messages.js';
import type { AskWorkers } from './topic.js';

/** One worker's process, as the hub needs it. */
export interface Member {
  /** Unlike any other's, before or after. */
  readonly process: number;
  send(message: ToWorker): void;
  /** Ends it for sure and at once; whoever does so calls `leave` when it has ended. */
  kill(): void;
}

/** Calls `run` after `ms` milliseconds, unless the returned function was called before. */
export type SetTimer = (run: () => void, ms: number) => () => void;

/** The hub. What it asks, it asks of all workers that are admitted. */
export interface Hub extends AskWorkers {
  /** From now on it is told what is asked, and nobody waits for it: it is still loading, and may be slow. */
  join(member: Member): void;
  /** From now on its answers are waited for. What it was told before it hears first: before it takes any request. */
  admit(process: number): void;
  /** It has ended: nobody waits for it any more, and all others are told. */
  leave(process: number): void;
  /** Handles what the worker said; false where it is nothing of the hub's. */
  receive(process: number, message: FromWorker): boolean;
}

/** An answer that is not there after this many milliseconds is done without. */
const askMs = 2_000;
/** A worker that has not confirmed after this many milliseconds is killed. */
const confirmMs = 5_000;
/** A limit passes in so many steps: one long pause of the whole machine, answers waiting behind it, is one step. */
const steps = 4;

interface Round {
  readonly topic: string;
  readonly waitsFor: Set<number>;
  readonly answers: unknown[];
  readonly end: () => void;
}

/** Makes a hub without members. `keeps`: for each topic whose answers are kept, who keeps them. */
export function createHub({
  setTimer,
  keeps = [],
}: {
  readonly setTimer: SetTimer;
  readonly keeps?: readonly (KeptAnswers | null)[];
}): Hub {
  const kept = new Map(keeps.filter((one) => one !== null).map((one) => [one.name, one]));
  const members = new Map<number, Member>();
  const admitted = new Set<number>();
  const rounds = new Map<number, Round>();
  let lastRound = 0;

  /** Asks all but `asking`; resolves with what was answered. */
  function round(asking: number, topic: string, question: unknown, must: boolean): Promise<readonly unknown[]> {
    const asked = [...members.values()].filter(({ process }) => process !== asking);
    lastRound += 1;
    const id = lastRound;
    for (const member of asked) member.send({ kind: 'question', id, topic, question, from: asking, must });
    const waitsFor = new Set(asked.map(({ process }) => process).filter((process) => admitted.has(process)));
    if (waitsFor.size === 0) return Promise.resolve(standIns(topic, waitsFor));
    return new Promise((resolve) => {
      const answers: unknown[] = [];
      let cancel = (): void => undefined;
      const end = (): void => {
        cancel();
        rounds.delete(id);
        resolve([...answers, ...standIns(topic, waitsFor)]);
      };
      const wait = (left: number): void => {
        cancel = setTimer(() => (left > 1 ? wait(left - 1) : late()), (must ? confirmMs : askMs) / steps);
      };
      // Who must confirm and does not is waited for until it has died of it: then it holds nothing any more.
      const late = (): void => {
        if (!must) end();
        else for (const process of waitsFor) members.get(process)?.kill();
      };
      rounds.set(id, { topic, waitsFor, answers, end });
      wait(steps);
    });
  }

  function hold(topic: string, process: number, [answer]: readonly unknown[]): void {
    if (answer !== undefined && members.has(process)) kept.get(topic)?.hold(process, answer);
  }

  /** What silent ones said last, and what the dead have left. */
  function standIns(topic: string, silent: ReadonlySet<number>): readonly unknown[] {
    return kept.get(topic)?.standIns(silent) ?? [];
  }

  function settle(id: number, process: number, answers: readonly unknown[]): void {
    const open = rounds.get(id);
    if (open === undefined || !open.waitsFor.delete(process)) return;
    open.answers.push(...answers);
    hold(open.topic, process, answers);
    if (open.waitsFor.size === 0) open.end();
  }

  return {
    join(member) {
      members.set(member.process, member);
    },

    admit(process) {
      admitted.add(process);
    },

    leave(process) {
      admitted.delete(process);
      if (!members.delete(process)) return;
      for (const known of kept.values()) known.leave(process);
      // Before the rounds end: what it left unfinished is known to all when its last question is.
      for (const member of members.values()) member.send({ kind: 'gone', process });
      for (const id of [...rounds.keys()]) settle(id, process, []);
    },

    receive(process, message) {
      if (message.kind === 'answer') {
        settle(message.id, process, message.answers);
        return true;
      }
      if (message.kind !== 'ask') return false;
      const { id, topic, question, own, must } = message;
      hold(topic, process, own);
      void round(process, topic, question, must).then((answers) => {
        members.get(process)?.send({ kind: 'answers', id, answers });
      });
      return true;
    },

    ask: async <Answer>(asked: { readonly name: string }, question: unknown) =>
      (await round(primary, asked.name, question, false)) as readonly Answer[],
    confirm: async (asked, question) => {
      await round(primary, asked.name, question, true);
    },
  };
}

/** The primary process among processes: no worker has this number. */
const primary = 0;
