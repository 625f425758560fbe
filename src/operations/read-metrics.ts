// Reads DynamoDB's own metrics of tables and indexes from CloudWatch. Its SDK is loaded when this is called.
import type { MetricDataQuery, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { judgeFailure } from '../dynamo/store-error.js';
import { CrawlgateError } from '../errors.js';

/** Where and as whom. */
export interface MetricsSource {
  readonly region: string;
  /** Null: AWS's own endpoint of the region. */
  readonly endpoint: string | null;
  /** Null: the AWS credential chain. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | null;
}

/** A table, or one of its indexes. */
export interface MetricsSubject {
  readonly table: string;
  /** Null: the table itself. */
  readonly index: string | null;
}

/** One metric of one subject by one statistic. */
export interface MetricRequest extends MetricsSubject {
  /** CloudWatch's name, such as ConsumedReadCapacityUnits. */
  readonly metric: string;
  readonly statistic: 'Sum' | 'Average' | 'Maximum';
}

/** A stretch of time, in milliseconds since 1970, cut into periods. */
export interface MetricsRange {
  readonly startMs: number;
  readonly endMs: number;
  readonly periodSeconds: number;
}

/** At most so many queries in one call: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const maxQueries = 500;

/**
 * Values by the start of their period in milliseconds, in the order of the requests. A period in which nothing happened
 * has no value. Rejects with a CrawlgateError.
 */
export async function readMetrics(
  source: MetricsSource,
  requests: readonly MetricRequest[],
  range: MetricsRange,
  signal: AbortSignal,
): Promise<readonly ReadonlyMap<number, number>[]> {
  const { CloudWatchClient, GetMetricDataCommand } = await import('@aws-sdk/client-cloudwatch');
  const { region, endpoint, credentials } = source;
  const client = new CloudWatchClient({
    region,
    ...(endpoint === null ? {} : { endpoint }),
    ...(credentials === null ? {} : { credentials }),
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
  const values = requests.map(() => new Map<number, number>());
  const take = ({ Id = '', Timestamps = [], Values = [] }: MetricDataResult): void => {
    const found = values[Number(Id.slice(1))];
    Timestamps.forEach((time, at) => {
      found?.set(time.getTime(), Values[at] ?? 0);
    });
  };
  try {
    for (let from = 0; from < requests.length; from += maxQueries) {
      const queries = requests.slice(from, from + maxQueries).map((it, at) => queryOf(it, from + at, range));
      let next: string | undefined;
      do {
        const command = new GetMetricDataCommand({
          MetricDataQueries: queries,
          StartTime: new Date(range.startMs),
          EndTime: new Date(range.endMs),
          ScanBy: 'TimestampAscending',
          ...(next === undefined ? {} : { NextToken: next }),
        });
        const output = await client.send(command, { abortSignal: signal });
        for (const result of output.MetricDataResults ?? []) take(result);
        next = output.NextToken;
      } while (next !== undefined);
    }
  } catch (thrown) {
    // What its exceptions mean is the same for every service of AWS.
    const { error } = judgeFailure(thrown, 'GetMetricData');
    const message = error.message.replaceAll('DynamoDB', 'CloudWatch');
    throw new CrawlgateError(error.code, message, error.facts, { cause: thrown });
  } finally {
    client.destroy();
  }
  return values;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html */
function queryOf({ table, index, metric, statistic }: MetricRequest, at: number, range: MetricsRange): MetricDataQuery {
  return {
    Id: `m${at}`,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/DynamoDB',
        MetricName: metric,
        Dimensions: [
          { Name: 'TableName', Value: table },
          ...(index === null ? [] : [{ Name: 'GlobalSecondaryIndexName', Value: index }]),
        ],
      },
      Period: range.periodSeconds,
      Stat: statistic,
    },
    ReturnData: true,
  };
}
