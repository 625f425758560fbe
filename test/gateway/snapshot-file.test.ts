// CRAWLGATE_MEMORY_SNAPSHOT names a file; what is there and none keeps the gateway from starting.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startGateway } from '../support/gateway.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crawlgate-snapshot-file-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('refuses to start where a folder stands in its place, and leaves that alone', async () => {
  await expect(startGateway({ CRAWLGATE_MEMORY_SNAPSHOT: folder })).rejects.toMatchObject({
    message: `CRAWLGATE_MEMORY_SNAPSHOT: ${folder} must be a file, but is a folder`,
  });
  const name = basename(folder);
  expect((await readdir(dirname(folder))).filter((each) => each.startsWith(name))).toEqual([name]);
});
