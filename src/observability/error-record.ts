// An error as it goes into the log: what it says, its code and facts, its stack, and all of that for its causes.
import { CrawlgateError } from '../errors.js';
import { redactUrl, redactUrls } from './redact-urls.js';

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

/** What takes secrets out of a text, and out of a text that is a URL. */
export interface Clean {
  readonly text: (text: string) => string;
  readonly url: (url: string) => string;
}

/** Without query strings and user info. */
export const withoutSecrets: Clean = { text: redactUrls, url: redactUrl };

/** Causes are followed this far; an error that is its own cause would go on for ever. */
const maxDepth = 5;

/** Describes whatever was thrown. Never throws, and takes no more of it than the fields of the record. */
export function errorRecord(error: unknown, clean: Clean, depth = 0): ErrorRecord {
  if (!(error instanceof Error)) return { type: typeof error, message: clean.text(String(error)) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const requestId = requestIdOf(error);
  return {
    type: error.name,
    message: clean.text(error.message),
    ...(code === undefined ? {} : { code }),
    ...(error instanceof CrawlgateError ? { facts: cleanFacts(error.facts, clean) } : {}),
    ...(requestId === undefined ? {} : { requestId }),
    ...(error.stack === undefined ? {} : { stack: clean.text(error.stack) }),
    ...(error.cause === undefined || depth >= maxDepth ? {} : { cause: errorRecord(error.cause, clean, depth + 1) }),
  };
}

function cleanFacts(facts: object, clean: Clean): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => {
      if (typeof value !== 'string') return [name, value];
      return [name, name === 'url' ? clean.url(value) : clean.text(value)];
    }),
  );
}

function requestIdOf(error: Error): string | undefined {
  if (!('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('requestId' in metadata)) return undefined;
  return typeof metadata.requestId === 'string' ? metadata.requestId : undefined;
}
