// SIGHUP, sent to a gateway that runs: its files are read anew, and without any it lives on.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startFakeDynamo } from '../support/fake-dynamo.js';
import { portOf, runGateway } from '../support/gateway-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { ask } from './two-lanes.js';

const lineOf = (key: string): string => `${key}:read:${createHash('sha256').update(key).digest('hex')}\n`;

// Several Nodes come up on a machine that has other things to do.
describe.each(['1', '2'])('SIGHUP, of %s processes', { timeout: 120_000 }, (workers) => {
  it('changes the keys: the old one is answered 401, the new one 200', async () => {
    await using folder = await temporaryFolder();
    await using store = await startFakeDynamo({});
    const file = join(folder.path, 'keys');
    await writeFile(file, lineOf('old'));
    await using gateway = runGateway({
      CRAWLGATE_PORT: '0',
      CRAWLGATE_WORKERS: workers,
      CRAWLGATE_API_KEYS_FILE: file,
      DYNAMODB_ENDPOINT: store.endpoint,
    });
    const port = await portOf(gateway);
    const statusOf = async (key: string): Promise<number> =>
      (await ask({ port, lane: 'direct lane', body: { query: '{ __typename }' }, key })).status;
    expect([await statusOf('old'), await statusOf('new')]).toEqual([200, 401]);

    await writeFile(file, lineOf('new'));
    gateway.child.kill('SIGHUP');
    await gateway.waitFor(new RegExp(`(Read anew: 1 keys[^]*){${workers}}`));
    // Connections go round the workers.
    for (let asked = 0; asked < 4; asked += 1) {
      expect([await statusOf('old'), await statusOf('new')]).toEqual([401, 200]);
    }
  });

  it('is answered with a notice where there is no file, whenever it comes', async () => {
    await using store = await startFakeDynamo({});
    await using gateway = runGateway({
      CRAWLGATE_PORT: '0',
      CRAWLGATE_WORKERS: workers,
      DYNAMODB_ENDPOINT: store.endpoint,
    });
    const port = await portOf(gateway);
    gateway.child.kill('SIGHUP');
    await gateway.waitFor(new RegExp(`(There is no file[^]*){${workers}}`));
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
    gateway.child.kill('SIGTERM');
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
  });
});
