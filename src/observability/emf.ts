// Metrics for CloudWatch as one log line: the embedded metric format, which needs no permission and no call.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
import { cloudwatchNamespace, type Datum } from './cloudwatch-data.js';

/** The line, with its end. `nowMs`: milliseconds since 1970. */
export function emfLine(data: readonly Datum[], nowMs: number): string {
  const document = {
    _aws: {
      Timestamp: nowMs,
      CloudWatchMetrics: [
        {
          Namespace: cloudwatchNamespace,
          Dimensions: [[]],
          Metrics: data.map(({ name, unit }) => ({ Name: name, Unit: unit })),
        },
      ],
    },
    ...Object.fromEntries(data.map((datum) => [datum.name, targetOf(datum)])),
  };
  return `${JSON.stringify(document)}\n`;
}

/**
 * A number, or values with their counts: what AWS's own agents send for histograms (awsemfexporter of the OpenTelemetry
 * Collector). The specification names arrays of up to 100 numbers besides, which cannot say of thousands of lookups how
 * often each value occurred.
 */
function targetOf(datum: Datum): unknown {
  if ('value' in datum) return datum.value;
  const { values, counts } = datum.values;
  return {
    Values: values,
    Counts: counts,
    Max: Math.max(...values),
    Min: Math.min(...values),
    Count: counts.reduce((sum, count) => sum + count, 0),
    Sum: values.reduce((sum, value, index) => sum + value * (counts[index] ?? 0), 0),
  };
}
