// Status, headers and JSON of an operation's result, by yoga's own rules and without its Response.
import type { ExecutionResult } from 'graphql';
import { type FetchAPI, processRegularResult } from 'graphql-yoga';
import { PreparedData } from '../graphql/prepared-data.js';
import type { JsonMediaType } from './json-accept.js';

/** One answer before it has bytes. */
export interface RegularAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: string;
}

const headersOfType: Readonly<Record<JsonMediaType, Readonly<Record<string, string>>>> = {
  'application/json': { 'Content-Type': 'application/json; charset=utf-8' },
  'application/graphql-response+json': { 'Content-Type': 'application/graphql-response+json; charset=utf-8' },
};

/** The answer in the type that was asked for. What an error says about the status and headers is heeded and not sent. */
export function regularAnswer(result: ExecutionResult, mediaType: JsonMediaType): RegularAnswer {
  // The rules are all about errors and notes for the HTTP layer.
  if (result.errors === undefined && result.extensions?.http === undefined) {
    const { data, extensions } = result;
    const isReady = data instanceof PreparedData && extensions === undefined;
    const json = isReady ? `{"data":${data.json}}` : JSON.stringify(result);
    return { status: 200, headers: headersOfType[mediaType], json };
  }
  const { body, init } = processRegularResult(
    result,
    { Response: Kept } as unknown as FetchAPI,
    mediaType,
  ) as unknown as Kept;
  return { status: init.status, headers: init.headers, json: body };
}

/** In the place of fetch's Response: keeps what it was made of. */
class Kept {
  readonly body: string;
  readonly init: { readonly status: number; readonly headers: Readonly<Record<string, string>> };

  constructor(body: string, init: Kept['init']) {
    this.body = body;
    this.init = init;
  }
}
