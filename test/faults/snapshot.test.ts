// A gateway that is started while DynamoDB is away answers from what the one before it left on disk.
import { readFile, stat, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../support/raw-http.js';
import { figure, until, urlsOf } from './fault-world.js';
import { type SnapshotWorld, startSnapshotWorld } from './snapshot-world.js';

const urls = urlsOf('saved', 300);
const query = 'query ($urls: [String!]!) { crawlResults(urls: $urls) { url html cache { source status } } }';
const put = `mutation ($url: String!) {
  cacheCrawlResults(results: [{ url: $url, success: true, html: "written" }]) { stored error { code } } }`;
const health = '{ health { status memory { entries } } }';
let world: SnapshotWorld;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  world = await startSnapshotWorld(urls);
  env = { CRAWLGATE_MEMORY_SNAPSHOT: world.path };
});
afterAll(() => world[Symbol.asyncDispose]());

interface Result {
  readonly url: string;
  readonly html: string;
  readonly cache: { readonly source: string; readonly status: string };
}

describe('a restart during an outage', () => {
  it('loses nothing but what was written since, and is over with the outage', async () => {
    {
      await using before = await world.faults.gateway(env);
      await before.ask(query, { urls });
    }
    // The second saves nothing new before the outage begins, but writes: it dies without a word, as by SIGKILL.
    const second = await world.faults.gateway(env);
    expect((await second.ask(put, { url: urls[3] })).data?.cacheCrawlResults).toMatchObject([{ stored: true }]);
    const asKilled = await readFile(world.path);
    await second.gateway.close();
    await writeFile(world.path, asKilled);

    await world.faults.proxy.refuse();
    await using started = await world.faults.gateway(env);
    expect(started.notices).toContainEqual(expect.stringMatching(/^Restored 299 results/));
    expect((await call({ port: started.port, path: '/ready' })).status).toBe(200);
    expect((await started.ask(health)).data?.health).toMatchObject({ status: 'DEGRADED', memory: { entries: 299 } });
    const { data, errors } = await started.ask(query, { urls });
    const results = data?.crawlResults as (Result | null)[];
    expect(errors?.map(({ path, extensions }) => [path, extensions?.code])).toEqual([
      [['crawlResults', 3], 'STORE_UNAVAILABLE'],
    ]);
    const stale = results.filter((result) => result?.cache.source === 'MEMORY' && result.cache.status === 'STALE');
    expect(stale).toHaveLength(299);
    expect(stale.every((result) => result?.html === `<p>${result?.url}</p>`)).toBe(true);
    figure(`started during an outage: ${stale.length} of 299 saved results answered`);

    await world.faults.proxy.accept();
    await until(async () => {
      const again = (await started.ask(query, { urls })).data?.crawlResults as (Result | null)[];
      return again.every((result) => result?.cache.status === 'FRESH');
    });
    expect((await started.ask(query, { urls: [urls[3]] })).data).toMatchObject({ crawlResults: [{ html: 'written' }] });
  });

  it('with a damaged file says so, starts, and does not write over it', async () => {
    const { path } = world;
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const bytes = await readFile(path);
    bytes.writeUInt8(bytes.readUInt8(1_000) ^ 1, 1_000);
    await writeFile(path, bytes);
    {
      await using started = await world.faults.gateway(env);
      expect(started.notices).toContainEqual(expect.stringMatching(/is not used: .*kept as/));
      expect((await started.ask(health)).data?.health).toMatchObject({ status: 'HEALTHY', memory: { entries: 0 } });
    }
    expect(await readFile(`${path}.damaged`)).toEqual(bytes);
  });
});
