// `crawlgate backfill` as a shell sees it: what it says, how it ends, and that a kill costs nothing.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Item } from '../../src/dynamo/table.js';
import { engines } from '../conformance/engines.js';
import { openWorld, type World } from '../conformance/world.js';
import { runGateway } from '../support/gateway-process.js';
import { isPlace, killAtFirstPlace } from './commands.js';

const [engine] = engines;

function open(): Promise<World> {
  if (engine === undefined) throw new Error('there is no engine');
  return openWorld(engine, { layout: 'document' });
}

const pythonItem = (index: number): Item => ({
  url: { S: `https://p.example/${index}` },
  success: { BOOL: true },
  html: { S: '<p>' },
  created_at: { S: '2026-11-20T10:00:00' },
});

describe('crawlgate backfill', () => {
  let world: World;
  let folder: string;
  beforeAll(async () => {
    world = await open();
    folder = await mkdtemp(join(tmpdir(), 'crawlgate-backfill-'));
    for (let start = 0; start < 450; start += 25) {
      const puts = Array.from({ length: 25 }, (_, index) => ({ PutRequest: { Item: pythonItem(start + index) } }));
      await world.client.send(new BatchWriteItemCommand({ RequestItems: { [world.table.name]: puts } }));
    }
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const start = (args: readonly string[], { endpoint, table }: Pick<World, 'endpoint' | 'table'> = world) =>
    runGateway(
      {
        DYNAMODB_ENDPOINT: endpoint ?? '',
        DYNAMODB_TABLE_CRAWL_RESULTS: table.name,
        CRAWLGATE_DATA_DIR: folder,
      },
      { args: ['backfill', ...args] },
    );

  it('goes on after a kill, completes every item and forgets where it was', async () => {
    const place = await killAtFirstPlace(folder, () => start(['--rate', '0']));
    await using resumed = start(['--rate', '0', '--json']);
    expect(await resumed.ended).toEqual({ code: 0, signal: null });
    expect(resumed.stderr()).toMatch(/^Going on after \d+ items; --restart begins anew\.\n$/);
    expect(JSON.parse(resumed.stdout())).toMatchObject({
      ...{ table: world.table.name, layout: 'document', scanned: 450, heads: 0, untimed: 0, failed: 0 },
      ...{ problems: [], missingIndexes: [] },
    });
    const items = await world.items();
    expect(items.filter(({ feed_day, order, site, surt }) => feed_day && order && site && surt)).toHaveLength(450);
    expect((await readdir(folder)).filter(isPlace)).toEqual([]);

    // In a table that was made again, perhaps with other keys, the place is nowhere; what no version wrote is none.
    const state = JSON.parse(place.text);
    expect(state.identity).toMatch(/^document ./);
    const other = { ...state, identity: 'versioned ', next: { pk: { S: 'URL#a' }, sk: { S: 'LATEST' } } };
    await writeFile(place.path, JSON.stringify(other));
    await using anew = start(['--rate', '0', '--json']);
    expect(await anew.ended).toEqual({ code: 0, signal: null });
    expect(anew.stderr()).toBe('Beginning anew: the table is not the one of the earlier run.\n');
    expect(JSON.parse(anew.stdout())).toMatchObject({ scanned: 450, completed: 0 });
    await writeFile(place.path, '{"next":');
    await using unread = start(['--rate', '0', '--json']);
    expect(await unread.ended).toEqual({ code: 0, signal: null });
    expect(JSON.parse(unread.stdout())).toMatchObject({ scanned: 450 });
    // Four processes one after the other, a second of CPU each.
  }, 90_000);

  it('says in words what it did, and ends with 1 where something was left', async () => {
    await using other = await open();
    await other.putItem(pythonItem(0));
    await other.putItem({ ...pythonItem(0), url: { S: 'not a url' } });
    await using process = start(['--rate', '0'], other);
    expect(await process.ended).toEqual({ code: 1, signal: null });
    expect(process.stderr()).toBe('not a url: The URL is not an absolute URL.\n');
    expect(process.stdout()).toBe(
      `${other.table.name}: 2 items looked at, 1 given what the indexes need, 0 heads made.\n` +
        '1 were left as they are; each is named above.\n',
    );
  });

  it('refuses a rate that is none, and a table that is not there', async () => {
    await using wrong = start(['--rate', 'fast']);
    expect(await wrong.ended).toEqual({ code: 2, signal: null });
    expect(wrong.stderr()).toMatch(/^--rate: /);
    await using missing = runGateway(
      { DYNAMODB_ENDPOINT: world.endpoint ?? '', DYNAMODB_TABLE_CRAWL_RESULTS: 'nowhere', CRAWLGATE_DATA_DIR: folder },
      { args: ['backfill'] },
    );
    expect(await missing.ended).toEqual({ code: 1, signal: null });
    expect(missing.stderr()).toMatch(/^There is no table nowhere in DynamoDB at http/);
  });
});
