// What the processes of one gateway ask one another: kinds of questions, and who asks and answers them.

/**
 * One kind of question, and of its answer. Both are plain data: what `structuredClone` copies, not too much of it.
 * Declare it once as a constant and hand that to `answer` and `ask`.
 */
export interface Topic<Question, Answer> {
  readonly name: string;
  /**
   * Where given, the primary process keeps the last answer of each worker: it stands for one that is silent, and when a
   * worker dies `keep` adds its last answer to what those before it have left (null: nobody has), which is one answer more.
   */
  readonly keep: ((left: Answer | null, last: Answer) => Answer) | null;
  /** Never there: ties the types together. */
  readonly types?: (question: Question) => Answer;
}

/** A topic named `name`, which no other may have. The primary process must be told of one with `keep`. */
export function topic<Question, Answer>(
  name: string,
  keep: Topic<Question, Answer>['keep'] = null,
): Topic<Question, Answer> {
  return { name, keep };
}

/** Asks all the processes that answer requests. */
export interface AskWorkers {
  /**
   * One answer of every worker, in no order, the asking one's included. A worker that has no answer, throws, or does not
   * say anything within two seconds is left out, unless the topic keeps answers. Does not reject.
   */
  ask<Question, Answer>(topic: Topic<Question, Answer>, question: Question): Promise<readonly Answer[]>;
  /**
   * Resolves once no other living worker is without what `question` told it: each has answered, or has died, or was
   * killed because it did not within five seconds; what it held in memory is gone then. One that is still starting is told
   * and not waited for: it hears of it before it takes requests. A worker that has no answer for the topic is taken to need
   * none. Not asked of the process itself. Does not reject.
   */
  confirm<Question>(topic: Topic<Question, void>, question: Question): Promise<void>;
}

/** The workers of a gateway, as one of them knows them. */
export interface Workers extends AskWorkers {
  /** This one's place: 1 to `count`. A worker that is started again has its predecessor's. */
  readonly place: number;
  /** CRAWLGATE_WORKERS. */
  readonly count: number;
  /** Says what this process answers; `from` is the asking process. To be called once a topic, before `ready`. */
  answer<Question, Answer>(
    topic: Topic<Question, Answer>,
    give: (question: Question, from: number) => Answer | Promise<Answer>,
  ): void;
  /** Calls `listener` with the process, `from` above, that will never ask again: it has died or ended. */
  onGone(listener: (process: number) => void): void;
  /** To be awaited before the first request is taken: every worker is as far, or has been before. */
  ready(): Promise<void>;
  /** To be awaited once the last request is answered: no worker answers requests any more. */
  drained(): Promise<void>;
}

/** The one process of a gateway without others. */
export function alone(): Workers {
  const answers = new Map<string, (question: unknown, from: number) => unknown>();
  return {
    place: 1,
    count: 1,
    answer: (asked, give) => {
      answers.set(asked.name, give as (question: unknown, from: number) => unknown);
    },
    ask: <Question, Answer>(asked: Topic<Question, Answer>, question: Question) =>
      ownAnswer<Answer>(answers.get(asked.name), question),
    confirm: () => Promise.resolve(),
    onGone: () => undefined,
    ready: () => Promise.resolve(),
    drained: () => Promise.resolve(),
  };
}

/** The answer of the process itself, as a list of one; of none where there is none. */
export async function ownAnswer<Answer>(
  give: ((question: unknown, from: number) => unknown) | undefined,
  question: unknown,
  self = 0,
): Promise<readonly Answer[]> {
  if (give === undefined) return [];
  try {
    return [(await give(question, self)) as Answer];
  } catch {
    return [];
  }
}
