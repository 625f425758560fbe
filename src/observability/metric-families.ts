// What was counted, as metric families: plain data, in the shape that prom-client adds up over processes and prints.
import type { CircuitState, LoadState, MemoryState } from '../domain/gateway-state.js';
import { type Distribution, upperBound } from './histogram.js';
import type { Counted } from './metrics.js';
import type { ProcessFigures } from './process-figures.js';

/** One metric with all its series. */
export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** How the values of several processes become one. */
  readonly aggregator: 'sum' | 'max' | 'min';
  readonly values: readonly MetricValue[];
}

/** One series of a family. */
export interface MetricValue {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  /** Where it is not the family's own: a histogram's parts. */
  readonly metricName?: string;
}

/** What the families are made of. */
export interface GatewayFigures {
  readonly counted: Counted;
  readonly memory: MemoryState;
  readonly circuit: CircuitState;
  readonly load: LoadState;
  readonly process: ProcessFigures;
}

/** Keys of a BatchGetItem call, up to the 100 that it takes. */
const batchBounds = [1, 2, 5, 10, 25, 50, 75, 90, 99, 100];
const circuitStates: readonly CircuitState[] = ['CLOSED', 'HALF_OPEN', 'OPEN'];

/** All families of one process. */
export function metricFamilies({ counted, memory, circuit, load, process }: GatewayFigures): readonly MetricFamily[] {
  const { stats, lookups } = counted;
  return [
    counter('crawlgate_lookups_total', 'Lookups by how they were answered, and by whom.', [
      [{ outcome: 'fresh', source: 'memory' }, lookups.fresh],
      [{ outcome: 'stale', source: 'memory' }, lookups.stale],
      [{ outcome: 'absent', source: 'memory' }, lookups.absentInMemory],
      [{ outcome: 'fresh', source: 'store' }, lookups.store],
      [{ outcome: 'absent', source: 'store' }, lookups.absentInStore],
      [{ outcome: 'not_in_memory', source: 'none' }, lookups.notInMemory],
      [{ outcome: 'failed', source: 'store' }, lookups.failed],
    ]),
    secondsOf('crawlgate_lookup_duration_seconds', 'Time until a lookup was answered.', [[{}, counted.lookupMs]]),
    gauge('crawlgate_memory_bytes', 'Bytes held by the memory tier, by its own count.', [[{}, memory.bytes]]),
    gauge('crawlgate_memory_max_bytes', 'CRAWLGATE_MEMORY_BYTES.', [[{}, memory.maxBytes]]),
    gauge('crawlgate_memory_entries', 'Results and absences that memory holds.', [[{}, memory.entries]]),
    counter(
      'crawlgate_store_calls_total',
      'Calls of DynamoDB that came back; abandoned: nobody waited any more.',
      counted.calls.map(({ operation, outcome, calls }) => [{ operation, outcome }, calls]),
    ),
    counter(
      'crawlgate_store_keys_total',
      'Keys that these calls carried.',
      counted.calls.map(({ operation, outcome, keys }) => [{ operation, outcome }, keys]),
    ),
    secondsOf('crawlgate_store_call_duration_seconds', 'Time of one call of DynamoDB.', [
      ...[...counted.callMs].map(([operation, ms]): Series<Distribution> => [{ operation }, ms]),
    ]),
    batchFill(counted.batchKeys),
    counter(
      'crawlgate_store_retried_keys_total',
      "Keys that had to be asked for again, by DynamoDB's reason.",
      [...counted.retried].map(([reason, keys]) => [{ reason }, keys]),
    ),
    counter('crawlgate_store_throttles_total', 'Calls that were throttled or left keys over.', [[{}, stats.throttles]]),
    counter('crawlgate_store_read_units_total', 'Read units, as DynamoDB counts them.', [
      [{}, stats.consumedReadUnits],
    ]),
    counter('crawlgate_store_write_units_total', 'Write units, as DynamoDB counts them.', [
      [{}, stats.consumedWriteUnits],
    ]),
    gauge(
      'crawlgate_circuit_state',
      '1 at the state of the circuit before DynamoDB, 0 at the others; processes are added up.',
      circuitStates.map((state) => [{ state: state.toLowerCase() }, state === circuit ? 1 : 0]),
    ),
    counter('crawlgate_circuit_opened_total', 'Outages: times the circuit opened.', [[{}, counted.outages.count]]),
    counter('crawlgate_circuit_down_seconds_total', 'Time it was open, the present outage not counted.', [
      [{}, counted.outages.downMs / 1000],
    ]),
    counter(
      'crawlgate_graphql_operations_total',
      'GraphQL operations by name (the first fifty; later ones are "other") and outcome.',
      counted.operations.map(({ name, type, outcome, count }) => [{ operation: name, type, outcome }, count]),
    ),
    secondsOf('crawlgate_graphql_operation_duration_seconds', 'Time to execute an operation.', [
      [{}, counted.operationMs],
    ]),
    counter(
      'crawlgate_refused_requests_total',
      'Requests that were answered by HTTP alone, by the code of the answer.',
      [...counted.refused].map(([code, count]) => [{ code }, count]),
    ),
    gauge('crawlgate_requests_in_flight', 'GraphQL requests that are being answered.', [[{}, load.inFlight]]),
    gauge('crawlgate_request_body_bytes', 'Bytes of the bodies of requests that are not answered yet.', [
      [{}, load.bodyBytes],
    ]),
    gauge('crawlgate_connections', 'Open connections of callers.', [[{}, load.connections]]),
    counter('crawlgate_unexpected_errors_total', 'Errors that were masked: bugs of the gateway.', [
      [{}, counted.unexpectedErrors],
    ]),
    {
      ...gauge('crawlgate_event_loop_delay_seconds', 'Delay of the event loop since the last reading.', [
        [{ quantile: '0.5' }, process.loopDelay.p50],
        [{ quantile: '0.99' }, process.loopDelay.p99],
        [{ quantile: '1' }, process.loopDelay.max],
      ]),
      aggregator: 'max',
    },
    counter('process_cpu_seconds_total', 'CPU time of user and system.', [[{}, process.cpuSeconds]]),
    gauge('process_resident_memory_bytes', 'Resident memory.', [[{}, process.residentBytes]]),
    gauge('process_heap_bytes', 'JavaScript heap in use.', [[{}, process.heapBytes]]),
    {
      ...gauge('process_start_time_seconds', 'Seconds since 1970 when the process started.', [[{}, process.startedAt]]),
      aggregator: 'min',
    },
  ];
}

