// Least-privilege policies: for whoever reads, for whoever writes, for the operator, and the one Crawl4AI always had.
import { cloudwatchNamespace } from '../../observability/cloudwatch-data.js';
import { feedIndexes } from '../feed-indexes.js';

/** Whom a policy is for. `classic` is what Crawl4AI's own guides give every crawler; a gateway runs under it. */
export type PolicyName = 'reading' | 'writing' | 'operator' | 'classic';

/** The tables and where they are. */
export interface PolicyTables {
  readonly results: string;
  readonly sessions: string;
  readonly region: string;
  /** Twelve digits, or `*`. */
  readonly account: string;
}

/** A policy document as IAM has it. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

/** One statement of it. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

// What the code calls; test/dynamo/provision/policies.test.ts counts it in the sources.
const reads = ['DescribeTable', 'GetItem', 'BatchGetItem', 'Query', 'Scan'];
const writes = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'];
const tableCare = [
  'CreateTable',
  'DescribeTable',
  'UpdateTable',
  'DescribeTimeToLive',
  'UpdateTimeToLive',
  'DescribeContinuousBackups',
  'UpdateContinuousBackups',
  'ListTagsOfResource',
  'TagResource',
];

/** The document. */
export function policyFor(name: PolicyName, tables: PolicyTables): PolicyDocument {
  return { Version: '2012-10-17', Statement: statementsFor(name, tables) };
}

function statementsFor(name: PolicyName, tables: PolicyTables): PolicyStatement[] {
  const results = tableArn(tables, tables.results);
  const sessions = tableArn(tables, tables.sessions);
  const indexes = feedIndexes.map(({ name: index }) => `${results}/index/${index}`);
  const readIndexes = allow('ReadIndexes', ['Query', 'Scan'], indexes);
  const readSessions = allow('ReadSessions', ['BatchGetItem'], sessions);
  switch (name) {
    case 'reading':
      return [allow('ReadResults', reads, results), readIndexes, readSessions, putMetrics];
    case 'writing':
      return [allow('ReadAndWriteResults', [...reads, ...writes], results), readIndexes, readSessions, putMetrics];
    case 'operator':
      return [
        allow('CareForTables', tableCare, [results, sessions]),
        allow('ReadAndWriteResults', [...reads.filter((action) => !tableCare.includes(action)), ...writes], results),
        readIndexes,
        readSessions,
        // No table of its own can be named for this one: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
        { Sid: 'ReadMetrics', Effect: 'Allow', Action: ['cloudwatch:GetMetricData'], Resource: '*' },
      ];
    case 'classic':
      return [allow('Crawl4AI', classic, `arn:${partitionOf(tables.region)}:dynamodb:*:*:table/crawl4ai-*`)];
    default:
      return name satisfies never;
  }
}

const classic = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchGetItem', 'BatchWriteItem', 'Scan', 'Query'];

const putMetrics: PolicyStatement = {
  Sid: 'PutMetrics',
  Effect: 'Allow',
  Action: ['cloudwatch:PutMetricData'],
  Resource: '*',
  Condition: { StringEquals: { 'cloudwatch:namespace': cloudwatchNamespace } },
};

function allow(Sid: string, actions: readonly string[], Resource: string | readonly string[]): PolicyStatement {
  return { Sid, Effect: 'Allow', Action: actions.map((action) => `dynamodb:${action}`), Resource };
}

function tableArn({ region, account }: PolicyTables, table: string): string {
  return `arn:${partitionOf(region)}:dynamodb:${region}:${account}:table/${table}`;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
