// Starts the whole gateway as `serve` does, on free ports over an embedded table in a folder of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, readConfig } from '../../src/config.js';
import { createGateway, type Gateway } from '../../src/gateway.js';
import { type Events, silentEvents } from '../../src/observability/events.js';

type StoreCall = Parameters<Events['storeCall']>[0];

/** A running gateway and what it did. */
export interface StartedGateway extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly port: number;
  /** The GraphQL endpoint. */
  readonly url: string;
  /** Every call of the store since the start, in order. */
  readonly calls: StoreCall[];
  readonly notices: string[];
  /** Log lines, parsed. */
  readonly log: Record<string, unknown>[];
  /** Answers `query` over HTTP: the parsed body. */
  ask(query: string, variables?: object): Promise<GraphqlBody>;
}

export interface GraphqlBody {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly unknown[];
    readonly extensions?: Record<string, unknown>;
  }[];
  readonly extensions?: Record<string, unknown>;
}

/** The configuration of a gateway for tests; `env` goes over its defaults. */
export function testConfig(dataDir: string, env: Readonly<Record<string, string>> = {}): Config {
  const read = readConfig({
    CRAWLGATE_PORT: '0',
    CRAWLGATE_EMBEDDED_PORT: '0',
    CRAWLGATE_DATA_DIR: dataDir,
    CRAWLGATE_SAMPLES: '0',
    ...env,
  });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  return read.config;
}

/** Starts it. With `dataDir` in `env` missing, its folder is removed at the end. */
export async function startGateway(env: Readonly<Record<string, string>> = {}): Promise<StartedGateway> {
  const ownFolder = env.CRAWLGATE_DATA_DIR === undefined ? await mkdtemp(join(tmpdir(), 'crawlgate-test-')) : null;
  const calls: StoreCall[] = [];
  const notices: string[] = [];
  const log: Record<string, unknown>[] = [];
  const removeFolder = async (): Promise<void> => {
    if (ownFolder !== null) await rm(ownFolder, { recursive: true, force: true });
  };
  const gateway = await createGateway(testConfig(ownFolder ?? '', env), {
    output: { write: (line) => log.push(JSON.parse(line)) },
    sinks: [
      {
        ...silentEvents,
        storeCall: (event) => calls.push(event),
        notice: ({ message }) => notices.push(message),
      },
    ],
  }).catch(async (error: unknown) => {
    await removeFolder();
    throw error;
  });
  const { port } = gateway.address;
  const url = `http://127.0.0.1:${port}/graphql`;
  return {
    gateway,
    port,
    url,
    calls,
    notices,
    log,
    ask: (query, variables) => askGraphql(url, query, variables),
    async [Symbol.asyncDispose]() {
      await gateway.close();
      await removeFolder();
    },
  };
}

/** Asks any GraphQL endpoint. */
export async function askGraphql(url: string, query: string, variables?: object): Promise<GraphqlBody> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}
