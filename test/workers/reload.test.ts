// SIGHUP while a worker starts: the order comes after its files were read, and before it can do anything about it.
import { expect, it } from 'vitest';
import { reload, serveAsWorker } from '../../src/cli/serve-worker.js';
import type { ToWorker } from '../../src/workers/messages.js';
import { startFakeDynamo } from '../support/fake-dynamo.js';
import { testConfig } from '../support/gateway.js';

it('is not missed', async () => {
  await using store = await startFakeDynamo({});
  const config = testConfig('', { CRAWLGATE_WORKERS: '2', DYNAMODB_ENDPOINT: store.endpoint });
  const listeners: ((message: ToWorker) => void)[] = [];
  const tell = (message: ToWorker): void => {
    setImmediate(() => {
      for (const listener of listeners) listener(message);
    });
  };
  const lines: string[] = [];
  await serveAsWorker(
    config,
    {
      onMessage: (listener) => listeners.push(listener),
      send: (message) => {
        if (message.kind === 'hears') tell({ kind: 'start', process: 12, place: 2, port: 0, engine: null });
        if (message.kind === 'joins') {
          tell({ kind: 'question', id: 1, topic: reload.name, question: null, from: 0, must: false });
        }
        if (message.kind === 'reached') tell({ kind: 'goOn', phase: message.phase });
        if (message.kind === 'serving') tell({ kind: 'stop' });
      },
      close: () => undefined,
    },
    { output: { write: (line) => lines.push(line) }, warmUpAfterMs: 60_000 },
  );
  expect(lines.filter((line) => line.includes('There is no file'))).toHaveLength(1);
});
