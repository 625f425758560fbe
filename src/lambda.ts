// AWS Lambda's entry: `dist/lambda.handler` for an HTTP API, `dist/lambda.streamingHandler` for a function URL that streams.
import { createEventHandler, type LambdaStreaming } from './lambda/event-handler.js';

/** Lambda's runtime for Node has all of it; the AWS SDK makes an empty one elsewhere. */
interface LambdaRuntime extends LambdaStreaming {
  streamifyResponse?(
    handler: (event: unknown, output: NodeJS.WritableStream) => Promise<void>,
  ): (event: unknown, ...rest: unknown[]) => Promise<void>;
}

const runtime = (globalThis as { readonly awslambda?: LambdaRuntime }).awslambda;
const events = createEventHandler({ env: process.env, output: process.stdout });

/** Answers an event whole, up to 6 MB. */
export const handler = events.answer;

/** Answers an event as a stream, of any size; undefined where the runtime has no streaming. */
export const streamingHandler = runtime?.streamifyResponse?.((event, output) => events.stream(event, output, runtime));
