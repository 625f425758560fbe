// One request's loader: what is asked in one tick becomes as few questions as it can.
import { describe, expect, it } from 'vitest';
import { groupOf, groups, union } from '../../src/domain/fields.js';
import { healthKey } from '../../src/domain/result-key.js';
import { createFixture, recordOf } from './gateway-fixture.js';

const a = 'https://a.example/';
const b = 'https://b.example/';

describe('the loader of a request', () => {
  it('asks once for a URL that two fields want, for the fields of both', async () => {
    const gateway = createFixture();
    gateway.store(recordOf(a, { title: 'A', fields: new Map([['html', '<p>']]) }));
    const answer = await gateway.ask(`{ x: crawlResult(url: "${a}") { title } y: crawlResult(url: "${a}") { html } }`);
    expect(answer.data).toEqual({ x: { title: 'A' }, y: { html: '<p>' } });
    expect(gateway.reads.map(({ keys, want }) => [keys, want.groups])).toEqual([
      [[a], union(union(groups.head, groups.title), groupOf('html'))],
    ]);
  });

  it('asks different fields of different URLs in questions of their own, at the same time', async () => {
    const gateway = createFixture();
    await gateway.ask(
      `{ x: crawlResult(url: "${a}") { title } y: crawlResult(url: "${b}") { html } z: crawlResult(url: "${b}", maxAge: 1) { html } }`,
    );
    expect(gateway.reads.map(({ keys, want }) => [keys, want.groups, want.maxAge])).toEqual([
      [[a], union(groups.head, groups.title), null],
      [[b], union(groups.head, groupOf('html')), null],
      [[b], union(groups.head, groupOf('html')), 1],
    ]);
  });

  it('lets the health probe travel with a lookup of the same consistency', async () => {
    const gateway = createFixture();
    await gateway.ask(`{ health { status } crawlResult(url: "${a}", consistency: STRONG) { url } }`);
    expect(gateway.reads.map(({ keys }) => [...keys].sort())).toEqual([[healthKey, a]]);
    await gateway.ask(`{ health { status } crawlResult(url: "${a}") { url } }`);
    expect(gateway.reads.slice(1).map(({ keys, want }) => [keys, want.consistency])).toEqual([
      [[a], 'EVENTUAL'],
      [[healthKey], 'STRONG'],
    ]);
  });

  it('remembers nothing from one request to the next', async () => {
    const gateway = createFixture();
    await gateway.ask(`{ crawlResult(url: "${a}") { url } }`);
    await gateway.ask(`{ crawlResult(url: "${a}") { url } }`);
    expect(gateway.reads).toHaveLength(2);
  });

  it('takes a key without an outcome for a bug, not for a miss', async () => {
    const gateway = createFixture({ readResults: async () => new Map() });
    const answer = await gateway.ask(`{ crawlResult(url: "${a}") { url } }`);
    expect(answer.data.crawlResult).toBeNull();
    expect(answer.errors).toMatchObject([{ path: ['crawlResult'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
    expect(String(gateway.unexpected[0]?.error)).toContain('readResults was asked for "https://a.example/"');
  });
});
