// An error as it goes into the log: what it says, its code and facts, its stack, and all of that for its causes.
import { CrawlgateError } from '../errors.js';
import { redactUrls } from './redact-urls.js';

/** Plain data; URLs in it are without query strings. */
export interface ErrorRecord {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Of an answer of AWS: what its support asks for. */
  readonly requestId?: string;
  readonly stack?: string;
  readonly cause?: ErrorRecord;
}

/** Causes are followed this far; an error that is its own cause would go on for ever. */
const maxDepth = 5;

/** Describes whatever was thrown. Never throws, and takes no more of it than the fields of the record. */
export function errorRecord(error: unknown, depth = 0): ErrorRecord {
  if (!(error instanceof Error)) return { type: typeof error, message: redactUrls(String(error)) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const requestId = requestIdOf(error);
  return {
    type: error.name,
    message: redactUrls(error.message),
    ...(code === undefined ? {} : { code }),
    ...(error instanceof CrawlgateError ? { facts: redactFacts(error.facts) } : {}),
    ...(requestId === undefined ? {} : { requestId }),
    ...(error.stack === undefined ? {} : { stack: redactUrls(error.stack) }),
    ...(error.cause === undefined || depth >= maxDepth ? {} : { cause: errorRecord(error.cause, depth + 1) }),
  };
}

function redactFacts(facts: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, typeof value === 'string' ? redactUrls(value) : value]),
  );
}

function requestIdOf(error: Error): string | undefined {
  if (!('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('requestId' in metadata)) return undefined;
  return typeof metadata.requestId === 'string' ? metadata.requestId : undefined;
}
