// One loader per request: the keys of one tick, whoever asks for them, become as few questions as they can.
import DataLoader from 'dataloader';
import type { AbortSignalLike } from '../domain/abort.js';
import type { StoredResult } from '../domain/crawl-result.js';
import { type FieldGroups, groups, union } from '../domain/fields.js';
import { type BatchFollow, type Follow, followBoth } from '../domain/follow.js';
import type { ReadMany, ReadOutcome, Want } from '../domain/read-many.js';
import type { ResultKey } from '../domain/result-key.js';
import type { Session } from '../domain/session.js';
import type { RequestTrace } from '../observability/tracing.js';

/** One key and what is wanted of it. */
export interface LoadKey<Key> {
  readonly key: Key;
  readonly want: Want;
}

/** Loads one key. Its value is the outcome itself: absent and failed are values, nothing rejects for them. */
export type Loader<Key, Value> = DataLoader<LoadKey<Key>, ReadOutcome<Value>, string>;

/** The loaders of one request. */
export interface Loaders {
  readonly results: Loader<ResultKey, StoredResult>;
  readonly sessions: Loader<string, Session>;
  /** Keys within the bounds of `want` that memory answered without a loader; each counts as one lookup. */
  recalled(want: Want): Set<ResultKey>;
}

/** Makes the loaders of one request, each when it is first used; `signal` is the request's deadline. */
export function createLoaders(deps: LoadersDeps): Loaders {
  return new RequestLoaders(deps);
}

interface LoadersDeps {
  readonly readResults: ReadMany<ResultKey, StoredResult>;
  readonly readSessions: ReadMany<string, Session>;
  readonly signal: () => AbortSignalLike;
  /** Who follows the request's keys, where somebody does. */
  readonly follow?: Follow<string> | undefined;
  /** Of the request, where requests are traced. */
  readonly trace?: RequestTrace | null;
}

/** A class, because an object with getters of its own takes longer to make than all that is in it. */
class RequestLoaders implements Loaders {
  readonly #deps: LoadersDeps;
  #results: Loaders['results'] | undefined;
  #sessions: Loaders['sessions'] | undefined;
  #recalled: Map<string, Set<ResultKey>> | undefined;

  constructor(deps: LoadersDeps) {
    this.#deps = deps;
  }

  get results(): Loaders['results'] {
    const { readResults, signal } = this.#deps;
    this.#results ??= createLoader('readResults', readResults, signal, followerOf(this.#deps));
    return this.#results;
  }

  get sessions(): Loaders['sessions'] {
    const { readSessions, signal } = this.#deps;
    this.#sessions ??= createLoader('readSessions', readSessions, signal, followerOf(this.#deps));
    return this.#sessions;
  }

  recalled(want: Want): Set<ResultKey> {
    const bounds = boundsOf(want);
    this.#recalled ??= new Map();
    const keys = this.#recalled.get(bounds) ?? new Set();
    this.#recalled.set(bounds, keys);
    return keys;
  }
}

type BeginBatch = (loader: string, keys: number) => BatchFollow<string>;

/** Who follows the batches of a request; undefined for nearly all requests. */
function followerOf(deps: LoadersDeps): BeginBatch | undefined {
  const { follow, trace } = deps;
  if (trace == null) return follow && (() => ({ ...follow, end: () => undefined }));
  return (loader, keys) => {
    const batch = trace.batch(loader, keys);
    return follow === undefined ? batch : { ...followBoth(batch, follow), end: batch.end };
  };
}

/** The keys of one question. */
interface Question<Key> {
  readonly want: Want;
  readonly keys: Set<Key>;
}

function createLoader<Key extends string, Value>(
  name: string,
  read: ReadMany<Key, Value>,
  signal: () => AbortSignalLike,
  begin: BeginBatch | undefined,
): Loader<Key, Value> {
  // The keys of one field come one after another and share their want.
  let latest: Want | undefined;
  let prefix = '';
  return new DataLoader<LoadKey<Key>, ReadOutcome<Value>, string>(
    async (asked) => {
      const { questions, questionOf } = planQuestions(asked);
      const follow = begin?.(name, asked.length);
      const answers = await Promise.all(
        questions.map(({ keys, want }) => read({ keys: [...keys], want, signal: signal(), follow })),
      );
      follow?.end();
      return asked.map((one) => {
        const answer = answers[questionOf(one)]?.get(one.key);
        // The contract of ReadMany, enforced where it is crossed.
        return answer ?? new Error(`${name} was asked for ${JSON.stringify(one.key)} and answered no outcome for it`);
      });
    },
    { cacheKeyFn: ({ key, want }) => `${prefixOf(want)}${key}` },
  );

  function prefixOf(want: Want): string {
    if (want !== latest) {
      latest = want;
      prefix = `${boundsOf(want)} ${want.groups} `;
    }
    return prefix;
  }
}

/** Everything of a want but its field groups. */
function boundsOf(want: Want): string {
  return `${want.consistency} ${want.outcome} ${want.maxAge} ${want.maxStale} ${want.onlyIfCached}`;
}

/**
 * One question for each distinct want. A key wanted twice within the same bounds is asked once, for the groups of both.
 * A key of which nothing is wanted but whether it can be read (the health probe) travels with any other of its consistency.
 */
function planQuestions<Key extends string>(
  asked: readonly LoadKey<Key>[],
): { questions: readonly Question<Key>[]; questionOf: (one: LoadKey<Key>) => number } {
  const want = asked[0]?.want;
  if (want !== undefined && asked.every((one) => one.want === want)) {
    return { questions: [{ want, keys: new Set(asked.map(({ key }) => key)) }], questionOf: () => 0 };
  }
  const groupsByKey = new Map<string, FieldGroups>();
  const idOf = (one: LoadKey<Key>): string => `${boundsOf(one.want)} ${one.key}`;
  for (const one of asked) {
    const id = idOf(one);
    groupsByKey.set(id, union(groupsByKey.get(id) ?? groups.none, one.want.groups));
  }
  const questions = new Map<string, Question<Key>>();
  const byKey = new Map<string, Question<Key>>();
  const probes: LoadKey<Key>[] = [];
  for (const one of asked) {
    const id = idOf(one);
    if (byKey.has(id)) continue;
    const wanted = groupsByKey.get(id) ?? groups.none;
    if (wanted === groups.none) {
      probes.push(one);
      continue;
    }
    byKey.set(id, questionFor(questions, { ...one.want, groups: wanted }, one.key));
  }
  for (const one of probes) {
    const fitting = [...questions.values()].find(
      ({ want }) => want.consistency === one.want.consistency && !want.onlyIfCached && !one.want.onlyIfCached,
    );
    byKey.set(idOf(one), questionFor(questions, fitting?.want ?? one.want, one.key));
  }
  const places = new Map([...questions.values()].map((question, place) => [question, place]));
  const placeOf = (question: Question<Key> | undefined) => (question && places.get(question)) ?? -1;
  return { questions: [...questions.values()], questionOf: (one) => placeOf(byKey.get(idOf(one))) };
}

function questionFor<Key>(questions: Map<string, Question<Key>>, want: Want, key: Key): Question<Key> {
  const id = `${boundsOf(want)} ${want.groups}`;
  const question = questions.get(id) ?? { want, keys: new Set<Key>() };
  questions.set(id, question);
  question.keys.add(key);
  return question;
}
