// The short way for what nearly every request is: JSON in, one JSON answer out, past yoga's adapter but not its pipeline.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult, GraphQLError } from 'graphql';
import type { GraphQLParams } from 'graphql-yoga';
import type { Caller } from '../domain/caller.js';
import type { SpliceText } from '../graphql/context.js';
import type { MaskError } from '../graphql/error-policy.js';
import { isSingle } from '../graphql/single-result.js';
import type { GatewayYoga } from '../graphql/yoga.js';
import type { HandleGraphql } from './graphql-route.js';
import { handToYoga } from './hand-to-yoga.js';
import { type JsonMediaType, jsonTypeFor } from './json-accept.js';
import { paramsOf } from './json-body.js';
import { createLaneRequest } from './lane-request.js';
import { regularAnswer } from './regular-answer.js';
import { createSegments, type Segments } from './segments.js';
import { sendAnswer } from './wire.js';

/** What the lane needs. */
export interface DirectLaneDeps {
  readonly yoga: GatewayYoga;
  /** The one that yoga has. */
  readonly maskError: MaskError;
}

/** One request on the lane. */
interface Lane {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly mediaType: JsonMediaType;
  readonly caller: Caller;
  /** Null until a text is spliced in. */
  segments: Segments | null;
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
 *
 * What memory answers is answered at once, without a promise.
 */
export function createDirectLane({ yoga, maskError }: DirectLaneDeps): HandleGraphql {
  return (request, response, admitted) => {
    const { 'content-type': contentType, accept } = request.headers;
    const { body, caller } = admitted;
    const mediaType = body !== null && isJson(contentType) ? jsonTypeFor(accept) : null;
    if (body === null || mediaType === null) return handToYoga(yoga, request, response, admitted);
    return answer({ request, response, mediaType, caller, segments: null }, body);
  };

  function answer(lane: Lane, body: string): Promise<void> | undefined {
    let result: ExecutionResult | Promise<ExecutionResult>;
    try {
      result = run(lane, body);
    } catch (error) {
      result = { errors: maskAll(error) };
    }
    if (!(result instanceof Promise)) return end(lane, result);
    return result.then(
      (late) => end(lane, late),
      (error: unknown) => end(lane, { errors: maskAll(error) }),
    );
  }

  function end(lane: Lane, result: ExecutionResult): Promise<void> | undefined {
    if (!('data' in result)) yoga.tellRefused(result, lane.request.headers);
    return send(lane, result);
  }

  function run(lane: Lane, body: string): ExecutionResult | Promise<ExecutionResult> {
    const splice: SpliceText = (packed) => {
      lane.segments ??= createSegments();
      return lane.segments.splice(packed);
    };
    // The pipeline and the gateway's plugins ask a request for no more than its method and signal.
    const request = createLaneRequest(lane.response) as unknown as Request;
    const params = paramsOf(body);
    const known = yoga.known.run({
      params,
      request,
      initial: { splice, req: lane.request, caller: lane.caller, request },
    });
    return known ?? runWhole(params, request, { splice, req: lane.request, caller: lane.caller });
  }

  async function runWhole(params: GraphQLParams, request: Request, initial: LaneContext): Promise<ExecutionResult> {
    const result = await yoga.getResultForParams({ params, request }, initial);
    if (result === undefined || !isSingle(result)) throw new Error('an operation has no single result');
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

function send({ request, response, mediaType, segments }: Lane, result: ExecutionResult): Promise<void> | undefined {
  if (response.destroyed) return undefined;
  return sendAnswer(request, response, regularAnswer(result, mediaType), segments);
}

/** As yoga reads it; other spellings of the same are its to judge. */
function isJson(contentType: string | undefined): boolean {
  if (contentType === 'application/json') return true;
  const first = contentType?.split(',')[0];
  return first === 'application/json' || first?.startsWith('application/json;') === true;
}
