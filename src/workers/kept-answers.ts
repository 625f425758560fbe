// What workers said last of one topic, and what those that have died left: it stands for the silent and the dead.
import type { Topic } from './topic.js';

/** Answers of one topic, kept. They come from other processes: of what type they are only the topic knows. */
export interface KeptAnswers {
  /** Of the topic. */
  readonly name: string;
  /** What a worker that lives has said. */
  hold(process: number, answer: unknown): void;
  /** It has ended: what it said last is added to what is left. */
  leave(process: number): void;
  /** What these said last, and one answer more for all that have ended. */
  standIns(silent: ReadonlySet<number>): readonly unknown[];
}

/** Keeps nothing so far. Null for a topic whose answers are not kept. */
export function keepAnswers<Question, Answer>({ name, keep }: Topic<Question, Answer>): KeptAnswers | null {
  if (keep === null) return null;
  const last = new Map<number, Answer>();
  let left: Answer | null = null;
  return {
    name,
    hold: (process, answer) => {
      last.set(process, answer as Answer);
    },
    leave(process) {
      const answer = last.get(process);
      if (answer !== undefined) left = keep(left, answer);
      last.delete(process);
    },
    standIns: (silent) => [...[...silent].map((process) => last.get(process)), left].filter((one) => one != null),
  };
}
