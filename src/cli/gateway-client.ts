// Asks a running gateway from the command line: where it is, the caller's key, and how often one question is asked again.
import { setTimeout as wait } from 'node:timers/promises';
import { CrawlgateError } from '../errors.js';
import { type CommandContext, UsageError } from './command.js';

/** One error of a GraphQL answer. */
export interface GraphqlError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string; readonly limit?: number; readonly given?: number };
}

/** A GraphQL answer. */
export interface GraphqlAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly GraphqlError[];
}

/** A running gateway. */
export interface GatewayClient {
  readonly url: string;
  /**
   * Rejects with STORE_UNAVAILABLE where nothing answered after four tries. Where the gateway refuses a request as a
   * whole (no key, too large a body), its own words are the answer's errors.
   */
  ask(query: string, variables: Readonly<Record<string, unknown>>): Promise<GraphqlAnswer>;
  /** Asks about a list in parts of as many entries as the gateway takes, which is learnt from its refusal. */
  askInParts<Entry>(
    entries: readonly Entry[],
    ask: (some: readonly Entry[]) => Promise<GraphqlAnswer>,
  ): AsyncGenerator<{ readonly some: readonly Entry[]; readonly answer: GraphqlAnswer }>;
}

/** At most this many tries of one request, and this long before the last of them: 0.2, 0.4 and 0.8 s at most, at random. */
const tries = 4;
const firstWaitMs = 200;
/** A Retry-After is heeded up to this long. */
const longestPauseMs = 30_000;

/** CRAWLGATE_MAX_URLS where it is not set. */
export const defaultMaxUrls = 1000;

/** Codes of lookups and writes that may succeed when they are asked again. */
export const passingCodes: ReadonlySet<string> = new Set(['STORE_UNAVAILABLE', 'STORE_THROTTLED', 'DEADLINE_EXCEEDED']);

/** The gateway of `--url`, CRAWLGATE_URL, or this machine's at its port, with the key of CRAWLGATE_KEY. */
export function createGatewayClient(context: CommandContext, given: string | undefined): GatewayClient {
  const { env, signal } = context;
  const url = gatewayUrl(
    given ?? (env.CRAWLGATE_URL || `http://127.0.0.1:${env.CRAWLGATE_PORT || env.PORT || '4000'}`),
  );
  const key = env.CRAWLGATE_KEY ?? '';
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
  };

  /** An answer, or why there is none and how long the gateway wants to be left alone. */
  async function askOnce(body: string): Promise<GraphqlAnswer | { readonly reason: string; readonly pauseMs: number }> {
    const noAnswer = (reason: string, pauseMs = 0) => ({ reason, pauseMs });
    try {
      const response = await fetch(url, { method: 'POST', headers, body, signal });
      const text = await response.text();
      if (response.status === 429 || (response.status >= 502 && response.status <= 504)) {
        const seconds = Number(response.headers.get('retry-after') ?? 0);
        return noAnswer(`it answers HTTP ${response.status}`, Math.min(seconds * 1000 || 0, longestPauseMs));
      }
      const answer: unknown = JSON.parse(text);
      return isAnswer(answer) ? answer : noAnswer(`it answers HTTP ${response.status} that is no GraphQL`);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof SyntaxError) return noAnswer('it does not answer in JSON');
      const cause = error instanceof Error ? error.cause : undefined;
      return noAnswer(cause instanceof Error && cause.message !== '' ? cause.message : String(error));
    }
  }

  let partSize = defaultMaxUrls;
  return {
    url,
    async *askInParts(entries, ask) {
      for (let start = 0; start < entries.length; ) {
        const some = entries.slice(start, start + partSize);
        const answer = await ask(some);
        const smaller = partThatFits(answer, some.length);
        if (smaller !== null) {
          partSize = smaller;
          continue;
        }
        yield { some, answer };
        start += some.length;
      }
    },
    async ask(query, variables) {
      const body = JSON.stringify({ query, variables });
      let reason = '';
      let pauseMs = 0;
      for (let attempt = 0; attempt < tries; attempt += 1) {
        if (attempt > 0)
          await wait(Math.max(pauseMs, Math.random() * firstWaitMs * 2 ** attempt), undefined, { signal });
        const answer = await askOnce(body);
        if (!('reason' in answer)) return answer;
        ({ reason, pauseMs } = answer);
      }
      throw new CrawlgateError('STORE_UNAVAILABLE', `No gateway answers at ${url}: ${reason}`, {});
    },
  };
}

/** How many of `asked` entries fit, where all of them were refused as too many, too costly or too long; null where they were not. */
function partThatFits({ errors = [] }: GraphqlAnswer, asked: number): number | null {
  for (const { extensions: { code, limit = 0, given = 0 } = {} } of errors) {
    const fits = howManyFit(code, { asked, limit, given });
    if (fits > 0 && fits < asked) return fits;
  }
  return null;
}

/** NaN and 0: that is not known, or none does. */
function howManyFit(
  code: string | undefined,
  { asked, limit, given }: { readonly asked: number; readonly limit: number; readonly given: number },
): number {
  if (code === 'TOO_MANY_URLS') return limit;
  if (code === 'TOO_COSTLY') return Math.floor((asked * limit) / given);
  return code === 'PAYLOAD_TOO_LARGE' ? Math.floor(asked / 2) : 0;
}

function gatewayUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`The gateway's URL begins with http:// or https://, unlike ${JSON.stringify(text)}`);
  }
  if (url.pathname === '/') url.pathname = '/graphql';
  return url.href;
}

function isAnswer(value: unknown): value is GraphqlAnswer {
  return typeof value === 'object' && value !== null && ('data' in value || 'errors' in value);
}
