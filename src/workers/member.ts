// A worker's part in what workers ask one another: asks through the primary process, answers what comes from there.
import type { FromWorker, Phase, ToWorker } from './messages.js';
import { ownAnswer, type Topic, type Workers } from './topic.js';

/** What a worker needs for it. */
export interface MemberDeps {
  /** Of this process; see `Member` of the hub. */
  readonly process: number;
  readonly place: number;
  readonly count: number;
  readonly send: (message: FromWorker) => void;
}

/** A worker's view of all, and where it gets what the primary process says. */
export interface OwnMember extends Workers {
  /** Handles a message; what is not for this is passed over. */
  receive(message: ToWorker): void;
}

type Give = (question: unknown, from: number) => unknown;

/** Makes it. */
export function createMember({ process, place, count, send }: MemberDeps): OwnMember {
  const gives = new Map<string, Give>();
  const asked = new Map<number, (answers: readonly unknown[]) => void>();
  const goneListeners: ((process: number) => void)[] = [];
  const phases = new Map<Phase, () => void>();
  let lastAsked = 0;

  function askOthers(
    topic: string,
    question: unknown,
    { must, own }: { readonly must: boolean; readonly own: readonly unknown[] },
  ): Promise<readonly unknown[]> {
    return new Promise((resolve) => {
      lastAsked += 1;
      asked.set(lastAsked, resolve);
      send({ kind: 'ask', id: lastAsked, topic, question, own, must });
    });
  }

  function reach(phase: Phase): Promise<void> {
    return new Promise((resolve) => {
      phases.set(phase, resolve);
      send({ kind: 'reached', phase });
    });
  }

  return {
    place,
    count,
    answer: (topic, give) => {
      gives.set(topic.name, give as Give);
    },
    ask: async <Question, Answer>({ name, keep }: Topic<Question, Answer>, question: Question) => {
      const own = ownAnswer<Answer>(gives.get(name), question, process);
      const others = askOthers(name, question, { must: false, own: keep === null ? [] : await own });
      return [...(await own), ...((await others) as readonly Answer[])];
    },
    confirm: async ({ name }, question) => {
      await askOthers(name, question, { must: true, own: [] });
    },
    onGone: (listener) => {
      goneListeners.push(listener);
    },
    ready: () => reach('ready'),
    drained: () => reach('drained'),

    receive(message) {
      if (message.kind === 'question') {
        const { id, topic, question, from, must } = message;
        const give = gives.get(topic);
        void ownAnswer(give, question, from).then((answers) => {
          // It may not say that it has done what it failed to do. For its silence it will be started again.
          if (must && give !== undefined && answers.length === 0) return;
          send({ kind: 'answer', id, answers });
        });
      } else if (message.kind === 'answers') {
        asked.get(message.id)?.(message.answers);
        asked.delete(message.id);
      } else if (message.kind === 'gone') {
        for (const listener of goneListeners) listener(message.process);
      } else if (message.kind === 'goOn') {
        phases.get(message.phase)?.();
      }
    },
  };
}
