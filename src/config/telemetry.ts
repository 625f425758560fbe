// What operators see of the gateway, as it is configured: metrics and CloudWatch.
import type { SettingValues } from './settings.js';

export interface TelemetryConfig {
  /** Whether /metrics is answered. */
  readonly metrics: boolean;
  readonly cloudwatch: SettingValues['cloudwatch'];
  /** Seconds that one data point of CloudWatch sums up, 1 to 3600. */
  readonly cloudwatchSeconds: number;
}

/** From values to configuration. */
export function readTelemetry({ metrics, cloudwatch, cloudwatchSeconds }: SettingValues): TelemetryConfig {
  return { metrics, cloudwatch, cloudwatchSeconds };
}
