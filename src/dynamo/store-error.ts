// What an exception of the SDK means: which code it is for a caller, and whether asking again can help.
import { CrawlgateError, type ErrorCode } from '../errors.js';

/** A judged exception. */
export interface StoreFailure {
  readonly error: CrawlgateError;
  /** Whether the same call may succeed a moment later; `refresh`: once, with credentials read anew. */
  readonly retry: 'yes' | 'no' | 'refresh';
  /** Whether it says that the store is down (timeout, 5xx, connection), which opens the circuit. */
  readonly isOutage: boolean;
  /** Whether it surely never reached the store: there was no connection. */
  readonly isUnsent: boolean;
  /** A few-valued word for logs and counters: the exception's name. */
  readonly reason: string;
}

type Codes = Extract<
  ErrorCode,
  | 'STORE_UNAVAILABLE'
  | 'STORE_THROTTLED'
  | 'STORE_FORBIDDEN'
  | 'STORE_MISCONFIGURED'
  | 'DEADLINE_EXCEEDED'
  | 'INTERNAL_SERVER_ERROR'
>;

// The SDK's own list for its retries, `THROTTLING_ERROR_CODES` of @smithy/core.
const throttles = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionInProgressException',
]);
const expired = new Set(['ExpiredTokenException', 'ExpiredToken', 'RequestExpired']);
const forbidden = new Set([
  'AccessDeniedException',
  'AccessDenied',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'IncompleteSignatureException',
  'MissingAuthenticationTokenException',
  'InvalidClientTokenId',
  'InvalidAccessKeyId',
  'NotAuthorized',
  'OptInRequired',
]);
const misconfigured = new Set([
  'ValidationException',
  'ResourceNotFoundException',
  'SerializationException',
  'UnknownOperationException',
  'ConditionalCheckFailedException',
]);

/** Nothing was sent. The SDK's own words name profiles and paths, which are not for every caller: the doctor has them. */
const noCredentials =
  'The gateway has no credentials for DynamoDB: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, ' +
  'or give its machine a role; crawlgate doctor says more.';

/** Judges whatever a `send` threw. `operation` is DynamoDB's name for the call. */
export function judgeFailure(thrown: unknown, operation: string): StoreFailure {
  const reason = thrown instanceof Error ? thrown.name : 'UnknownError';
  const status = statusOf(thrown);
  if (isUnread(thrown, status)) return silence();
  if (isOurs(thrown)) {
    return failure('INTERNAL_SERVER_ERROR', 'Unexpected error.', { retry: 'no', isOutage: false });
  }
  if (throttles.has(reason) || status === 429) {
    return failure('STORE_THROTTLED', 'DynamoDB is over its capacity.', { retry: 'yes', isOutage: false });
  }
  if (expired.has(reason)) {
    return failure('STORE_FORBIDDEN', 'The credentials for DynamoDB have expired.', {
      retry: 'refresh',
      isOutage: false,
    });
  }
  if (reason === 'CredentialsProviderError') {
    return failure('STORE_FORBIDDEN', noCredentials, { retry: 'no', isOutage: false });
  }
  if (forbidden.has(reason) || status === 401 || status === 403) {
    return failure('STORE_FORBIDDEN', `DynamoDB refused ${operation}: ${reason}.`, {
      // The SDK has just learnt the service's clock from this refusal; signed by that clock the call is accepted.
      retry: metadataOf(thrown)?.clockSkewCorrected === true ? 'yes' : 'no',
      isOutage: false,
    });
  }
  if (misconfigured.has(reason)) {
    const message = `DynamoDB does not accept ${operation} on this table: ${reason}.`;
    return failure('STORE_MISCONFIGURED', message, { retry: 'no', isOutage: false });
  }
  // Any other answer below 500 says that the request is wrong; the same request will be wrong again.
  if (status !== null && status >= 400 && status < 500 && status !== 408) {
    const message = `DynamoDB does not accept ${operation} on this table: ${reason}.`;
    return failure('STORE_MISCONFIGURED', message, { retry: 'no', isOutage: false });
  }
  return silence();

  function silence(): StoreFailure {
    return failure('STORE_UNAVAILABLE', 'DynamoDB did not answer.', { retry: 'yes', isOutage: true });
  }

  function failure(code: Codes, message: string, how: Pick<StoreFailure, 'retry' | 'isOutage'>): StoreFailure {
    const facts = code === 'STORE_FORBIDDEN' || code === 'STORE_MISCONFIGURED' ? { operation } : {};
    const error = new CrawlgateError(code, message, facts, { cause: thrown });
    return { error, reason, isUnsent: how.isOutage && isUnsent(thrown), ...how };
  }
}

/** The deadline passed, or nobody waits any more. `last` is what the store said until then, if it said anything. */
export function deadlineError(last: CrawlgateError | null): CrawlgateError {
  if (last !== null) return last;
  return new CrawlgateError('DEADLINE_EXCEEDED', 'DynamoDB did not answer before the deadline.', {});
}

/**
 * Whether an answer came that could not be read to its end as DynamoDB's protocol: it was cut, it stalled, or something
 * else answered. The SDK hangs the answer's status on such an error too, which then says nothing about the call; only a
 * page that refuses is a refusal all the same.
 */
function isUnread(thrown: unknown, status: number | null): boolean {
  if (typeof thrown !== 'object' || thrown === null || !hasResponse(thrown) || '$fault' in thrown) return false;
  return codeOf(thrown) !== null || (status !== 401 && status !== 403 && status !== 429);
}

/**
 * Whether it is a fault of this program: what JavaScript throws where code is wrong. Not so where the SDK was reading an
 * answer (it hangs that on the error) or a connection failed: fetch gives a TypeError for that, with the cause in it.
 */
function isOurs(thrown: unknown): boolean {
  const isFault = thrown instanceof TypeError || thrown instanceof RangeError || thrown instanceof ReferenceError;
  return isFault && !hasResponse(thrown) && codeOf(thrown.cause) === null;
}

/** What Node says where no connection came about, so that nothing can have been sent. */
const unconnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN']);

function isUnsent(thrown: unknown): boolean {
  const code = codeOf(thrown);
  if (code !== null) return unconnected.has(code);
  // Of the SDK's two time limits only the one of the answer has a code.
  return thrown instanceof Error && thrown.name === 'TimeoutError' && metadataOf(thrown) === null;
}

function hasResponse(thrown: object): boolean {
  return '$response' in thrown;
}

function codeOf(thrown: unknown): string | null {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return null;
  return typeof thrown.code === 'string' ? thrown.code : null;
}

function statusOf(thrown: unknown): number | null {
  const status = metadataOf(thrown)?.httpStatusCode;
  return typeof status === 'number' ? status : null;
}

function metadataOf(
  thrown: unknown,
): { readonly httpStatusCode?: unknown; readonly clockSkewCorrected?: unknown } | null {
  if (typeof thrown !== 'object' || thrown === null || !('$metadata' in thrown)) return null;
  return typeof thrown.$metadata === 'object' ? thrown.$metadata : null;
}
