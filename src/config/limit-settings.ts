// Settings that bound what one request, one caller and all of them together may take.
import { whole } from './kinds.js';

const KB = 1024;
const MB = 1024 * KB;
const GB = 1024 * MB;

/** The group, a part of `settings`. */
export const limitSettings = {
  maxUrls: whole(['CRAWLGATE_MAX_URLS'], 'URLs (or results to store) of one request, over all its lists.', {
    default: 1000,
    min: 1,
    max: 100_000,
  }),
  deadlineMs: whole(['CRAWLGATE_DEADLINE_MS'], 'Time for one request, retries included.', {
    default: 10_000,
    min: 100,
    max: 600_000,
    unit: 'milliseconds',
  }),
  maxBodyBytes: whole(
    ['CRAWLGATE_MAX_BODY_BYTES'],
    'Largest request body. Callers with write scope, and all on loopback, may send twice CRAWLGATE_MAX_RESULT_BYTES if more.',
    { default: MB, min: KB, max: 500 * MB, unit: 'bytes' },
  ),
  maxResultBytes: whole(['CRAWLGATE_MAX_RESULT_BYTES'], 'Largest text of one result that is stored.', {
    default: 64 * MB,
    min: KB,
    // Twice that is the largest body: what it is read into, a text of JavaScript's, has at most 536,870,888 characters.
    max: 250 * MB,
    unit: 'bytes',
  }),
  maxTokens: whole(['CRAWLGATE_MAX_TOKENS'], 'Tokens (names, texts, numbers, brackets) of one GraphQL document.', {
    default: 4000,
    min: 100,
    max: 100_000,
  }),
  maxDepth: whole(['CRAWLGATE_MAX_DEPTH'], 'Levels of nested fields in an operation.', {
    default: 20,
    min: 4,
    max: 100,
  }),
  maxFields: whole(['CRAWLGATE_MAX_FIELDS'], 'Fields of an operation, each use of a fragment counted.', {
    default: 1000,
    min: 50,
    max: 10_000,
  }),
  maxAliases: whole(['CRAWLGATE_MAX_ALIASES'], 'Aliases in an operation, each use of a fragment counted.', {
    default: 100,
    min: 0,
    max: 10_000,
  }),
  maxDirectives: whole(['CRAWLGATE_MAX_DIRECTIVES'], 'Directives in an operation, each use of a fragment counted.', {
    default: 50,
    min: 0,
    max: 10_000,
  }),
  maxCost: whole(
    ['CRAWLGATE_MAX_COST'],
    'Cost of an operation: 1 a result read, 10 more for each large field of it, at most 50; each written 10.',
    { default: 50_000, min: 100, max: 100_000_000 },
  ),
  maxJsonDepth: whole(['CRAWLGATE_MAX_JSON_DEPTH'], 'Levels of nested lists and objects in variables.', {
    default: 100,
    min: 8,
    max: 1000,
  }),
  maxInFlight: whole(
    ['CRAWLGATE_MAX_IN_FLIGHT'],
    'GraphQL requests being answered at once, divided among workers; one more is answered 503.',
    {
      default: 2000,
      min: 1,
      max: 100_000,
    },
  ),
  maxBodiesBytes: whole(
    ['CRAWLGATE_MAX_BODIES_BYTES'],
    'Bytes of the bodies of all requests that are not answered yet, divided among workers; more is answered 503. One body is always taken.',
    { default: 256 * MB, min: MB, max: 64 * GB, unit: 'bytes' },
  ),
  maxConnections: whole(
    ['CRAWLGATE_MAX_CONNECTIONS'],
    'Connections of callers at once, divided among workers; one more is closed unheard.',
    { default: 10_000, min: 10, max: 1_000_000 },
  ),
  maxRequestsPerMinute: whole(
    ['CRAWLGATE_MAX_REQUESTS_PER_MINUTE'],
    'GraphQL requests a minute of one caller (a key, a subject, else an address), divided among workers; 0 is no limit.',
    { default: 6000, min: 0, max: 100_000_000, defaultText: '0 on loopback without keys; 6000 elsewhere' },
  ),
  headersTimeoutMs: whole(['CRAWLGATE_HEADERS_TIMEOUT_MS'], "Time for a request's headers to arrive.", {
    default: 15_000,
    min: 1000,
    max: 600_000,
    unit: 'milliseconds',
  }),
  bodyTimeoutMs: whole(['CRAWLGATE_BODY_TIMEOUT_MS'], 'Time for all of a request to arrive.', {
    default: 120_000,
    min: 1000,
    max: 3_600_000,
    unit: 'milliseconds',
  }),
  shutdownMs: whole(['CRAWLGATE_SHUTDOWN_MS'], 'Time for queries in flight to end at shutdown.', {
    default: 10_000,
    min: 0,
    max: 600_000,
    unit: 'milliseconds',
  }),
};
