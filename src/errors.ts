// The closed list of what can go wrong, and the one error class that carries it.

/** Facts that travel with each code, to `extensions` of the GraphQL error. A code without facts has an empty object. */
export interface ErrorFacts {
  /** The caller's input breaks a rule; `argument` names it where one does. HTTP 200 with an error at its path. */
  BAD_USER_INPUT: { readonly argument?: string };
  /** The caller's key or token does not include the scope. HTTP 403. */
  FORBIDDEN: { readonly scope: 'read' | 'write' | 'admin' };
  /** More tokens in a document than `CRAWLGATE_MAX_TOKENS`. */
  TOO_MANY_TOKENS: { readonly limit: number };
  /** A document nests deeper than `CRAWLGATE_MAX_DEPTH`, or a variable deeper than `CRAWLGATE_MAX_JSON_DEPTH`. */
  TOO_DEEP: { readonly limit: number; readonly given?: number };
  /** More fields than `CRAWLGATE_MAX_FIELDS`, each use of a fragment counted. */
  TOO_MANY_FIELDS: { readonly limit: number; readonly given?: number };
  /** More aliases than `CRAWLGATE_MAX_ALIASES`. */
  TOO_MANY_ALIASES: { readonly limit: number; readonly given?: number };
  /** More directives than `CRAWLGATE_MAX_DIRECTIVES`. */
  TOO_MANY_DIRECTIVES: { readonly limit: number; readonly given?: number };
  /** The operation costs more than `CRAWLGATE_MAX_COST`. */
  TOO_COSTLY: { readonly limit: number; readonly given: number };
  /** More URLs, or results to store, in one request than `CRAWLGATE_MAX_URLS`. */
  TOO_MANY_URLS: { readonly limit: number; readonly given: number };
  /** The store did not answer: network, timeout, 5xx, or the circuit is open. */
  STORE_UNAVAILABLE: { readonly url?: string };
  /** The store answered that it is over its capacity, for as long as the deadline allowed asking. */
  STORE_THROTTLED: { readonly url?: string };
  /** The store refused the gateway's credentials or permissions. */
  STORE_FORBIDDEN: { readonly operation?: string };
  /** The store is open for reading only. */
  STORE_READ_ONLY: Record<never, never>;
  /** The store answered that the table or request is wrong: the gateway's configuration does not fit the table. */
  STORE_MISCONFIGURED: { readonly operation?: string };
  /** The request's deadline (`CRAWLGATE_DEADLINE_MS`) passed first. */
  DEADLINE_EXCEEDED: { readonly url?: string };
  /** `onlyIfCached` was asked and memory does not hold an acceptable answer. */
  NOT_IN_MEMORY: { readonly url?: string };
  /** Nothing is stored under this URL. */
  NOT_STORED: { readonly url?: string };
  /** A result at least as new is stored already. */
  SUPERSEDED: { readonly url?: string };
  /** The result's text is over `CRAWLGATE_MAX_RESULT_BYTES`. */
  RESULT_TOO_LARGE: { readonly limit: number; readonly bytes: number };
  /** A stored attribute is not what its name promises; only that field of that result is spoiled. */
  MALFORMED_ITEM: { readonly url: string; readonly attribute: string };
  /** A bug of the gateway. The cause is in its log, never in the answer. */
  INTERNAL_SERVER_ERROR: Record<never, never>;
}

/** One of the codes that `errors[].extensions.code` and `StoreError.code` use. */
export type ErrorCode = keyof ErrorFacts;

/** Codes of requests that the HTTP layer answers by itself, before GraphQL: `errors[].extensions.code` too. */
export const refusalCodes = [
  'BAD_REQUEST',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'HOST_NOT_ALLOWED',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'NOT_ACCEPTABLE',
  'REQUEST_TIMEOUT',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'TOO_MANY_REQUESTS',
  'HEADERS_TOO_LARGE',
  'TOO_BUSY',
  'KEYS_UNAVAILABLE',
] as const;

/** One of them. */
export type RefusalCode = (typeof refusalCodes)[number];

/** An error with a code of the closed list and that code's facts. Clients look at `code`, never at the sentence. */
export class CrawlgateError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'CrawlgateError';
  readonly code: Code;
  readonly facts: ErrorFacts[Code];

  constructor(code: Code, message: string, facts: ErrorFacts[Code], options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.facts = facts;
  }
}
