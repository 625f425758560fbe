// `crawlgate doctor`, `backup` and `capacity` where there is no AWS: what is wrong, and what to do about it.
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/operations/finding.js';
import { makeCache } from '../migration/cache-fixture.js';
import { startFakeDynamo, tableOf } from '../support/fake-dynamo.js';
import { startGateway } from '../support/gateway.js';
import { embeddedEnv, runCommand, runJson } from './commands.js';

interface Report {
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

const levelOf = ({ findings }: Report, check: string): string | undefined =>
  findings.find((finding) => finding.check === check)?.level;

describe('crawlgate doctor', () => {
  it('finds tables missing, and nothing to complain about once they are made', async () => {
    await using engine = await embeddedEnv();
    const before = await runJson<Report>(['doctor'], engine.env);
    expect(before).toMatchObject({ code: 1, json: { ok: false } });
    expect(before.json.findings).toContainEqual({
      check: 'table crawl4ai-results',
      level: 'problem',
      found: 'there is no such table',
      advice: expect.stringContaining('crawlgate provision'),
    });
    await runCommand(['provision'], engine.env);
    const after = await runJson<Report>(['doctor'], engine.env);
    expect(after.json.findings.filter(({ level }) => level === 'warning' || level === 'problem')).toEqual([]);
    expect(after.code).toBe(0);
    for (const check of ['settings', 'credentials', 'clock', 'permission to read', 'permission to write']) {
      expect([check, levelOf(after.json, check)]).toEqual([check, 'ok']);
    }
  });

  it('has nothing to complain about where the embedded engine of a gateway is used by its port', async () => {
    await using gateway = await startGateway();
    const { code, json } = await runJson<Report>(['doctor'], {
      DYNAMODB_ENDPOINT: gateway.gateway.engine?.endpoint ?? '',
    });
    expect(json.findings.filter(({ level }) => level === 'warning' || level === 'problem')).toEqual([]);
    expect(code).toBe(0);
  });

  it.each(['sqlite', 'hybrid'])('looks at the cache that the %s store stands on', async (kind) => {
    const dynamo = kind === 'hybrid' ? { DYNAMODB_ENDPOINT: 'http://127.0.0.1:1' } : {};
    const cacheOf = async (base: string): Promise<Finding | undefined> => {
      const env = { CRAWLGATE_STORE: kind, CRAWL4_AI_BASE_DIRECTORY: base, ...dynamo };
      return (await runJson<Report>(['doctor'], env)).json.findings.find(({ check }) => check === 'cache');
    };
    await using old = await makeCache('0.3.0');
    await using current = await makeCache('0.9');
    expect(await cacheOf('/nowhere')).toMatchObject({ level: 'problem', advice: expect.stringContaining('CRAWL4_AI') });
    expect(await cacheOf(current.base)).toMatchObject({ level: 'ok' });
    expect(await cacheOf(old.base)).toMatchObject({ level: kind === 'hybrid' ? 'problem' : 'ok' });
  });

  it('tells every problem of the settings, and ends with 1', async () => {
    const { code, json } = await runJson<Report>(['doctor'], { CRAWLGATE_PORT: '80OO', CRAWLGATE_MAX_URLS: '0' });
    expect(code).toBe(1);
    expect(json.findings.map(({ check, level }) => [check, level])).toEqual([
      ['settings', 'problem'],
      ['settings', 'problem'],
    ]);
  });

  it('says that nobody answers, and goes no further', async () => {
    const { code, json } = await runJson<Report>(['doctor'], { DYNAMODB_ENDPOINT: 'http://127.0.0.1:1' });
    expect(code).toBe(1);
    expect(json.findings.at(-1)).toMatchObject({ check: 'connection', level: 'problem' });
  });

  it('tells a role that may only read from one that lacks a part of its policy', async () => {
    for (const [refused, expected] of [
      [['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'], { read: 'ok', write: 'note' }],
      [['UpdateItem', 'Scan'], { read: 'problem', write: 'problem' }],
    ] as const) {
      await using store = await startFakeDynamo({
        answer: ({ operation }) => {
          if ((refused as readonly string[]).includes(operation)) return { error: 'AccessDeniedException' };
          if (operation === 'DescribeTable') return tableOf('url');
          return { body: {} };
        },
      });
      const { json } = await runJson<Report>(['doctor'], { DYNAMODB_ENDPOINT: store.endpoint });
      expect(levelOf(json, 'permission to read')).toBe(expected.read);
      expect(levelOf(json, 'permission to write')).toBe(expected.write);
    }
  });

  it.each([
    ['url', ['url']],
    ['pk', ['pk', 'sk']],
  ] as const)('times answers to the key that a table keyed by %s has', async (_, names) => {
    const asked: string[][] = [];
    await using store = await startFakeDynamo({
      answer: ({ operation, input }) => {
        if (operation === 'DescribeTable') return tableOf(...names);
        if (operation !== 'GetItem') return { body: {} };
        const given = Object.keys(input.Key as object);
        asked.push(given);
        return given.join() === names.join() ? { body: {} } : { error: 'ValidationException' };
      },
    });
    await runJson<Report>(['doctor'], { DYNAMODB_ENDPOINT: store.endpoint });
    // The first call only opens the connection, and finds out which key it is.
    expect(asked.slice(1, 6)).toEqual([1, 2, 3, 4, 5].map(() => [...names]));
  });

  it('writes nothing', async () => {
    const written: unknown[] = [];
    await using store = await startFakeDynamo({
      answer: ({ operation, input }) => {
        if (operation === 'DescribeTable') return tableOf('pk', 'sk');
        if (/Put|Update|Delete/.test(operation)) {
          // A condition that cannot hold.
          if (input.ConditionExpression !== 'attribute_exists(#never)') written.push([operation, input]);
          return { error: 'ConditionalCheckFailedException' };
        }
        if (operation === 'BatchWriteItem') written.push(input.RequestItems);
        return { body: {} };
      },
    });
    await runJson<Report>(['doctor'], { DYNAMODB_ENDPOINT: store.endpoint });
    expect(written).toEqual([
      { 'crawl4ai-results': [{ DeleteRequest: { Key: { pk: { S: 'HEALTH' }, sk: { S: 'HEALTH' } } } }] },
    ]);
  });
});

describe('crawlgate backup', () => {
  it('says that the embedded engine has none, and ends with 1', async () => {
    await using engine = await embeddedEnv();
    await runCommand(['provision'], engine.env);
    const { code, stdout } = await runCommand(['backup'], engine.env);
    expect(code).toBe(1);
    expect(stdout).toBe(
      'crawl4ai-results: this engine has no point-in-time recovery\n' +
        'crawl4ai-sessions: this engine has no point-in-time recovery\n',
    );
  });
});

describe('crawlgate capacity', () => {
  it('refuses a store that CloudWatch does not know, and times that it does not keep', async () => {
    await using engine = await embeddedEnv();
    expect(await runCommand(['capacity'], engine.env)).toMatchObject({ code: 2, stdout: '' });
    const { code, stderr } = await runCommand(['capacity', '--hours', '2000']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: '--hours: must be a whole number from 1 to 1512\n' });
  });
});
