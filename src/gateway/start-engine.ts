// Starts the embedded engine where the configuration wants one. Loads nothing else: it comes up while the rest is loaded.
import type { Config } from '../config.js';
import { startEmbedded } from '../dynamo/embedded.js';
import type { Events } from '../observability/events.js';
import { noticeOfEngine } from './engine-notices.js';

/** The embedded engine as the start lines describe it. */
export interface EngineFacts {
  /** For `DYNAMODB_ENDPOINT` of other programs on this machine. */
  readonly endpoint: string;
  /** Where its data lies; null: in memory. */
  readonly folder: string | null;
  /** The port that it was to have, where that one was taken. */
  readonly portTaken: number | null;
}

/** The engine of a gateway. Disposing ends it. */
export interface StartedEngine extends AsyncDisposable {
  /** Null where the store is another. */
  readonly facts: EngineFacts | null;
}

/** Throws an EmbeddedStartError where the engine cannot be started as configured. */
export async function startEngine(
  config: Pick<Config, 'store' | 'embedded' | 'tables'>,
  events: Pick<Events, 'notice'>,
): Promise<StartedEngine> {
  if (config.store.kind !== 'embedded') return engineElsewhere(null);
  let portTaken: number | null = null;
  const engine = await startEmbedded({
    dataDir: config.embedded.dataDir,
    port: config.embedded.port,
    portIsExplicit: config.embedded.portIsExplicit,
    tables: [config.tables.results, config.tables.sessions],
    onEvent: (event) => {
      if (event.kind === 'listening') portTaken = event.portTaken ?? portTaken;
      const notice = noticeOfEngine(event);
      if (notice !== null) events.notice(notice);
    },
  });
  const { endpoint, folder } = engine;
  return {
    facts: { endpoint, folder, portTaken },
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

/** An engine that somebody else starts and ends; null for none. */
export function engineElsewhere(facts: EngineFacts | null): StartedEngine {
  return { facts, [Symbol.asyncDispose]: () => Promise.resolve() };
}
