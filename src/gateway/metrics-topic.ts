// What workers say of themselves for /metrics, and what stays of those that have died: counters do not go back.
import { createBoundedNames } from '../observability/bounded-names.js';
import type { MetricFamily, MetricValue } from '../observability/metric-families.js';
import { maxOperationNames } from '../observability/metrics.js';
import { topic } from '../workers/topic.js';

/** The families of one process. */
export const metricsTopic = topic<null, readonly MetricFamily[]>('metrics', (left, last) =>
  addCounted(left ?? [], last),
);

/**
 * The sums of both in what is counted; a gauge ends with its process. However many have died, and whatever their callers named
 * operations: what is left has no more names than one process tells apart, those that were first.
 */
function addCounted(left: readonly MetricFamily[], last: readonly MetricFamily[]): readonly MetricFamily[] {
  const before = new Map(left.map((family) => [family.name, family.values]));
  return last
    .filter(({ type }) => type !== 'gauge')
    .map((family) => ({ ...family, values: addValues(before.get(family.name) ?? [], family.values) }));
}

function addValues(left: readonly MetricValue[], last: readonly MetricValue[]): readonly MetricValue[] {
  const sums = new Map<string, MetricValue>();
  const boundedName = createBoundedNames(maxOperationNames);
  for (const one of [...left, ...last]) {
    const { operation } = one.labels;
    const labels = typeof operation === 'string' ? { ...one.labels, operation: boundedName(operation) } : one.labels;
    const series = JSON.stringify([one.metricName, labels]);
    sums.set(series, { ...one, labels, value: one.value + (sums.get(series)?.value ?? 0) });
  }
  return [...sums.values()];
}
