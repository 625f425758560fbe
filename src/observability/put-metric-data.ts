// Metrics for CloudWatch by PutMetricData, which the role must allow (cloudwatch:PutMetricData).
import { cloudwatchNamespace, type Datum } from './cloudwatch-data.js';

/** Where and as whom. */
export interface PutMetricDataOptions {
  readonly region: string;
  /** Null: AWS's own endpoint of the region. */
  readonly endpoint: string | null;
  /** Null: the AWS credential chain. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | null;
}

/** Sends one stretch of time. Rejects with what the SDK throws. */
export type PublishData = (data: readonly Datum[], nowMs: number) => Promise<void>;

/** Makes the sender. The SDK's client is loaded with the first data. */
export function createPutMetricData(options: PutMetricDataOptions): PublishData {
  let loading: ReturnType<typeof connect> | undefined;
  return async (data, nowMs) => {
    loading ??= connect(options).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    const { client, PutMetricDataCommand } = await loading;
    const MetricData = data.map((datum) => ({
      MetricName: datum.name,
      Unit: datum.unit,
      Timestamp: new Date(nowMs),
      ...('value' in datum
        ? { Value: datum.value }
        : { Values: [...datum.values.values], Counts: [...datum.values.counts] }),
    }));
    await client.send(new PutMetricDataCommand({ Namespace: cloudwatchNamespace, MetricData }));
  };
}

async function connect({ region, endpoint, credentials }: PutMetricDataOptions) {
  const { CloudWatchClient, PutMetricDataCommand } = await import('@aws-sdk/client-cloudwatch');
  const client = new CloudWatchClient({
    region,
    ...(endpoint === null ? {} : { endpoint }),
    ...(credentials === null ? {} : { credentials }),
    // The next stretch of time takes with it what was not taken this time.
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  });
  return { client, PutMetricDataCommand };
}
