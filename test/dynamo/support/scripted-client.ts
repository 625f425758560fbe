// A stand-in for the SDK's client that answers BatchGetItem as it is told and remembers what it was asked.
import type { BatchGetItemCommandInput, BatchGetItemCommandOutput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Item } from '../../../src/dynamo/table.js';

/** What the SDK would resolve to, without its metadata. */
export type Answer = Omit<BatchGetItemCommandOutput, '$metadata'>;

/** Answers the n-th call (from 0), or throws. */
export type Script = (input: BatchGetItemCommandInput, call: number, signal: AbortSignal) => Answer | Promise<Answer>;

export interface ScriptedClient {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly inputs: readonly BatchGetItemCommandInput[];
}

export function scriptedClient(script: Script): ScriptedClient {
  const inputs: BatchGetItemCommandInput[] = [];
  const send = async (
    command: { readonly input: BatchGetItemCommandInput },
    options: { readonly abortSignal: AbortSignal },
  ): Promise<BatchGetItemCommandOutput> => {
    inputs.push(command.input);
    return { $metadata: {}, ...(await script(command.input, inputs.length - 1, options.abortSignal)) };
  };
  return { client: { send: send as unknown as DynamoDBClient['send'] }, inputs };
}

/** The keys that a call asked of `table`. */
export function keysOf(input: BatchGetItemCommandInput, table: string): readonly Item[] {
  return input.RequestItems?.[table]?.Keys ?? [];
}

/** An exception as the SDK throws it. */
export function sdkError(name: string, status: number, metadata: object = {}): Error {
  return Object.assign(new Error(`${name} of a test`), { name, $metadata: { httpStatusCode: status, ...metadata } });
}
