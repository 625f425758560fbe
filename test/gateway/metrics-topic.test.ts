// What is left of workers that have died: everything that they counted, under no more names than one of them tells apart.
import { describe, expect, it } from 'vitest';
import { metricsTopic } from '../../src/gateway/metrics-topic.js';
import { type MetricFamily, metricFamilies } from '../../src/observability/metric-families.js';
import { createMetrics } from '../../src/observability/metrics.js';
import { prometheusText } from '../../src/observability/prometheus-text.js';
import { parseMetrics } from '../support/prometheus.js';

/** What a worker said last that was asked `names` once each. */
function familiesOf(names: readonly string[]): readonly MetricFamily[] {
  const { events, read } = createMetrics();
  for (const name of names) {
    events.operation({ name, type: 'query', outcome: 'ok', durationMs: 1, requestId: null, codes: [] });
  }
  events.refusedRequest({ code: 'TOO_BUSY', requestId: null, address: null });
  return metricFamilies({
    counted: read(),
    memory: { entries: 0, bytes: 0, maxBytes: 0 },
    circuit: 'CLOSED',
    load: { inFlight: 0, bodyBytes: 0, connections: 0 },
    process: { cpuSeconds: 1, residentBytes: 1, heapBytes: 1, startedAt: 1, loopDelay: { p50: 0, p99: 0, max: 0 } },
  });
}

describe('what a hundred workers have left that died', () => {
  const { keep } = metricsTopic;
  let left: readonly MetricFamily[] | null = null;
  for (let death = 0; death < 100; death += 1) {
    const names = Array.from({ length: 40 }, (_, index) => `Worker${death}Query${index}`);
    left = keep?.(left, familiesOf([...names, 'Common'])) ?? null;
  }

  it('is every operation, under fifty names and one for all others', async () => {
    const metrics = parseMetrics((await prometheusText([left ?? []])).body);
    expect(metrics.sum('crawlgate_graphql_operations_total')).toBe(4100);
    const series = metrics.series('crawlgate_graphql_operations_total');
    expect(Object.keys(series)).toHaveLength(51);
    expect(series['operation=Common,outcome=ok,type=query']).toBe(100);
    expect(metrics.value('crawlgate_graphql_operation_duration_seconds_count')).toBe(4100);
    expect(metrics.value('crawlgate_refused_requests_total', { code: 'TOO_BUSY' })).toBe(100);
    expect(metrics.names.has('crawlgate_connections')).toBe(false);
  });

  it('is no longer for more of them', () => {
    const size = (families: readonly MetricFamily[] | null): number =>
      (families ?? []).reduce((sum, { values }) => sum + values.length, 0);
    expect(size(keep?.(left, familiesOf(['Another', 'Yet another'])) ?? null)).toBe(size(left));
  });
});
