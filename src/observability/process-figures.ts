// What the process itself says of its load: event-loop delay, CPU, memory.
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Figures of this process. */
export interface ProcessFigures {
  /** Seconds, since the last reading. */
  readonly loopDelay: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Since the process started. */
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  readonly heapBytes: number;
  /** Seconds since 1970. */
  readonly startedAt: number;
}

/** Reads the figures; disposed of, it watches no more. */
export interface ProcessWatch extends Disposable {
  read(): ProcessFigures;
}

/** Milliseconds between two looks at the clock; what is measured is how late they come. */
const resolutionMs = 20;

/** Watches from now on. It does not keep the process alive. */
export function watchProcess(): ProcessWatch {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  const startedAt = Date.now() / 1000 - process.uptime();
  delay.enable();
  /** Of nanoseconds. A look is never on time to the nanosecond: its own interval is no delay. */
  const seconds = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - resolutionMs / 1e3);
  return {
    read() {
      const isEmpty = delay.count === 0;
      const loopDelay = {
        p50: isEmpty ? 0 : seconds(delay.percentile(50)),
        p99: isEmpty ? 0 : seconds(delay.percentile(99)),
        max: isEmpty ? 0 : seconds(delay.max),
      };
      delay.reset();
      const { user, system } = process.cpuUsage();
      const { rss, heapUsed } = process.memoryUsage();
      return { loopDelay, cpuSeconds: (user + system) / 1e6, residentBytes: rss, heapBytes: heapUsed, startedAt };
    },
    [Symbol.dispose]: () => {
      delay.disable();
    },
  };
}
