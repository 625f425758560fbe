// Copies to a store in which a URL does not live: one after another for a URL, bounded, and behind the answer where slow.
import { type AbortSignalLike, AbortSwitch } from '../domain/abort.js';
import { deferred } from '../domain/deferred.js';
import type { UrlKey } from '../domain/url-key.js';

/** What a queue needs. */
export interface CopyQueueDeps {
  /** Calls of the store at once. */
  readonly jobsAtOnce: number;
  /**
   * Milliseconds that somebody waits for a copy. So gateways at different percentages, as a rolling deploy has them, agree
   * as long as both stores are well. Once one copy is late none is waited for until that is through.
   */
  readonly patienceMs: number;
  /** Runs once after `ms` milliseconds, unless what it returns is called before; keeps no process alive. */
  readonly setTimer: (run: () => void, ms: number) => () => void;
}

/** One result to be copied, and the bytes that it holds while it waits. */
export interface Copy {
  readonly url: UrlKey;
  readonly bytes: number;
}

/** What is done with copies. */
export interface CopyWork<One extends Copy> {
  /** Copies them; `isLate` once nobody waits any more. Never rejects. */
  run(copies: readonly One[], signal: AbortSignalLike, isLate: () => boolean): Promise<void>;
  /** They will not be copied, and why. */
  drop(copies: readonly One[], why: string): void;
}

/** The copies to one store. */
export interface CopyQueue {
  /**
   * Resolves when they are copied or dropped, or when they are late or the signal is aborted: then they go on by themselves
   * if there is room. While nothing is late all are taken, and dropped only after they were waited for in vain.
   */
  add<One extends Copy>(copies: readonly One[], work: CopyWork<One>, signal: AbortSignalLike): Promise<void>;
  /** Forgets what waits of these URLs, as nobody wants it any more; resolves when nothing of them is under way. */
  forget(urls: readonly UrlKey[]): Promise<void>;
  /**
   * Takes no more and resolves when all is done, after `ms` milliseconds at the latest: what waits then is dropped, and
   * what is under way is told to end.
   */
  drain(ms: number): Promise<void>;
}

/**
 * Results and their bytes that are late at most, with those under way: beyond them copies are dropped, for one store's
 * outage must not fill memory or hold up the other's writes. Bytes are what protects memory: twice the largest result of
 * the default settings. The count is a bound for revalidations, which have no bytes: ten times the most that a request
 * brings by default. Copies that are waited for are their requests' memory, which has bounds of its own
 * (`CRAWLGATE_MAX_BODIES_BYTES`).
 */
export const maxLate = 10_000;
export const maxLateBytes = 128 * 1024 * 1024;

const endingWords = 'the gateway is ending';

/** Milliseconds that a job may go on: one that has waited out a lock of 5 s still gets its turn. */
const jobMs = 15_000;

interface Job {
  urls: readonly UrlKey[];
  readonly start: () => Promise<void>;
  /** Leaves out these URLs, or all with a reason. */
  readonly leaveOut: (urls: ReadonlySet<UrlKey> | null, why: string | null) => void;
  readonly through: Promise<void>;
  readonly end: () => void;
  /** Whether it may be late: it is under way, or there is room for what is left of it. */
  readonly hasRoom: () => boolean;
  /** Nobody waits for it any more: from now on it counts. */
  readonly becomeLate: () => void;
}

