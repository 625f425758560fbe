// An error as it goes into the log: what it says, its code and facts, its stack, and all of that for its causes.
import { CrawlgateError } from '../errors.js';
import { redactUrls } from './redact-urls.js';

/** Plain data; URLs in it are without query strings unless the caller keeps them. */
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
export function errorRecord(error: unknown, clean: (text: string) => string = redactUrls, depth = 0): ErrorRecord {
  if (!(error instanceof Error)) return { type: typeof error, message: clean(String(error)) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const requestId = requestIdOf(error);
  return {
    type: error.name,
    message: clean(error.message),
    ...(code === undefined ? {} : { code }),
    ...(error instanceof CrawlgateError ? { facts: cleanFacts(error.facts, clean) } : {}),
    ...(requestId === undefined ? {} : { requestId }),
    ...(error.stack === undefined ? {} : { stack: clean(error.stack) }),
    ...(error.cause === undefined || depth >= maxDepth ? {} : { cause: errorRecord(error.cause, clean, depth + 1) }),
  };
}

function cleanFacts(facts: object, clean: (text: string) => string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, typeof value === 'string' ? clean(value) : value]),
  );
}

function requestIdOf(error: Error): string | undefined {
  if (!('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('requestId' in metadata)) return undefined;
  return typeof metadata.requestId === 'string' ? metadata.requestId : undefined;
}
