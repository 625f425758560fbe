// Stands between a client and the gateway: notes each request, passes it on, or refuses it.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One GraphQL request that came by. */
export interface Recorded {
  /** The operation's name. */
  readonly operation: string;
  /** How many URLs it asked for. */
  readonly urls: number;
  readonly authorization: string | null;
}

/** A running recorder. Disposing ends it. */
export interface Recorder extends AsyncDisposable {
  readonly url: string;
  readonly requests: Recorded[];
  /** Answers everything with this status from now on; null passes on again. */
  refuse(status: number | null): void;
}

/** Starts it on a free port, before the GraphQL endpoint `target`. */
export async function startRecorder(target: string): Promise<Recorder> {
  const requests: Recorded[] = [];
  let refusal: number | null = null;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { query, variables } = JSON.parse(body.toString());
    requests.push({
      operation: /\w+ (\w+)/.exec(query)?.[1] ?? '',
      urls: variables?.urls?.length ?? 0,
      authorization: request.headers.authorization ?? null,
    });
    if (refusal !== null) {
      response.writeHead(refusal).end();
      return;
    }
    const answer = await fetch(target, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    requests,
    refuse: (status) => {
      refusal = status;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
