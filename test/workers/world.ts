// Gateways of several workers as processes of their own, and clients that each stay with one worker.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GraphqlBody } from '../support/gateway.js';
import { type GatewayProcess, portOf, runGateway } from '../support/gateway-process.js';

/** A client that keeps its connection, and with it its worker: connections go round. */
export interface Client extends Disposable {
  ask(query: string): Promise<GraphqlBody>;
}

/** A gateway of several workers. Disposing ends it by SIGTERM and removes its folder. */
export interface Gateway extends AsyncDisposable {
  readonly process: GatewayProcess;
  readonly port: number;
  connect(): Client;
}

/** Starts it over an embedded table in a folder of its own, unless `env` says otherwise. */
export async function startGateway(count: number, env: Readonly<Record<string, string>> = {}): Promise<Gateway> {
  const folder = await mkdtemp(join(tmpdir(), 'crawlgate-workers-'));
  const process = runGateway({
    CRAWLGATE_WORKERS: String(count),
    CRAWLGATE_PORT: '0',
    CRAWLGATE_EMBEDDED_PORT: '0',
    CRAWLGATE_DATA_DIR: folder,
    CRAWLGATE_SAMPLES: '0',
    CRAWLGATE_DEADLINE_MS: '60000',
    DYNAMODB_TTL_DAYS: '0',
    ...env,
  });
  const port = await portOf(process);
  return {
    process,
    port,
    connect: () => connect(port),
    async [Symbol.asyncDispose]() {
      process.child.kill('SIGTERM');
      await process.ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function connect(port: number): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    ask: (query) =>
      new Promise((resolve, reject) => {
        const asking = request(
          {
            port,
            host: '127.0.0.1',
            path: '/graphql',
            method: 'POST',
            agent,
            headers: { 'content-type': 'application/json' },
          },
          (response) => {
            const chunks: Buffer[] = [];
            response.on('data', (chunk: Buffer) => chunks.push(chunk));
            response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
            response.on('error', reject);
          },
        );
        asking.on('error', reject);
        // A connection that node:cluster was handing to a worker as that died is answered by nobody.
        asking.setTimeout(patienceMs, () => asking.destroy(new Error('not answered')));
        asking.end(JSON.stringify({ query }));
      }),
    [Symbol.dispose]: () => agent.destroy(),
  };
}

/** Longer than a write waits for a worker that hangs. */
const patienceMs = 15_000;

/** Processes of the workers. */
export function workersOf({ process }: Gateway): number[] {
  const lines = execFileSync('ps', ['--ppid', String(process.child.pid), '-o', 'pid=,args='], { encoding: 'utf8' });
  return lines
    .split('\n')
    .filter((line) => line.includes('main.js'))
    .map((line) => Number.parseInt(line, 10));
}

/** A page's URL. */
export const url = (name: string): string => `https://${name}.example/`;

/** The mutation that writes a version of a page: its title, and the later the higher. */
export function put(name: string, version: number): string {
  return `mutation { cacheCrawlResults(results: [{ url: "${url(name)}", success: true, metadata: { title: "${version}" },
    createdAt: "2026-11-02T00:00:00.${String(version).padStart(6, '0')}Z" }]) { stored error { code } } }`;
}

/** The query that reads it, and says whether from memory. */
export const read = (name: string): string => `{ crawlResult(url: "${url(name)}") { title cache { source } } }`;

/** Longer than a worker takes to answer /health, shorter than queries in flight may take. */
const handedOverMs = 2000;

/** Whether a connection comes about. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const agent = new Agent();
    const asking = request({ port, host: '127.0.0.1', path: '/health', agent }, (response) => {
      response.resume();
      response.on('end', () => resolve(true));
    });
    asking.on('error', () => resolve(false));
    // Handed over by node:cluster as the last worker stopped to listen: answered by nobody.
    asking.setTimeout(handedOverMs, () => asking.destroy());
    asking.end();
  });
}
