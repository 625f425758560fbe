// The gateway behind Lambda: one gateway an execution environment, on loopback, and each event handed to it over HTTP, so
// that every rule of the HTTP layer holds here too.
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type Config, readConfig } from '../config.js';
import { createGateway, type Gateway } from '../gateway.js';
import type { LogOutput } from '../observability/log.js';
import { type HttpAnswer, headOf, wholeAnswer } from './http-answer.js';
import { isHttpEvent, requestOf } from './http-event.js';

/** What Lambda's runtime for Node has as the global `awslambda`. https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html */
export interface LambdaStreaming {
  readonly HttpResponseStream: {
    from(stream: NodeJS.WritableStream, metadata: object): NodeJS.WritableStream;
  };
}

/** What answers events. */
export interface EventHandler {
  /** For an HTTP API, or a function URL that buffers. */
  answer(event: unknown): Promise<HttpAnswer>;
  /** For a function URL whose invoke mode is RESPONSE_STREAM. */
  stream(event: unknown, output: NodeJS.WritableStream, streaming: LambdaStreaming): Promise<void>;
  /** Ends the gateway; Lambda never does. */
  close(): Promise<void>;
}

/**
 * Starts the gateway at once, in Lambda's init phase, and answers when it is there. A configuration that cannot be had
 * rejects the event with all its problems, which is what Lambda logs; the next event tries again.
 */
export function createEventHandler(deps: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly output: LogOutput;
}): EventHandler {
  const start = async (): Promise<Gateway> => createGateway(lambdaConfig(deps.env), { output: deps.output });
  let starting: Promise<Gateway> | null = start();
  // Told by the first event.
  starting.catch(() => undefined);

  async function started(): Promise<Gateway> {
    starting ??= start();
    const mine = starting;
    try {
      return await mine;
    } catch (error) {
      if (starting === mine) starting = null;
      throw error;
    }
  }

  async function ask(event: unknown): Promise<IncomingMessage> {
    if (!isHttpEvent(event)) {
      throw new Error('crawlgate takes events of payload format 2.0: an HTTP API or a function URL');
    }
    const gateway = await started();
    return send(gateway, requestOf(event));
  }

  return {
    answer: async (event) => wholeAnswer(await ask(event)),
    async stream(event, output, streaming) {
      const response = await ask(event);
      await pipeline(withFirstChunk(response), streaming.HttpResponseStream.from(output, headOf(response)));
    },
    async close() {
      const gateway = await starting?.catch(() => null);
      await gateway?.close();
    },
  };
}

/** Lambda sends status and headers with the first chunk: an answer without a body has an empty one. */
async function* withFirstChunk(response: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield Buffer.alloc(0);
  yield* response;
}

/** A free port of loopback, and yet the rules of an open address: whoever can call the function can call the gateway. */
function lambdaConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const open = { ...env, PORT: undefined, CRAWLGATE_PORT: '0', CRAWLGATE_SAMPLES: '0', NODE_ENV: 'production' };
  const asked = readConfig({ ...open, CRAWLGATE_HOST: '0.0.0.0' });
  if (!asked.ok) throw new Error(asked.problems.join('\n'));
  const read = readConfig({ ...open, CRAWLGATE_HOST: '127.0.0.1' });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  return read.config;
}

function send(
  gateway: Gateway,
  { method, target, headers, body }: ReturnType<typeof requestOf>,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { port } = gateway.address;
    // No connection is kept: the environment may be frozen for minutes between two events.
    const request = httpRequest({ host: '127.0.0.1', port, method, path: target, agent: false }, resolve);
    for (const [name, value] of Object.entries(headers)) request.setHeader(name, value);
    request.setHeader('content-length', body.length);
    request.on('error', reject).end(body);
  });
}
