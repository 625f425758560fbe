// Families of one or more processes as one text that Prometheus reads.
import type { MetricFamily } from './metric-families.js';

/** The text and its media type. */
export interface MetricsText {
  readonly contentType: string;
  readonly body: string;
}

/** Adds the processes up and prints them. prom-client is loaded when somebody asks for the first time. */
export async function prometheusText(processes: readonly (readonly MetricFamily[])[]): Promise<MetricsText> {
  const { AggregatorRegistry } = await import('prom-client');
  const registry = AggregatorRegistry.aggregate([...processes]);
  return { contentType: registry.contentType, body: await registry.metrics() };
}
