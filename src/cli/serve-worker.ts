// `serve` in a worker: its share of the gateway, until the primary process says that it is to end.
import type { Config } from '../config.js';
import { engineElsewhere } from '../gateway/start-engine.js';
import type { LogOutput } from '../observability/log.js';
import { createMember } from '../workers/member.js';
import type { ToWorker } from '../workers/messages.js';
import type { PrimaryChannel } from '../workers/processes.js';
import { shareOf } from '../workers/share.js';
import { topic } from '../workers/topic.js';
import { waitForReloads } from './reloading.js';
import { startProblem } from './start-problem.js';

/** Has every worker read its files anew. */
export const reload = topic<null, void>('reload');

/** Resolves when it is to end and has answered what was under way. */
export async function serveAsWorker(
  config: Config,
  channel: PrimaryChannel,
  deps: { readonly output: LogOutput; readonly warmUpAfterMs: number },
): Promise<void> {
  let member: ReturnType<typeof createMember> | null = null;
  const told = new Promise<Extract<ToWorker, { kind: 'start' }>>((resolve) => {
    channel.onMessage((message) => {
      if (message.kind === 'start') resolve(message);
      else member?.receive(message);
    });
  });
  const stopping = new Promise<void>((resolve) => {
    channel.onMessage((message) => {
      if (message.kind === 'stop') resolve();
    });
  });
  channel.send({ kind: 'hears' });
  // Loaded while the engine starts, and before this worker is asked anything: loading keeps it from answering.
  const { createGateway } = await import('../gateway.js');
  const { process, place, port, engine } = await told;
  const workers = createMember({ process, place, count: config.workers, send: channel.send });
  member = workers;
  // From before the files are read: one that comes while they are is not missed.
  const reloading = waitForReloads((run) => workers.answer(reload, run));
  channel.send({ kind: 'joins' });
  const share = shareOf({ ...config, listen: { ...config.listen, port } }, place, config.workers);
  try {
    const gateway = await createGateway(share, {
      output: deps.output,
      engine: Promise.resolve(engineElsewhere(engine)),
      workers,
    });
    const { address, reload: readAnew } = gateway;
    reloading.use(readAnew);
    channel.send({ kind: 'serving', facts: { address, layout: gateway.layout() } });
    const warmUp = setTimeout(() => void gateway.warmUp(), deps.warmUpAfterMs).unref();
    await stopping;
    clearTimeout(warmUp);
    await gateway.close();
  } catch (error) {
    const line = startProblem(error, config);
    channel.send({ kind: 'failed', line });
    if (line === null) throw error;
  } finally {
    channel.close();
  }
}
