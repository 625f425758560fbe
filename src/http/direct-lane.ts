// The short way for what nearly every request is: JSON in, one JSON answer out, past yoga's adapter but not its pipeline.
import type { IncomingMessage } from 'node:http';
import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Caller } from '../domain/caller.js';
import type { SpliceText } from '../graphql/context.js';
import type { MaskError } from '../graphql/error-policy.js';
import type { GatewayYoga } from '../graphql/yoga.js';
import type { HandleGraphql } from './graphql-route.js';
import { handToYoga } from './hand-to-yoga.js';
import { jsonTypeFor } from './json-accept.js';
import { paramsOf } from './json-body.js';
import { createLaneRequest, type LaneRequest } from './lane-request.js';
import { regularAnswer } from './regular-answer.js';
import { createSegments } from './segments.js';
import { sendAnswer } from './wire.js';

/** What the lane needs. */
export interface DirectLaneDeps {
  readonly yoga: GatewayYoga;
  /** The one that yoga has. */
  readonly maskError: MaskError;
}

/** What the lane gives an operation's context. */
interface LaneContext {
  readonly splice: SpliceText;
  /** What it asks for besides is in its headers. */
  readonly req: IncomingMessage;
  readonly caller: Caller;
}

/**
 * Makes a handler of GraphQL requests. No client can tell the lane from yoga itself, save that it may get gzip: every
 * plugin that works on parameters, parsing, validation, context and execution works here too. Plugins that work on yoga's
 * own Request and Response do not; the rules that the gateway has there are in http/ as well.
 */
export function createDirectLane({ yoga, maskError }: DirectLaneDeps): HandleGraphql {
  return async (request, response, admitted) => {
    const { 'content-type': contentType, accept } = request.headers;
    const { body } = admitted;
    const mediaType = body !== null && isJson(contentType) ? jsonTypeFor(accept) : null;
    if (body === null || mediaType === null) {
      await handToYoga(yoga, request, response, admitted);
      return;
    }
    const segments = createSegments();
    const client = createLaneRequest(response);
    let result: ExecutionResult;
    try {
      result = await run(body, client, { splice: segments.splice, req: request, caller: admitted.caller });
    } catch (error) {
      result = { errors: maskAll(error) };
    }
    if (response.destroyed) return;
    await sendAnswer(request, response, { ...regularAnswer(result, mediaType), segments });
  };

  async function run(body: string, client: LaneRequest, initial: LaneContext): Promise<ExecutionResult> {
    // The pipeline and the gateway's plugins ask a request for no more than its method and signal.
    const request = client as unknown as Request;
    const params = paramsOf(body);
    const known = yoga.known.run({ params, request, initial: { ...initial, request } });
    if (known !== null) return known;
    const result = await yoga.getResultForParams({ params, request }, { ...initial });
    // The schema has no subscription and no @stream: a result is always one.
    if (result === undefined || Symbol.asyncIterator in result) throw new Error('an operation has no single result');
    yoga.known.learn(params, result);
    return result;
  }

  /** As yoga has it: an error of several gives each of them, an aborted request nobody waits for gives none. */
  function maskAll(error: unknown): readonly GraphQLError[] {
    if (error instanceof AggregateError) return error.errors.flatMap(maskAll);
    const isAbort = error instanceof DOMException && (error.name === 'AbortError' || error.name === 'TimeoutError');
    return isAbort ? [] : [maskError(error)];
  }
}

/** As yoga reads it; other spellings of the same are its to judge. */
function isJson(contentType: string | undefined): boolean {
  const first = contentType?.split(',')[0];
  return first === 'application/json' || first?.startsWith('application/json;') === true;
}
