import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type EmbeddedEvent, type EmbeddedOptions, startEmbedded } from '../../src/dynamo/embedded.js';
import { EmbeddedStartError } from '../../src/embedded/start-error.js';

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'crawlgate-embedded-'));
});

afterEach(() => rm(dataDir, { recursive: true }));

function options(changed: Partial<EmbeddedOptions> = {}): EmbeddedOptions {
  return { dataDir, port: 0, portIsExplicit: true, tables: [], ...changed };
}

async function errorOf(starting: Promise<AsyncDisposable>): Promise<EmbeddedStartError> {
  const outcome = await starting.catch((error: unknown) => error);
  if (outcome instanceof EmbeddedStartError) return outcome;
  throw new Error(`Expected an EmbeddedStartError, not ${outcome}`);
}

/** A server of this process on a free port; ends with the block it is declared in. */
async function holdPort(listener: RequestListener): Promise<{ port: number } & AsyncDisposable> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    [Symbol.asyncDispose]: async () => {
      server.close().closeAllConnections();
      await once(server, 'close');
    },
  };
}

describe('a start that cannot succeed says which setting to change', () => {
  test('a port that was asked for and is taken', async () => {
    await using holder = await holdPort((_, response) => response.end('<html>'));
    const error = await errorOf(startEmbedded(options({ port: holder.port, waitMs: 100 })));
    expect(error.message).toMatch(/^CRAWLGATE_EMBEDDED_PORT: port \d+ of 127\.0\.0\.1 is taken\..*$/);
  });

  test('a port that a DynamoDB has', async () => {
    await using other = await startEmbedded(options({ dataDir: null }));
    const error = await errorOf(startEmbedded(options({ port: other.port, waitMs: 100 })));
    expect(error.message).toMatch(/^CRAWLGATE_EMBEDDED_PORT: .*$/);
    expect(error.message).toContain(`DYNAMODB_ENDPOINT=http://127.0.0.1:${other.port},`);
  });

  test('a folder that another gateway uses', async () => {
    await using other = await startEmbedded(options());
    const error = await errorOf(startEmbedded(options({ waitMs: 100 })));
    expect(error.message).toBe(
      `CRAWLGATE_DATA_DIR: ${other.folder} is in use by another gateway. Stop that one or choose another folder.`,
    );
  });

  test('a folder that cannot be written to', async () => {
    const file = join(dataDir, 'file');
    await writeFile(file, '');
    const error = await errorOf(startEmbedded(options({ dataDir: file })));
    expect(error.message).toMatch(/^CRAWLGATE_DATA_DIR: cannot write to .*file\/dynamodb \(ENOTDIR.*\)\.$/);
  });

  test.skipIf(process.getuid?.() === 0)(
    'a folder that belongs to somebody else (root may write anywhere)',
    async () => {
      await chmod(dataDir, 0o500);
      const error = await errorOf(startEmbedded(options()));
      expect(error.message).toMatch(/^CRAWLGATE_DATA_DIR: cannot write to .*\/dynamodb \(EACCES.*\)\.$/);
    },
  );

  test('a folder whose store is broken', async () => {
    await mkdir(join(dataDir, 'dynamodb', 'CURRENT'), { recursive: true });
    const error = await errorOf(startEmbedded(options()));
    expect(error.message).toMatch(/^CRAWLGATE_DATA_DIR: .*\/dynamodb.*$/);
  });
});

test('a port that nobody asked for and is taken is replaced by a free one, and said', async () => {
  await using holder = await holdPort((_, response) => response.end());
  const events: EmbeddedEvent[] = [];
  const onEvent = (event: EmbeddedEvent) => events.push(event);
  await using engine = await startEmbedded(options({ port: holder.port, portIsExplicit: false, onEvent }));
  expect(engine.port).not.toBe(holder.port);
  expect(events).toMatchObject([{ kind: 'listening', port: engine.port, portTaken: holder.port }]);
});
