// `crawlgate import` as a shell sees it: what it says, how it ends, and that a kill loses and doubles nothing.
import { watch } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines } from '../conformance/engines.js';
import { openWorld, type World } from '../conformance/world.js';
import { type CacheFixture, makeCache } from '../migration/cache-fixture.js';
import { runGateway } from '../support/gateway-process.js';

const [engine] = engines;
const rows = 500;

describe('crawlgate import', () => {
  let world: World;
  let cache: CacheFixture;
  let folder: string;
  beforeAll(async () => {
    if (engine === undefined) throw new Error('there is no engine');
    world = await openWorld(engine, { layout: 'versioned' });
    folder = await mkdtemp(join(tmpdir(), 'crawlgate-import-'));
    cache = await makeCache();
    cache.database.exec('BEGIN');
    for (let index = 0; index < rows; index += 1) {
      const url = `https://example.com/${index}`;
      cache.insert({ url, html: `<p>${index}</p>`, success: 1, cached_at: 1_700_000_000 + index });
    }
    cache.database.exec('COMMIT');
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
    await cache[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const start = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    runGateway(
      {
        DYNAMODB_ENDPOINT: world.endpoint ?? '',
        DYNAMODB_TABLE_CRAWL_RESULTS: world.table.name,
        CRAWLGATE_DATA_DIR: folder,
        ...env,
      },
      { args: ['import', ...args] },
    );

  it('goes on after a kill -9 in the midst of it; in the end every row is there once, and the place is forgotten', async () => {
    {
      await using killed = start(['--from', cache.base]);
      await new Promise<void>((resolve) => {
        const watcher = watch(folder, (_, name) => {
          if (name?.endsWith('.json') !== true) return;
          watcher.close();
          resolve();
        });
      });
      killed.child.kill('SIGKILL');
      expect(await killed.ended).toEqual({ code: null, signal: 'SIGKILL' });
    }
    expect((await world.items()).length).toBeLessThan(rows);
    const place = join(folder, (await readdir(folder)).find((name) => name.endsWith('.json')) ?? '');
    const left = await readFile(place, 'utf8');
    await using resumed = start(['--from', cache.paths.folder, '--json']);
    expect(await resumed.ended).toEqual({ code: 0, signal: null });
    expect(resumed.stderr()).toMatch(/^Going on after \d+ rows; --restart begins anew\.\n$/);
    const said = JSON.parse(resumed.stdout());
    expect(said).toMatchObject({ rows, broken: 0, refused: 0, problems: [], from: cache.paths.database });
    expect(said.imported + said.kept).toBe(rows);
    expect(said.neverHad).toContain('status_code');
    const items = await world.items();
    expect(items).toHaveLength(rows);

    // Of a table that was made again, or with other options, the place says nothing.
    for (const [state, args, why] of [
      [{ ...JSON.parse(left), identity: 'another' }, [], 'the table is not the one of the earlier run'],
      [JSON.parse(left), ['--ttl-days', '7'], 'the earlier run had other options'],
    ] as const) {
      await writeFile(place, JSON.stringify(state));
      await using anew = start(['--from', cache.base, '--json', ...args]);
      expect(await anew.ended).toEqual({ code: 0, signal: null });
      expect(anew.stderr()).toContain(`Beginning anew: ${why}`);
      expect(JSON.parse(anew.stdout())).toMatchObject({ rows, kept: rows });
    }
    expect(new Set(items.map(({ url }) => url?.S)).size).toBe(rows);
    for (const index of [0, 1, 99, 100, 299, rows - 1]) {
      expect(await world.document(`https://example.com/${index}`)).toMatchObject({ html: `<p>${index}</p>` });
    }
    expect(await readdir(folder)).toEqual([]);
  }, 90_000);

  it('says in words what it did, names what it left, and ends with 1 then', async () => {
    cache.insert({ url: 'https://example.com/gone?token=s3cret', html: 'aaaaaaaaaaaaaaaa', success: 1, cached_at: 1 });
    await using process = start([], { CRAWL4_AI_BASE_DIRECTORY: cache.base });
    expect(await process.ended).toEqual({ code: 1, signal: null });
    expect(process.stderr()).toBe(
      'https://example.com/gone?…: html is kept in a file that is gone, html_content/aaaaaaaaaaaaaaaa\n',
    );
    expect(process.stdout()).toContain(`${world.table.name}: ${rows + 1} rows, 0 imported, ${rows} kept as stored`);
    expect(process.stdout()).toContain('This cache never had: status_code');
  });

  it('refuses what it cannot work with, and touches nothing', async () => {
    await using nowhere = start(['--from', join(folder, 'nowhere')]);
    expect(await nowhere.ended).toEqual({ code: 2, signal: null });
    expect(nowhere.stderr()).toContain('there is no SQLite database at');
    await using wrong = start(['--from', cache.base, '--ttl-days', '1e9']);
    expect(await wrong.ended).toEqual({ code: 2, signal: null });
    await using missing = start(['--from', cache.base], { DYNAMODB_TABLE_CRAWL_RESULTS: 'none-such' });
    expect(await missing.ended).toEqual({ code: 1, signal: null });
    expect(missing.stderr()).toContain('`crawlgate provision` makes one');
  });
});