/** Makes a queue. */
export function createCopyQueue({ jobsAtOnce, patienceMs, setTimer }: CopyQueueDeps): CopyQueue {
  const waiting: Job[] = [];
  const running = new Set<Job>();
  const late = { results: 0, bytes: 0 };
  /** Jobs whose copies somebody waited for in vain. */
  let slow = 0;
  const ending = new AbortSwitch();
  let isEnded = false;

  return {
    async add(copies, work, signal) {
      if (copies.length === 0) return;
      const job = jobOf(copies, work);
      if (isEnded || !job.hasRoom()) {
        work.drop(copies, isEnded ? endingWords : fullWords());
        return;
      }
      const isAwaited = slow === 0 && !signal.aborted;
      if (!isAwaited) job.becomeLate();
      waiting.push(job);
      next();
      if (!isAwaited) return;
      await new Promise<void>((resolve) => {
        const becomeLate = (): void => {
          leave();
          if (!job.hasRoom()) {
            job.leaveOut(null, fullWords());
            return;
          }
          job.becomeLate();
          slow += 1;
          job.through.then(() => {
            slow -= 1;
          });
        };
        const cancel = setTimer(becomeLate, patienceMs);
        const leave = (): void => {
          cancel();
          signal.removeEventListener('abort', becomeLate);
          resolve();
        };
        signal.addEventListener('abort', becomeLate, { once: true });
        job.through.then(leave);
      });
    },

    async forget(urls) {
      const gone = new Set(urls);
      for (const job of waiting) job.leaveOut(gone, null);
      await Promise.all([...running].filter((job) => job.urls.some((url) => gone.has(url))).map((job) => job.through));
    },

    async drain(ms) {
      isEnded = true;
      const all = Promise.all([...running, ...waiting].map((job) => job.through));
      await new Promise<void>((resolve) => {
        const cancel = setTimer(() => {
          for (const job of waiting) job.leaveOut(null, endingWords);
          ending.abort();
          resolve();
        }, ms);
        all.then(() => {
          cancel();
          resolve();
        });
      });
    },
  };

  function jobOf<One extends Copy>(copies: readonly One[], work: CopyWork<One>): Job {
    let left = copies;
    let isLate = false;
    const { promise: through, resolve: end } = deferred<void>();
    const count = (sign: 1 | -1, some: readonly Copy[]): void => {
      if (!isLate) return;
      late.results += sign * some.length;
      late.bytes += sign * bytesOf(some);
    };
    const job: Job = {
      urls: copies.map(({ url }) => url),
      through,
      end,
      hasRoom() {
        if (running.has(job) || late.results === 0) return true;
        return late.results + left.length <= maxLate && late.bytes + bytesOf(left) <= maxLateBytes;
      },
      becomeLate() {
        isLate = true;
        count(1, left);
      },
      leaveOut(urls, why) {
        const isOut = ({ url }: Copy): boolean => urls === null || urls.has(url);
        const out = left.filter(isOut);
        left = left.filter((copy) => !isOut(copy));
        job.urls = left.map(({ url }) => url);
        count(-1, out);
        if (why !== null && out.length > 0) work.drop(out, why);
      },
      async start() {
        if (left.length > 0) await withinTime((signal) => work.run(left, signal, () => isLate));
        count(-1, left);
        left = [];
      },
    };
    return job;
  }

  /** Node's own `AbortSignal.any` leaves something behind at each call, for as long as one of its signals lives. */
  async function withinTime(run: (signal: AbortSignalLike) => Promise<void>): Promise<void> {
    const time = new AbortSwitch();
    const end = (): void => time.abort();
    const cancel = setTimer(end, jobMs);
    ending.addEventListener('abort', end);
    try {
      if (ending.aborted) end();
      await run(time);
    } finally {
      cancel();
      ending.removeEventListener('abort', end);
    }
  }

  function fullWords(): string {
    return `${late.results} copies of ${late.bytes} bytes are late already`;
  }

  /** In the order given: what shares a URL with one under way holds up those behind it. */
  function next(): void {
    for (let job = waiting[0]; job !== undefined && running.size < jobsAtOnce; job = waiting[0]) {
      if (isHeldUp(job)) return;
      waiting.shift();
      begin(job);
    }
  }

  function begin(job: Job): void {
    running.add(job);
    job.start().finally(() => {
      running.delete(job);
      job.end();
      next();
    });
  }

  function isHeldUp({ urls }: Job): boolean {
    if (running.size === 0) return false;
    const busy = new Set([...running].flatMap((job) => job.urls));
    return urls.some((url) => busy.has(url));
  }
}

function bytesOf(copies: readonly Copy[]): number {
  return copies.reduce((sum, { bytes }) => sum + bytes, 0);
}
