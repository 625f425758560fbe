// Which errors leave the gateway as they are: our own coded ones and GraphQL's. Anything else becomes one sentence.
import { GraphQLError } from 'graphql';
import type { ProfileConfig } from '../config/doors.js';
import { insufficientScope } from '../domain/caller.js';
import { CrawlgateError, type ErrorCode } from '../errors.js';
import type { Events } from '../observability/events.js';

/** Turns whatever was thrown into what the client may see; the shape is yoga's `maskError`. */
export type MaskError = (error: unknown) => GraphQLError;

/** Makes the policy. What is masked is told to `events` once, however many fields it spoilt. */
export function createErrorPolicy(deps: {
  readonly events: Events;
  /** What errors say beside their code; suggestions and no stack traces if not given. */
  readonly profile?: Pick<ProfileConfig, 'suggestions' | 'stackTraces'>;
}): MaskError {
  const { suggestions, stackTraces } = deps.profile ?? { suggestions: true, stackTraces: false };
  const told = new WeakSet<object>();
  return (error) => {
    const located = error instanceof GraphQLError ? error : null;
    const cause = originOf(error);
    if (cause instanceof CrawlgateError && cause.code !== 'INTERNAL_SERVER_ERROR') {
      return answer(cause.message, located, { code: cause.code, ...cause.facts, ...httpOf(cause) });
    }
    if (cause instanceof GraphQLError) {
      const coded = withCode(located ?? cause);
      return suggestions ? coded : withoutSuggestion(coded);
    }
    const isKnown = typeof cause === 'object' && cause !== null && told.has(cause);
    if (!isKnown) {
      if (typeof cause === 'object' && cause !== null) told.add(cause);
      deps.events.unexpectedError({ where: located?.path?.join('.') ?? 'request', error: cause });
    }
    return answer('Unexpected error.', located, {
      code: 'INTERNAL_SERVER_ERROR',
      // Read by yoga and not sent: without a path there is no data, and the status is 500.
      ...(located?.path === undefined ? { unexpected: true } : {}),
      ...(stackTraces ? { originalError: describe(cause) } : {}),
    });
  };
}

/** The code under which an error leaves the gateway. */
function codeOf(error: unknown): string {
  const cause = originOf(error);
  if (cause instanceof CrawlgateError) return cause.code;
  if (!(cause instanceof GraphQLError)) return 'INTERNAL_SERVER_ERROR';
  return typeof cause.extensions.code === 'string' ? cause.extensions.code : 'BAD_USER_INPUT';
}

const none: readonly string[] = [];

/** The codes of these errors, each once. */
export function codesOf(errors: readonly unknown[] | undefined): readonly string[] {
  return errors === undefined ? none : [...new Set(errors.map(codeOf))];
}

/** The error at the bottom of GraphQL's wrappers. */
function originOf(error: unknown): unknown {
  let origin = error;
  while (origin instanceof GraphQLError && origin.originalError != null) origin = origin.originalError;
  return origin;
}

/** What yoga and the lane answer in HTTP for a request that was refused before any of it ran; it is not sent. */
function httpOf({ code, facts }: CrawlgateError): { readonly http?: object } {
  if (code === 'FORBIDDEN' && 'scope' in facts) {
    return { http: { status: 403, headers: { 'www-authenticate': insufficientScope(facts.scope) } } };
  }
  return refusedBefore.has(code) ? { http: { status: 400 } } : {};
}

const refusedBefore: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'TOO_MANY_TOKENS',
  'TOO_DEEP',
  'TOO_MANY_FIELDS',
  'TOO_MANY_ALIASES',
  'TOO_MANY_DIRECTIVES',
  'TOO_MANY_URLS',
  'TOO_COSTLY',
]);

/** graphql-js helps whoever mistypes a name to the right one, and whoever guesses names to all of them. */
export function withoutSuggestion(error: GraphQLError): GraphQLError {
  const message = error.message.replace(/\s*Did you mean [^?]*\?$/, '');
  return message === error.message ? error : answer(message, error, error.extensions);
}

function describe(cause: unknown): object {
  return cause instanceof Error ? { message: cause.message, stack: cause.stack } : { message: String(cause) };
}

/** GraphQL's own errors bring their code, all but those of coercion. */
function withCode(error: GraphQLError): GraphQLError {
  if (error.extensions.code !== undefined) return error;
  return answer(error.message, error, { code: 'BAD_USER_INPUT', ...error.extensions });
}

// Path and position are copied by hand: an error made anew has lost them.
function answer(
  message: string,
  located: GraphQLError | null,
  extensions: Readonly<Record<string, unknown>>,
): GraphQLError {
  return new GraphQLError(message, {
    nodes: located?.nodes ?? null,
    source: located?.source ?? null,
    positions: located?.positions ?? null,
    path: located?.path ?? null,
    extensions,
  });
}
