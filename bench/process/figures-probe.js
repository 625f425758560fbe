// Loaded into every measured server by --import: tells the runner what the process used, and ends it with the runner.
import { monitorEventLoopDelay } from 'node:perf_hooks';

// Servers may start processes of their own, which inherit the flag but are not measured.
const isMeasured = process.env.BENCH_PROBE === 'true';
delete process.env.BENCH_PROBE;

if (isMeasured && process.send !== undefined) answerRunner();

function answerRunner() {
  /** @type {ReturnType<typeof monitorEventLoopDelay> | null} */
  let delays = null;

  process.on('message', (/** @type {any} */ message) => {
    if (message?.bench === 'watch-loop') {
      delays = monitorEventLoopDelay({ resolution: 1 });
      delays.enable();
      process.send?.({ bench: message.id });
    } else if (message?.bench === 'figures') {
      if (message.collect === true) globalThis.gc?.();
      const { user, system } = process.cpuUsage();
      const { rss, heapUsed, external } = process.memoryUsage();
      const loopDelayMs = delays === null ? null : { samples: delays.count, p99: delays.percentile(99) / 1e6 };
      process.send?.({
        bench: message.id,
        figures: { cpuMs: (user + system) / 1000, rss, heapUsed, external, loopDelayMs },
      });
    }
  });
  // A runner that was killed must leave nothing behind.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel?.unref();
}
