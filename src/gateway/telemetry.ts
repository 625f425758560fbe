// What operators see, joined: the log, the counters and who reads them.

import type { CloudWatchConfig } from '../config/telemetry.js';
import type { Config } from '../config.js';
import type { CircuitState, LoadState, MemoryState, Stats } from '../domain/gateway-state.js';
import type { ReadMetrics } from '../http/metrics-route.js';
import { type CloudWatchDeps, startCloudWatch } from '../observability/cloudwatch.js';
import { emfLine } from '../observability/emf.js';
import { type Events, fanOut } from '../observability/events.js';
import { createLog, type LogOutput } from '../observability/log.js';
import { type MetricFamily, metricFamilies } from '../observability/metric-families.js';
import { createMetrics } from '../observability/metrics.js';
import { watchProcess } from '../observability/process-figures.js';
import { prometheusText } from '../observability/prometheus-text.js';
import { createPutMetricData, type PublishData } from '../observability/put-metric-data.js';
import type { Workers } from '../workers/topic.js';
import { metricsTopic } from './metrics-topic.js';
import { createTracedRequests, type TracedRequests } from './traced-requests.js';
import { createWatchedReads, type Reads } from './watched-reads.js';

/** Log, metrics and what publishes them. Disposing of it publishes what is left. */
export interface Telemetry extends AsyncDisposable {
  readonly events: Events;
  readonly stats: () => Stats;
  /** The top of the lookup path: lookups are measured here. */
  readonly watch: (next: Reads) => Reads;
  /** Traces around the requests; null where nothing is traced. */
  readonly traced: TracedRequests | null;
  /**
   * What /metrics answers, all workers added up; undefined where it is off. `state` is what is not counted but asked for
   * at each reading. To be called once.
   */
  readonly readMetrics: (state: GatewayState, workers: Workers) => ReadMetrics | undefined;
}

/** States of the gateway as they are. */
export interface GatewayState {
  readonly memory: () => MemoryState;
  readonly circuit: () => CircuitState;
  readonly load: () => LoadState;
}

/** Opens what is configured; events are heard from now on. */
export async function openTelemetry(deps: {
  readonly config: Config;
  readonly output: LogOutput;
  readonly sinks: readonly Events[];
  /** The place of this worker; null where the gateway has one process. */
  readonly worker: number | null;
  /** Milliseconds of a clock that never jumps. */
  readonly elapsed: () => number;
  readonly setTimer: CloudWatchDeps['setTimer'];
}): Promise<Telemetry> {
  const { config, output, sinks, worker, elapsed, setTimer } = deps;
  const metrics = createMetrics();
  const log = createLog({ config: config.log, output, elapsed, worker });
  const events = fanOut([log, metrics.events, ...sinks]);
  const processWatch = watchProcess();
  const publish = publisherFor(config.telemetry.cloudwatch, output);
  const everyMs = config.telemetry.cloudwatch.seconds * 1000;
  const cloudwatch =
    publish === null
      ? null
      : startCloudWatch({ read: metrics.read, publish, everyMs, setTimer, now: Date.now, events });
  const tellsLookups = config.log.level === 'debug' || config.log.level === 'trace';
  const { traces } = config.telemetry;
  // Dozens of files that nobody needs without traces.
  const tracing =
    traces === null ? null : (await import('../observability/otel-tracing.js')).createOtelTracing(traces, Math.random);
  return {
    events,
    traced: tracing === null ? null : createTracedRequests(tracing),
    stats: metrics.stats,
    watch: (next) =>
      createWatchedReads({
        next,
        measures: metrics.lookups,
        elapsed,
        withSizes: publish !== null,
        events: tellsLookups ? events : null,
      }),
    readMetrics: ({ memory, circuit, load }, workers) => {
      if (!config.telemetry.metrics) return undefined;
      const families = (): readonly MetricFamily[] =>
        metricFamilies({
          counted: metrics.read(),
          memory: memory(),
          circuit: circuit(),
          load: load(),
          process: processWatch.read(),
        });
      workers.answer(metricsTopic, families);
      return async () => prometheusText(await workers.ask(metricsTopic, null));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([cloudwatch?.[Symbol.asyncDispose](), tracing?.[Symbol.asyncDispose]()]);
      processWatch[Symbol.dispose]();
    },
  };
}

function publisherFor(config: CloudWatchConfig, output: LogOutput): PublishData | null {
  if (config.mode === 'off') return null;
  if (config.mode === 'put') return createPutMetricData(config);
  return async (data, nowMs) => {
    output.write(emfLine(data, nowMs));
  };
}
