// PutMetricData as moto receives it from a gateway that runs.
import { CloudWatchClient, GetMetricStatisticsCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { startGateway } from '../support/gateway.js';
import { engines, isEngine } from './engines.js';

const moto = engines.find((engine) => isEngine(engine, 'moto'));

// Only moto has CloudWatch beside DynamoDB; npm run test:conformance starts it.
describe.skipIf(moto === undefined)('PutMetricData', () => {
  it('brings every metric with its unit, the hit rate as an average', async () => {
    const endpoint = moto?.endpoint ?? '';
    const gateway = await startGateway({
      AWS_ENDPOINT_URL_CLOUDWATCH: endpoint,
      CRAWLGATE_STORE: 'embedded',
      CRAWLGATE_SAMPLES: 'true',
      CRAWLGATE_CLOUDWATCH: 'put',
      CRAWLGATE_CLOUDWATCH_SECONDS: '3600',
    });
    const query = 'query ($url: String!) { crawlResult(url: $url) { title } }';
    for (let i = 0; i < 4; i += 1) await gateway.ask(query, { url: 'https://www.tidewater-museum.example/' });
    await gateway[Symbol.asyncDispose]();
    expect(gateway.notices.filter((notice) => notice.includes('CloudWatch'))).toEqual([]);

    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new CloudWatchClient({ endpoint, region: 'us-east-1', credentials });
    const { Metrics = [] } = await client.send(new ListMetricsCommand({ Namespace: 'Crawl4AI/DynamoDB' }));
    expect(Metrics.map(({ MetricName }) => MetricName)).toEqual(
      expect.arrayContaining([
        'CacheHitRate',
        'Lookups',
        'StaleHits',
        'FailedLookups',
        'StoreCalls',
        'RetriedKeys',
        'Throttles',
        'ResponseTime',
        'ItemSize',
      ]),
    );
    const hour = 3_600_000;
    const statistics = async (MetricName: string) => {
      const { Datapoints = [] } = await client.send(
        new GetMetricStatisticsCommand({
          Namespace: 'Crawl4AI/DynamoDB',
          MetricName,
          StartTime: new Date(Date.now() - hour),
          EndTime: new Date(Date.now() + hour),
          Period: 2 * 3600,
          Statistics: ['Average', 'Sum', 'SampleCount'],
        }),
      );
      return Datapoints;
    };
    expect(await statistics('CacheHitRate')).toMatchObject([{ Average: 0.75, SampleCount: 4, Unit: 'Count' }]);
    expect(await statistics('Lookups')).toMatchObject([{ Sum: 4, Unit: 'Count' }]);
    expect(await statistics('ResponseTime')).toMatchObject([{ SampleCount: 4, Unit: 'Milliseconds' }]);
    expect(await statistics('ItemSize')).toMatchObject([{ SampleCount: 4, Unit: 'Kilobytes' }]);
    client.destroy();
  });
});
