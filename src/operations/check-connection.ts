// Whether DynamoDB can be reached: credentials, an answer, how long it takes, and what its clock says.
import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { nameOf } from '../dynamo/provision/control-plane.js';
import { judgeFailure } from '../dynamo/store-error.js';
import { healthKeys } from '../dynamo/table.js';
import { type Finding, fine } from './finding.js';

/** What is asked, and of whom. */
export interface ConnectionDeps {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Finds the access key. Its secret is never shown. */
export async function checkCredentials(client: DynamoDBClient): Promise<Finding> {
  try {
    const { accessKeyId, expiration } = await client.config.credentials();
    const until = expiration === undefined ? '' : `, valid until ${expiration.toISOString()}`;
    return fine('credentials', `access key …${accessKeyId.slice(-4)}${until}`);
  } catch (thrown) {
    return {
      check: 'credentials',
      level: 'problem',
      found: `none: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      advice: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give this machine a role.',
    };
  }
}

/** Calls timed after a first one, which opens the connection. */
const timedCalls = 5;
/** AWS refuses signatures that are five minutes off: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html */
const refusedSkewSeconds = 300;
const noticeableSkewSeconds = 5;
/** Of an answer on a warm connection; within a region it takes less than 10. */
const slowMs = 50;
/** Beyond this a request for many keys does not fit its deadline. */
const tooSlowMs = 1000;

/** Any answer will do, a refusal too: it was DynamoDB's. */
export async function checkConnection(deps: ConnectionDeps): Promise<readonly Finding[]> {
  const { client, table, signal, now } = deps;
  let date: string | undefined;
  client.middlewareStack.add(
    (next) => async (given) => {
      const output = await next(given);
      const { response } = output as { response?: { headers?: Record<string, string> } };
      date = response?.headers?.date ?? date;
      return output;
    },
    // Before the answer is read: one that refuses throws there.
    { step: 'deserialize', priority: 'low', name: 'doctorReadsDate', override: true },
  );
  let key = healthKeys.document;
  const times: number[] = [];
  let skewSeconds: number | null = null;
  try {
    for (let call = 0; call <= timedCalls; call += 1) {
      const started = now();
      try {
        await client.send(new GetItemCommand({ TableName: table, Key: key }), { abortSignal: signal });
      } catch (thrown) {
        const { error, isOutage } = judgeFailure(thrown, 'GetItem');
        if (signal.aborted) throw error;
        if (isOutage) return [unreachable(error.message, error.cause)];
        // The table has the other keys: a refusal is answered sooner than a question.
        if (nameOf(thrown) === 'ValidationException') key = healthKeys.versioned;
      }
      const ended = now();
      if (call > 0) times.push(ended - started);
      if (date !== undefined) skewSeconds = (Date.parse(date) - (started + ended) / 2) / 1000;
    }
  } finally {
    client.middlewareStack.remove('doctorReadsDate');
  }
  return [latency(times), clock(skewSeconds)];
}

function unreachable(message: string, cause: unknown): Finding {
  const why = cause instanceof Error ? ` ${cause.message}` : '';
  return {
    check: 'connection',
    level: 'problem',
    found: `${message}${why}`,
    advice: 'Check DYNAMODB_ENDPOINT and AWS_REGION, the network and its proxies, and whether DynamoDB is up.',
  };
}

function latency(times: readonly number[]): Finding {
  const sorted = [...times].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const found = `${median.toFixed(1)} ms an answer (median of ${times.length}, ${(sorted[0] ?? 0).toFixed(1)} to ${(sorted.at(-1) ?? 0).toFixed(1)})`;
  if (median <= slowMs) return fine('latency', found);
  return {
    check: 'latency',
    level: median > tooSlowMs ? 'warning' : 'note',
    found,
    advice: 'Run the gateway in the region of its table, or raise CRAWLGATE_MEMORY_FRESH_SECONDS to ask less.',
  };
}

/** The header has whole seconds: half a second either way is nothing. */
function clock(skewSeconds: number | null): Finding {
  if (skewSeconds === null) {
    return { check: 'clock', level: 'note', found: 'the answers have no Date header', advice: null };
  }
  const found = `${Math.abs(skewSeconds).toFixed(1)} s ${skewSeconds >= 0 ? 'behind' : 'ahead of'} DynamoDB's`;
  const size = Math.abs(skewSeconds);
  if (size <= noticeableSkewSeconds) return fine('clock', found);
  return {
    check: 'clock',
    level: size >= refusedSkewSeconds ? 'problem' : 'warning',
    found,
    advice: 'Set the clock, by NTP: results expire by it, and AWS refuses calls that are five minutes off.',
  };
}
