// A proxy between the SDK and an engine that has DynamoDB's bad days on demand, and counts what came by.
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Fault, faultyAnswer, type Wire } from './faults.js';

/** One call that came in. */
export interface SeenCall {
  readonly operation: string;
  /** Texts of the keys of a BatchGetItem; empty for any other operation. */
  readonly keys: readonly string[];
  /** What was done to it; null: it went through unharmed. */
  readonly fault: Fault['kind'] | null;
}

/** What becomes of the n-th call (from 0) since the plan was made; null: it goes through. */
export type Plan = (
  call: { readonly operation: string; readonly keys: readonly string[] },
  index: number,
) => Fault | null;

/** One that listens. */
export interface FaultProxy extends AsyncDisposable {
  readonly endpoint: string;
  /** Every call so far, in order. */
  readonly seen: SeenCall[];
  /** Calls that are held for good and never will be answered. */
  readonly held: () => number;
  plan(plan: Plan): void;
  /** From now on connections are refused, and those that are there are reset. */
  refuse(): Promise<void>;
  /** Listens again. */
  accept(): Promise<void>;
}

/** Nothing happens. */
export const unharmed: Plan = () => null;

/** Every call has this fault. */
export function always(fault: Fault): Plan {
  return () => fault;
}

/** The calls have these faults one after the other, and none after the last. */
export function script(...faults: readonly (Fault | null)[]): Plan {
  return (_, index) => faults[index] ?? null;
}

/** A share of the calls has one of the faults, drawn from a seed: the same calls in the same order each time. */
export function randomly(seed: number, share: number, faults: readonly Fault[]): Plan {
  const random = seededRandom(seed);
  return () => {
    const isFaulty = random() < share;
    const fault = faults[Math.floor(random() * faults.length)];
    return isFaulty ? (fault ?? null) : null;
  };
}

/** Mulberry32: numbers from 0 up to 1, the same for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Starts one before the engine at `target`. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port: targetPort } = new URL(target);
  const agent = new Agent({ keepAlive: true });
  const seen: SeenCall[] = [];
  const sockets = new Set<Socket>();
  let current: Plan = unharmed;
  let index = 0;
  let held = 0;
  let port = 0;

  const server = createServer((incoming, response) => {
    void readAll(incoming).then(
      (body) => answer(incoming, body, response),
      () => undefined,
    );
  });
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  });

  async function answer(incoming: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const operation = String(incoming.headers['x-amz-target']).split('.')[1] ?? '';
    const input: Record<string, unknown> = JSON.parse(body.toString());
    const keys = operation === 'BatchGetItem' ? keyTexts(input) : [];
    const fault = current({ operation, keys }, index);
    index += 1;
    seen.push({ operation, keys, fault: fault?.kind ?? null });
    const wire: Wire = {
      operation,
      input,
      response,
      forward: (changed) => forward(incoming, changed === undefined ? body : Buffer.from(JSON.stringify(changed))),
      hold: () => {
        held += 1;
      },
    };
    await faultyAnswer(fault, wire).catch(() => response.destroy());
  }

  function forward(incoming: IncomingMessage, body: Buffer): Promise<{ status: number; body: Buffer }> {
    return new Promise((resolve, reject) => {
      const headers = { ...incoming.headers, host: `${hostname}:${targetPort}`, 'content-length': String(body.length) };
      const sent = request({ hostname, port: targetPort, method: 'POST', path: '/', headers, agent }, (received) => {
        readAll(received).then((answered) => resolve({ status: received.statusCode ?? 0, body: answered }), reject);
      });
      sent.on('error', reject).end(body);
    });
  }

  const accept = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: '127.0.0.1', port }, () => {
        const address = server.address();
        port = typeof address === 'object' && address !== null ? address.port : 0;
        resolve();
      });
    });
  const refuse = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.resetAndDestroy();
    });

  await accept();
  return {
    endpoint: `http://127.0.0.1:${port}`,
    seen,
    held: () => held,
    plan(plan) {
      current = plan;
      index = 0;
    },
    accept,
    refuse,
    async [Symbol.asyncDispose]() {
      if (server.listening) await refuse();
      agent.destroy();
    },
  };
}

function readAll(stream: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => resolve(Buffer.concat(chunks))).on('error', reject);
  });
}

function keyTexts(input: Record<string, unknown>): readonly string[] {
  const [request] = Object.values(input.RequestItems as Record<string, { Keys: Record<string, { S: string }>[] }>);
  return (request?.Keys ?? []).map((key) =>
    Object.values(key)
      .map(({ S }) => S)
      .join('\u0000'),
  );
}
