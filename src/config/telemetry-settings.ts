// Settings of what operators see: logs, metrics, CloudWatch.
import { choice, flag, httpUrl, pattern, whole } from './kinds.js';

/** By the keys that they have in `settings`. */
export const telemetrySettings = {
  logLevel: choice(
    ['CRAWLGATE_LOG_LEVEL'],
    'Least severe level that is logged. Lookups, calls and operations that went well are told at debug.',
    ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    'info',
  ),
  logUrls: choice(
    ['CRAWLGATE_LOG_URLS'],
    'How much of a URL the log tells: path is without user, password, query and fragment, which may be secrets.',
    ['path', 'full'],
    'path',
  ),
  metrics: flag(['CRAWLGATE_METRICS'], 'Answer Prometheus at /metrics.', true),
  cloudwatch: choice(
    ['CRAWLGATE_CLOUDWATCH'],
    'Metrics for CloudWatch: embedded metric format on standard output (emf), or PutMetricData (put).',
    ['off', 'emf', 'put'],
    'off',
  ),
  cloudwatchSeconds: whole(['CRAWLGATE_CLOUDWATCH_SECONDS'], 'Time that one CloudWatch data point sums up.', {
    default: 60,
    min: 1,
    max: 3600,
    unit: 'seconds',
  }),
  cloudwatchEndpoint: httpUrl(
    ['AWS_ENDPOINT_URL_CLOUDWATCH'],
    "CloudWatch to put metrics to, if not AWS's own of the region; AWS_ENDPOINT_URL is read too.",
  ),
  tracesEndpoint: httpUrl(
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'],
    'Send OpenTelemetry traces to this URL, as OTLP over HTTP (JSON). Headers: OTEL_EXPORTER_OTLP_HEADERS.',
  ),
  otlpEndpoint: httpUrl(
    ['OTEL_EXPORTER_OTLP_ENDPOINT'],
    'The same to /v1/traces of this URL. With neither of the two nothing is traced.',
  ),
  serviceName: pattern(['OTEL_SERVICE_NAME'], 'Name of the gateway in traces.', /\S/, 'a name', 'crawlgate'),
  tracesPercent: whole(
    ['CRAWLGATE_TRACES_PERCENT'],
    'Requests that are traced. A caller that brings a trace which is not sampled is not traced.',
    { default: 100, min: 0, max: 100, unit: 'percent' },
  ),
  tracesTrustCallers: flag(
    ['CRAWLGATE_TRACES_TRUST_CALLERS'],
    'Whether a caller that brings a sampled trace is always traced; else it is, like all others, in CRAWLGATE_TRACES_PERCENT of cases.',
    false,
  ),
};
