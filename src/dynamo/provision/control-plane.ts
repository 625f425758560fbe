// Sends the calls that make and describe tables: a throttled or too early one again, with patience, until nobody waits.
import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { fullJitterDelay } from '../backoff.js';
import { judgeFailure } from '../store-error.js';

/** What the calls need. */
export interface ControlDeps {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly signal: AbortSignal;
  /** 0 up to 1. */
  readonly random?: () => number;
  /** Waits so many milliseconds, or rejects when the signal aborts. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds between two looks at a table that is being changed; grows to eight times that. */
  readonly pollMs?: number;
}

/** The way to the control plane of one DynamoDB. */
export interface Control {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly signal: AbortSignal;
  readonly pollMs: number;
  readonly wait: (ms: number) => Promise<void>;
  /**
   * Sends until it is answered. Rejects with what the SDK threw, where asking again cannot help or did not in twelve
   * tries, four where nobody answers. `early`: names of exceptions that say "not yet", to be asked again too.
   */
  call<Output>(
    operation: string,
    send: (options: { abortSignal: AbortSignal }) => Promise<Output>,
    early?: readonly string[],
  ): Promise<Output>;
}

/** With delays of up to 5 s, half a minute on average: control plane limits are counted by the second. */
const maxTries = 12;
/** Where nobody answers, whoever waits should hear of it soon. */
const outageTries = 4;
const baseMs = 250;

/** Exceptions of DynamoDB that say that the table is busy with an earlier change. */
export const busy = ['ResourceInUseException', 'LimitExceededException'] as const;

/** Makes it. */
export function createControl(deps: ControlDeps): Control {
  const { client, signal, random = Math.random, wait = defaultWait, pollMs = 250 } = deps;
  return {
    client,
    signal,
    pollMs,
    wait: (ms) => wait(ms, signal),
    async call(operation, send, early = []) {
      for (let attempt = 0; ; attempt += 1) {
        try {
          return await send({ abortSignal: signal });
        } catch (thrown) {
          const { retry, isOutage } = judgeFailure(thrown, operation);
          const mayPass = retry === 'yes' || early.includes(nameOf(thrown));
          const tries = isOutage ? outageTries : maxTries;
          if (!mayPass || signal.aborted || attempt + 1 >= tries) throw thrown;
          await wait(fullJitterDelay(attempt, baseMs, random()), signal);
        }
      }
    },
  };
}

/** The exception's name, by which DynamoDB says what was wrong. */
export function nameOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : '';
}

/** Whether DynamoDB, or what stands in for it, does not have the operation at all. */
export function isUnsupported(thrown: unknown): boolean {
  return nameOf(thrown) === 'UnknownOperationException';
}

async function defaultWait(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal });
}
