// `crawlgate import` as a shell sees it: what it says, how it ends, and that a kill loses and doubles nothing.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines } from '../conformance/engines.js';
import { openWorld, type World } from '../conformance/world.js';
import { type CacheFixture, makeCache } from '../migration/cache-fixture.js';
import { runGateway } from '../support/gateway-process.js';
import { endAtFirstPlace, isPlace, killAtFirstPlace } from './commands.js';

function firstEngine(): (typeof engines)[number] {
  const [engine] = engines;
  if (engine === undefined) throw new Error('there is no engine');
  return engine;
}

const rows = 500;

describe('crawlgate import', () => {
  let world: World;
  let cache: CacheFixture;
  let folder: string;
  beforeAll(async () => {
    world = await openWorld(firstEngine(), { layout: 'versioned' });
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
    const place = await killAtFirstPlace(folder, () => start(['--from', cache.base]));
    expect((await world.items()).length).toBeLessThan(rows);
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
      [{ ...JSON.parse(place.text), identity: 'another' }, [], 'the table is not the one of the earlier run'],
      [JSON.parse(place.text), ['--ttl-days', '7'], 'the earlier run had other options'],
    ] as const) {
      await writeFile(place.path, JSON.stringify(state));
      await using anew = start(['--from', cache.base, '--json', ...args]);
      expect(await anew.ended).toEqual({ code: 0, signal: null });
      expect(anew.stderr()).toContain(`Beginning anew: ${why}`);
      expect(JSON.parse(anew.stdout())).toMatchObject({ rows, kept: rows });
    }
    expect(new Set(items.map(({ url }) => url?.S)).size).toBe(rows);
    for (const index of [0, 1, 99, 100, 299, rows - 1]) {
      expect(await world.document(`https://example.com/${index}`)).toMatchObject({ html: `<p>${index}</p>` });
    }
    expect((await readdir(folder)).filter(isPlace)).toEqual([]);
  }, 90_000);

  it('ended by Ctrl-C says where it stopped, and goes on from there', async () => {
    await using other = await openWorld(firstEngine(), { layout: 'versioned' });
    const env = { DYNAMODB_TABLE_CRAWL_RESULTS: other.table.name, DYNAMODB_ENDPOINT: other.endpoint ?? '' };
    const { text } = await endAtFirstPlace(folder, 'SIGINT', () => start(['--from', cache.base], env), {
      ended: { code: 130, signal: null },
      stderr: /^Stopped after \d+ rows: the same command goes on from there\.\nEnded by SIGINT\.\n$/,
    });
    const stopped = JSON.parse(text).counts.rows;
    await using resumed = start(['--from', cache.base, '--json'], env);
    expect(await resumed.ended).toEqual({ code: 0, signal: null });
    expect(resumed.stderr()).toBe(`Going on after ${stopped} rows; --restart begins anew.\n`);
    // In order: what was put was put down, so that nothing is put twice.
    expect(JSON.parse(resumed.stdout())).toMatchObject({ rows, imported: rows, kept: 0 });
    expect(await other.items()).toHaveLength(rows);
  }, 60_000);

  it('may run twice at once, from any name of the cache: every row is there once', async () => {
    await using other = await openWorld(firstEngine(), { layout: 'document' });
    const env = { DYNAMODB_TABLE_CRAWL_RESULTS: other.table.name, DYNAMODB_ENDPOINT: other.endpoint ?? '' };
    // The same file, so that both keep the same place.
    const runs = await Promise.all(
      [cache.paths.database, cache.base].map(async (from) => {
        await using run = start(['--from', from, '--json'], env);
        expect(await run.ended).toEqual({ code: 0, signal: null });
        return JSON.parse(run.stdout());
      }),
    );
    // One that begins when another has put down its place goes on from there: its counts are of both.
    for (const run of runs) expect(run).toMatchObject({ from: cache.paths.database, rows, broken: 0, refused: 0 });
    const items = await other.items();
    expect(items).toHaveLength(rows);
    expect(new Set(items.map(({ url }) => url?.S)).size).toBe(rows);
  }, 60_000);

  it('says in words what it did, names what it left, and ends with 1 then', async () => {
    await using other = await openWorld(firstEngine(), { layout: 'versioned' });
    await using cache = await makeCache();
    const env = {
      ...{ DYNAMODB_TABLE_CRAWL_RESULTS: other.table.name, DYNAMODB_ENDPOINT: other.endpoint ?? '' },
      CRAWL4_AI_BASE_DIRECTORY: cache.base,
    };
    for (const path of ['a', 'b']) {
      const url = `https://example.com/${path}`;
      cache.insert({ url, html: '<p>', success: 1, cached_at: 1 });
      await other.put({ url, html: '<p>', success: true, created_at: '2026-01-01T00:00:00+00:00' });
    }
    cache.insert({ url: 'https://example.com/gone?token=s3cret', html: 'aaaaaaaaaaaaaaaa', success: 1, cached_at: 1 });
    await using process = start([], env);
    expect(await process.ended).toEqual({ code: 1, signal: null });
    expect(process.stderr()).toBe(
      'https://example.com/gone?…: html is kept in a file that is gone, html_content/aaaaaaaaaaaaaaaa\n',
    );
    expect(process.stdout()).toContain(`${other.table.name}: 3 rows, 0 imported, 2 kept as stored`);
    expect(process.stdout()).toMatch(/^1 rows were left out, .*gone.*; --partial imports the rest of them\.$/m);
    await using partial = start(['--from', cache.base, '--partial'], env);
    expect(await partial.ended).toEqual({ code: 1, signal: null });
    expect(partial.stdout()).toContain(`${other.table.name}: 3 rows, 1 imported, 2 kept as stored`);
    expect(partial.stdout()).toMatch(/^1 rows have a field that cannot be read .*; the rest of them was imported/m);
    expect(process.stdout()).toContain('This cache never had: status_code');

    // Nobody reads what it names, as after `2>&1 | head`: it is an import all the same.
    await using unread = start(['--json'], env);
    unread.child.stderr?.destroy();
    expect(await unread.ended).toEqual({ code: 1, signal: null });
    expect(JSON.parse(unread.stdout())).toMatchObject({ rows: 3, broken: 1 });
  }, 60_000);

  it('refuses what it cannot work with, and touches nothing', async () => {
    await using nowhere = start(['--from', join(folder, 'nowhere')]);
    expect(await nowhere.ended).toEqual({ code: 2, signal: null });
    expect(nowhere.stderr()).toContain('There is no SQLite database at');
    await using wrong = start(['--from', cache.base, '--ttl-days', '1e9']);
    expect(await wrong.ended).toEqual({ code: 2, signal: null });
    await using missing = start(['--from', cache.base], { DYNAMODB_TABLE_CRAWL_RESULTS: 'none-such' });
    expect(await missing.ended).toEqual({ code: 1, signal: null });
    expect(missing.stderr()).toContain('`crawlgate provision` makes one');
  }, 60_000);
});
