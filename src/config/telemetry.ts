// What operators see of the gateway, as it is configured: metrics and CloudWatch.
import { isLoopback } from './loopback.js';
import type { SettingValues } from './settings.js';
import { hasCredentials } from './store.js';

export interface TelemetryConfig {
  /** Whether /metrics is answered. */
  readonly metrics: boolean;
  readonly cloudwatch: CloudWatchConfig;
  /** Null: nothing is traced. */
  readonly traces: TracesConfig | null;
}

export interface TracesConfig {
  /** Takes POSTs of OTLP. */
  readonly url: string;
  readonly serviceName: string;
  /** Of all requests, 0 to 1; of those that bring a sampled trace too, unless `trustCallers`. */
  readonly ratio: number;
  /** Whether a caller that brings a sampled trace is traced whatever `ratio` says. */
  readonly trustCallers: boolean;
}

export interface CloudWatchConfig {
  readonly mode: SettingValues['cloudwatch'];
  /** Seconds that one data point sums up, 1 to 3600. */
  readonly seconds: number;
  readonly region: string;
  /** http(s) URL; null is AWS itself in `region`. */
  readonly endpoint: string | null;
  /** Dummy ones for a loopback endpoint where none are configured; null leaves it to AWS's credential chain. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | null;
}

/** From values to configuration. */
export function readTelemetry(values: SettingValues): TelemetryConfig {
  const endpoint = values.cloudwatchEndpoint ?? values.anyEndpoint;
  const isLocal = endpoint !== null && isLoopback(new URL(endpoint).hostname);
  return {
    metrics: values.metrics,
    traces: readTraces(values),
    cloudwatch: {
      mode: values.cloudwatch,
      seconds: values.cloudwatchSeconds,
      region: values.region,
      endpoint,
      credentials: isLocal && !hasCredentials(values) ? { accessKeyId: 'local', secretAccessKey: 'local' } : null,
    },
  };
}

/** https://opentelemetry.io/docs/specs/otel/protocol/exporter/#endpoint-urls-for-otlphttp */
function readTraces({
  tracesEndpoint,
  otlpEndpoint,
  serviceName,
  tracesPercent,
  tracesTrustCallers,
}: SettingValues): TracesConfig | null {
  const url = tracesEndpoint ?? (otlpEndpoint === null ? null : `${otlpEndpoint.replace(/\/$/, '')}/v1/traces`);
  return url === null ? null : { url, serviceName, ratio: tracesPercent / 100, trustCallers: tracesTrustCallers };
}