type Series<Value> = readonly [Readonly<Record<string, string | number>>, Value];

function counter(name: string, help: string, series: readonly Series<number>[]): MetricFamily {
  return {
    name,
    help,
    type: 'counter',
    aggregator: 'sum',
    values: series.map(([labels, value]) => ({ labels, value })),
  };
}

function gauge(name: string, help: string, series: readonly Series<number>[]): MetricFamily {
  return { ...counter(name, help, series), type: 'gauge' };
}

/** A histogram of milliseconds, in seconds as Prometheus has them, with a bucket for each doubling. */
function secondsOf(name: string, help: string, series: readonly Series<Distribution>[]): MetricFamily {
  const values = series.flatMap(([labels, { count, sum, counts }]) => {
    let below = 0;
    const buckets: MetricValue[] = [];
    counts.forEach((own, bucket) => {
      below += own;
      const bound = upperBound(bucket);
      if (Number.isFinite(bound) && !Number.isInteger(Math.log2(bound))) return;
      const le = Number.isFinite(bound) ? bound / 1000 : '+Inf';
      buckets.push({ labels: { ...labels, le }, value: below, metricName: `${name}_bucket` });
    });
    return [
      ...buckets,
      { labels, value: sum / 1000, metricName: `${name}_sum` },
      { labels, value: count, metricName: `${name}_count` },
    ];
  });
  return { name, help, type: 'histogram', aggregator: 'sum', values };
}

function batchFill(calls: ReadonlyMap<number, number>): MetricFamily {
  const name = 'crawlgate_batch_keys';
  const upTo = (bound: number): number =>
    [...calls].reduce((sum, [keys, count]) => (keys <= bound ? sum + count : sum), 0);
  const count = upTo(Number.POSITIVE_INFINITY);
  const bucket = (le: string | number, value: number): MetricValue => ({
    labels: { le },
    value,
    metricName: `${name}_bucket`,
  });
  return {
    name,
    help: 'Keys of lookups in one BatchGetItem call, of 100 that fit.',
    type: 'histogram',
    aggregator: 'sum',
    values: [
      ...batchBounds.map((bound) => bucket(bound, upTo(bound))),
      bucket('+Inf', count),
      { labels: {}, value: [...calls].reduce((sum, [keys, each]) => sum + keys * each, 0), metricName: `${name}_sum` },
      { labels: {}, value: count, metricName: `${name}_count` },
    ],
  };
}
