// Tells CloudWatch, once in a while, what was counted since the last time: never one call per lookup.
import { cloudwatchData } from './cloudwatch-data.js';
import type { Events } from './events.js';
import type { Counted } from './metrics.js';
import type { PublishData } from './put-metric-data.js';

/** What telling needs. */
export interface CloudWatchDeps {
  readonly read: () => Counted;
  readonly publish: PublishData;
  /** Milliseconds that one data point sums up. */
  readonly everyMs: number;
  /** Runs `run` once, `ms` milliseconds from now, unless the function that it returns is called before. */
  readonly setTimer: (run: () => void, ms: number) => () => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly events: Pick<Events, 'notice'>;
}

/** Starts telling; disposing of it tells what is left, and is done when that was sent. */
export function startCloudWatch(deps: CloudWatchDeps): AsyncDisposable {
  const { read, publish, everyMs, setTimer, now, events } = deps;
  let told = read();
  let isFailing = false;
  let sending: Promise<void> = Promise.resolve();
  let isOver = false;
  let cancelTimer = schedule();

  function schedule(): () => void {
    return setTimer(() => {
      sending = tell().then(() => {
        if (!isOver) cancelTimer = schedule();
      });
    }, everyMs);
  }

  /** What could not be sent is told with what comes next: the sums stay right, a moment later. */
  async function tell(): Promise<void> {
    const counted = read();
    try {
      await publish(cloudwatchData(counted, told), now());
      told = counted;
      if (isFailing) events.notice({ level: 'info', message: 'CloudWatch takes metrics again.' });
      isFailing = false;
    } catch (error) {
      const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      if (!isFailing) events.notice({ level: 'warn', message: `CloudWatch does not take metrics: ${why}` });
      isFailing = true;
    }
  }

  return {
    async [Symbol.asyncDispose]() {
      if (isOver) return;
      isOver = true;
      cancelTimer();
      await sending;
      await tell();
    },
  };
}
