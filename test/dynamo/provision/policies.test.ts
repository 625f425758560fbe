// Policies name what the code calls, no more and no less: the calls are counted in the sources.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type PolicyName, policyFor } from '../../../src/dynamo/provision/policies.js';

const source = fileURLToPath(new URL('../../../src', import.meta.url));

/** Commands of lib-dynamodb that are named otherwise than the call that they make. */
const calls: Readonly<Record<string, string>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  BatchGet: 'BatchGetItem',
  BatchWrite: 'BatchWriteItem',
};
const dataReads = new Set(['GetItem', 'BatchGetItem', 'Query', 'Scan']);
const dataWrites = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem']);

/** Every call that is made of a service outside the embedded engine's own process, as IAM names actions. */
const called = new Set(
  readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.startsWith('embedded/'))
    .flatMap((path) => {
      const text = readFileSync(join(source, path), 'utf8');
      return [...text.matchAll(/new (\w+)Command\(/g)].map(([, name = '']) => {
        const service = /Metric/.test(name) ? 'cloudwatch' : 'dynamodb';
        return `${service}:${calls[name] ?? name}`;
      });
    }),
);

const tables = { results: 'r', sessions: 's', region: 'us-east-1', account: '123456789012' };

function actionsOf(name: PolicyName): readonly string[] {
  return [...new Set(policyFor(name, tables).Statement.flatMap(({ Action }) => Action))].sort();
}

const within = (names: ReadonlySet<string>): string[] =>
  [...called].filter((action) => names.has(action.split(':')[1] ?? ''));

describe('the policy of', () => {
  it('a reading gateway allows every read that the code makes, and its metrics', () => {
    const expected = [...within(dataReads), 'dynamodb:DescribeTable', 'cloudwatch:PutMetricData'];
    expect(actionsOf('reading')).toEqual(expected.sort());
  });

  it('a writing gateway allows every read and write of items besides', () => {
    expect(actionsOf('writing')).toEqual([...actionsOf('reading'), ...within(dataWrites)].sort());
  });

  it('the operator allows whatever the code calls, but for metrics of gateways', () => {
    const expected = [...called].filter((action) => action !== 'cloudwatch:PutMetricData');
    expect(actionsOf('operator')).toEqual(expected.sort());
  });

  it('any of them names these tables and indexes, and binds what has no table by its namespace', () => {
    for (const name of ['reading', 'writing', 'operator'] as const) {
      for (const { Action, Resource, Condition } of policyFor(name, tables).Statement) {
        const resources = [Resource].flat();
        if (Action.some((action) => action.startsWith('dynamodb:'))) {
          for (const arn of resources) {
            expect(arn).toMatch(/^arn:aws:dynamodb:us-east-1:123456789012:table\/(r(\/index\/by-(time|site|url))?|s)$/);
          }
        }
        if (Action.includes('cloudwatch:PutMetricData')) {
          expect(Condition).toEqual({ StringEquals: { 'cloudwatch:namespace': 'Crawl4AI/DynamoDB' } });
        }
      }
    }
  });

  it('other partitions has their names in its ARNs', () => {
    const [first] = policyFor('reading', { ...tables, region: 'cn-north-1' }).Statement;
    expect(first?.Resource).toMatch(/^arn:aws-cn:dynamodb:cn-north-1:/);
  });
});
